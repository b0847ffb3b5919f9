using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Running;

/// <summary>Walks the whole way once at the start, so that the first mail need not wait for one bell after the other.</summary>
internal sealed partial class OpeningRound(Round round, ILogger<OpeningRound> logger) : BackgroundService
{
    /// <summary>What is not polled by then, the bells see to.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await round.RunRoundAsync(AtMost, stoppingToken);
        }
        catch (Exception e) when (DatabaseTrouble.InWords(e) is { } why)
        {
            Cut(logger, why);
        }
        catch (Exception surprise) when (!stoppingToken.IsCancellationRequested)
        {
            // The bells walk the same way; a host that stops because of this one would help nobody.
            Failed(logger, surprise);
        }
    }

    [LoggerMessage(11, LogLevel.Warning, "The first round was cut short ({Why}); the bells go on")]
    private static partial void Cut(ILogger logger, string why);

    [LoggerMessage(12, LogLevel.Error, "The first round failed in an unexpected way; the bells go on")]
    private static partial void Failed(ILogger logger, Exception surprise);
}
