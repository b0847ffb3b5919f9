using Npgsql;

namespace TrackWatch.Worker.Registering;

/// <summary>
/// Looks at this worker's own files every few seconds. A look costs a few stat calls and works where change notifications do
/// not: bind mounts, network folders, saves by rename.
/// </summary>
internal sealed partial class OrdersWatcher(OrdersDesk desk, ILogger<OrdersWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await desk.RefreshAsync(stoppingToken);
            }
            catch (Exception e)
                when (e is NpgsqlException or IOException or UnauthorizedAccessException or TimeoutException)
            {
                LookFailed(logger, e.Message);
            }
        }
    }

    [LoggerMessage(121, LogLevel.Warning, "Looking at the orders files failed and is tried again: {Why}")]
    private static partial void LookFailed(ILogger logger, string why);
}
