using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TrackWatch.Worker.Telemetry;

/// <summary>TrackWatch's own spans and measurements. No tag ever holds an address, a tracking number or a secret.</summary>
internal static class Instruments
{
    public const string Name = "TrackWatch";

    public static readonly ActivitySource Spans = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>Tags: provider, outcome.</summary>
    public static readonly Counter<long> Polls = Meter.CreateCounter<long>(
        "trackwatch.polls",
        "{poll}",
        "Questions answered or refused, by provider and outcome"
    );

    /// <summary>Tags: provider.</summary>
    public static readonly Counter<long> Unchanged = Meter.CreateCounter<long>(
        "trackwatch.polls.unchanged",
        "{poll}",
        "Polls whose answer equalled the last one"
    );

    /// <summary>Tags: provider.</summary>
    public static readonly Counter<long> Events = Meter.CreateCounter<long>(
        "trackwatch.events.recorded",
        "{event}",
        "Tracking events appended"
    );

    /// <summary>Tags: kind, channel.</summary>
    public static readonly Counter<long> Notices = Meter.CreateCounter<long>(
        "trackwatch.notices.written",
        "{notice}",
        "Notices written to the outbox"
    );

    /// <summary>Tags: kind, result.</summary>
    public static readonly Counter<long> Mails = Meter.CreateCounter<long>(
        "trackwatch.mails.attempts",
        "{mail}",
        "Attempts to hand a mail over, by result"
    );

    public const string ClockAheadName = "trackwatch.clock.ahead";

    /// <summary>Tags: host.</summary>
    public static readonly Histogram<double> ClockAhead = Meter.CreateHistogram<double>(
        ClockAheadName,
        "s",
        "How far this machine's clock is ahead of a source's, by the date of its answer"
    );

    /// <summary>Tags: room.</summary>
    public static readonly Histogram<double> RoundDuration = Meter.CreateHistogram<double>(
        "trackwatch.round.duration",
        "s",
        "How long a room took for one ring"
    );

    private static Levels levels = new(0, 0, 0, 0, new Dictionary<string, bool>());

    static Instruments()
    {
        Meter.CreateObservableGauge(
            "trackwatch.stalls.open",
            () => levels.StallsOpen,
            "{stall}",
            "Stalls that are open"
        );
        Meter.CreateObservableGauge(
            "trackwatch.polls.due",
            () => levels.DueBacklog,
            "{shipment}",
            "Shipments whose poll is overdue"
        );
        Meter.CreateObservableGauge(
            "trackwatch.outbox.waiting",
            () => levels.OutboxWaiting,
            "{mail}",
            "Mails not yet accepted"
        );
        Meter.CreateObservableGauge(
            "trackwatch.outbox.age",
            () => levels.OutboxAgeSeconds,
            "s",
            "Age of the oldest mail not yet accepted"
        );
        Meter.CreateObservableGauge(
            "trackwatch.breaker.open",
            () =>
                levels.BreakerOpen.Select(b => new Measurement<int>(
                    b.Value ? 1 : 0,
                    new KeyValuePair<string, object?>("provider", b.Key)
                )),
            "1",
            "1 while a provider is left alone"
        );
    }

    /// <summary>What the gauges show until housekeeping looks again.</summary>
    public static void Show(Levels now) => levels = now;

    internal sealed record Levels(
        long StallsOpen,
        long DueBacklog,
        long OutboxWaiting,
        double OutboxAgeSeconds,
        IReadOnlyDictionary<string, bool> BreakerOpen
    );
}
