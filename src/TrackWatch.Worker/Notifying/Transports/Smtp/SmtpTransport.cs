namespace TrackWatch.Worker.Notifying.Transports.Smtp;

/// <summary>
/// Carries mails to the server of the settings, one at a time. A conversation stays open a short while, so that a handful of
/// mails costs one log-in.
/// </summary>
internal sealed class SmtpTransport : IMailTransport, IAsyncDisposable
{
    private static readonly TimeSpan KeepOpen = TimeSpan.FromSeconds(10);

    private readonly MailServer _server;
    private readonly ILogger<SmtpTransport> _logger;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly ITimer _idle;
    private readonly OpenMailSession _connect;
    private IMailSession? _open;

    public SmtpTransport(MailServer server, OpenMailSession connect, TimeProvider clock, ILogger<SmtpTransport> logger)
    {
        _connect = connect;
        _server = server;
        _logger = logger;
        _idle = clock.CreateTimer(_ => _ = HangUpAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Name => $"{_server}";

    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_open is null || !await _open.AnswersAsync(ct))
            {
                await CloseAsync();
                _open = await _connect(_server, _logger, ct);
            }
            return await _open.SendAsync(mail, ct);
        }
        catch (SubmissionException trouble)
        {
            return new Delivery.RefusedForNow(trouble.Message);
        }
        finally
        {
            if (_open is { IsUsable: false })
                await CloseAsync();
            _idle.Change(KeepOpen, Timeout.InfiniteTimeSpan);
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _idle.DisposeAsync();
        await HangUpAsync();
    }

    private async Task HangUpAsync()
    {
        await _one.WaitAsync();
        await CloseAsync();
        _one.Release();
    }

    private async Task CloseAsync()
    {
        var session = _open;
        _open = null;
        if (session is not null)
            await session.DisposeAsync();
    }
}
