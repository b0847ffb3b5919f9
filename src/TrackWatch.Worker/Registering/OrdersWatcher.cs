using TrackWatch.Worker.Storage;

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
            catch (Exception e) when (DatabaseTrouble.InWords(e) is { } why)
            {
                LookFailed(logger, why);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LookFailed(logger, e.Message);
            }
            catch (Exception surprise) when (!stoppingToken.IsCancellationRequested)
            {
                LookSurprised(logger, surprise);
            }
        }
    }

    [LoggerMessage(121, LogLevel.Warning, "Looking at the orders files failed and is tried again: {Why}")]
    private static partial void LookFailed(ILogger logger, string why);

    [LoggerMessage(122, LogLevel.Error, "Looking at the orders files failed in an unexpected way and is tried again")]
    private static partial void LookSurprised(ILogger logger, Exception surprise);
}
