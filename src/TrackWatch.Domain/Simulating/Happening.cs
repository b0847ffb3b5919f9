using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Simulating;

/// <summary>Something that TrackWatch decided or mailed.</summary>
/// <param name="At">Virtual time, UTC.</param>
public abstract record Happening(DateTimeOffset At)
{
    /// <summary>An order's verdict is another one: its case, the step that is due, or a level of silence.</summary>
    /// <param name="Before">The verdict until now; null for the first one.</param>
    public sealed record Decided(DateTimeOffset At, OrderSnapshot Order, CaseVerdict Verdict, CaseVerdict? Before)
        : Happening(At);

    /// <param name="Notices">What the mail tells; a digest may have none.</param>
    /// <param name="Orders">What it shows, the most pressing first.</param>
    /// <param name="Silent">Sources that have not answered for long.</param>
    /// <param name="Mine">All orders of the person, closed ones too.</param>
    public sealed record Mailed(
        DateTimeOffset At,
        MailKind Kind,
        Person Person,
        IReadOnlyList<MailedNotice> Notices,
        IReadOnlyList<ShownOrder> Orders,
        IReadOnlyList<KeyValuePair<string, SourceHealth>> Silent,
        IReadOnlyList<OrderSnapshot> Mine
    ) : Happening(At)
    {
        /// <summary>When the person had the last digest before this mail; null = never.</summary>
        public DateTimeOffset? LastDigestAt { get; init; }
    }

    public sealed record OperatorMailed(DateTimeOffset At, IReadOnlyList<SourceNews> News) : Happening(At)
    {
        /// <summary>The day on which mail was held by <see cref="MailRules.TotalCap"/>; null = none was, or it was told before.</summary>
        public DateOnly? MailsHeldOn { get; init; }
    }
}

public sealed record MailedNotice(string Order, NoticeDraft Draft);

public sealed record ShownOrder(OrderSnapshot Snapshot, CaseVerdict Verdict, IReadOnlyList<ShownParcel> Parcels);

/// <param name="Events">In the order in which they were heard of.</param>
public sealed record ShownParcel(
    ShipmentView View,
    string Provider,
    ParcelSummary Summary,
    IReadOnlyList<ReportedEvent> Events
)
{
    /// <summary>Those that were heard of when the person had the last digest.</summary>
    public IReadOnlyList<ReportedEvent> AtLastDigest { get; init; } = [];
}

/// <param name="Since">The first trouble; for <see cref="OutageNews.Back"/> when the operator was told of it.</param>
/// <param name="Shipments">Numbers that are waiting to be asked about.</param>
public sealed record SourceNews(
    string Provider,
    OutageNews Kind,
    DateTimeOffset Since,
    SourceHealth Health,
    int Shipments
);
