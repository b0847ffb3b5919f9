using System.Globalization;
using Npgsql;
using TrackWatch.Worker.Polling;

namespace TrackWatch.Worker.Commands.Doctoring;

/// <summary>What came of asking for leave to ask a source by hand.</summary>
internal abstract record Leave
{
    private Leave() { }

    internal sealed record Given : Leave
    {
        public static readonly Given Instance = new();
    }

    /// <param name="Why">A sentence.</param>
    internal sealed record Refused(string Why) : Leave;
}

/// <summary>
/// Asks one source once, beside running workers: the request takes its slot as theirs do, and is counted. What the source
/// answers is written nowhere.
/// </summary>
internal sealed class SourceTrial(ProviderGate gate, NpgsqlDataSource source)
{
    /// <summary>A gap of the slowest source, with its jitter.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="force">Ask although the source is being left alone.</param>
    public async Task<Leave> TakeAsync(ITrackingProvider provider, bool force, DateTimeOffset now, CancellationToken ct)
    {
        var waited = TimeSpan.Zero;
        while (true)
        {
            switch (await gate.TakeAsync(provider.Id, provider.Limits, 1, now, ct))
            {
                case Slot.Taken:
                    return Leave.Given.Instance;
                case Slot.TooEarly early when waited + early.Wait <= Patience:
                    waited += early.Wait + TimeSpan.FromMilliseconds(1);
                    await Task.Delay(early.Wait + TimeSpan.FromMilliseconds(1), ct);
                    continue;
                case Slot.TooEarly:
                    return new Leave.Refused(
                        "Workers ask it all the time, and no request of ours got in between; try again."
                    );
            }
            return force ? Leave.Given.Instance : new Leave.Refused(await WhyClosedAsync(provider.Id, now, ct));
        }
    }

    private async Task<string> WhyClosedAsync(string provider, DateTimeOffset now, CancellationToken ct)
    {
        await using var look = source.CreateCommand(
            "select breaker_open_until, detail from provider_health where provider = $1"
        );
        look.Parameters.Add(new() { Value = provider });
        await using var row = await look.ExecuteReaderAsync(ct);
        if (
            await row.ReadAsync(ct)
            && !row.IsDBNull(0)
            && row.GetFieldValue<DateTimeOffset>(0) is var until
            && until > now
        )
            return string.Create(
                CultureInfo.InvariantCulture,
                $"It is left alone until {until:yyyy-MM-dd HH:mm}Z: {(row.IsDBNull(1) ? "it gave no answer." : row.GetString(1))}"
            );
        return "The requests of its settings (per_day, per_month) are spent.";
    }
}
