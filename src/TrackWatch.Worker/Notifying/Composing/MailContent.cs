using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>What a mail to a buyer is made of: facts only, no words of ours yet.</summary>
/// <param name="Orders">An alert: the orders it has notices for. A digest: all that are not closed, open cases first.</param>
/// <param name="Sources">Sources that are not well; empty when all are.</param>
/// <param name="Rules">What the advice rests on.</param>
/// <param name="Now">The round's instant, UTC.</param>
internal sealed record MailContent(
    MailKind Kind,
    Person Person,
    TimeZoneInfo Zone,
    IReadOnlyList<OrderSection> Orders,
    IReadOnlyList<SourceTrouble> Sources,
    RuleBook Rules,
    DateTimeOffset Now
)
{
    /// <summary>Null = nobody reads replies, and the mail offers commands of the shell alone.</summary>
    public ReplyLink? Reply { get; init; }

    /// <summary>A digest: the person's answers by mail that no digest told of yet, oldest first.</summary>
    public IReadOnlyList<HeardReply> Heard { get; init; } = [];

    /// <summary>The last days that it tells, and what has changed about those told before; null = it brings none.</summary>
    public MailAttachment? Calendar { get; init; }

    /// <summary>When the person had the last digest; null = never: this one is the first and says welcome.</summary>
    public DateTimeOffset? LastDigestAt { get; init; }
}

/// <summary>A <c>mailto:</c> link whose mail, sent as it is, tells TrackWatch something about an order.</summary>
/// <param name="command">What a reply says, in canonical English without the order: <c>done contact-seller</c>, <c>snooze 5d</c>.</param>
internal delegate Uri ReplyLink(string orderId, string command);

/// <param name="Notices">What this mail tells about the order, most urgent first; a digest shows orders without any too.</param>
internal sealed record OrderSection(
    Order Order,
    OrderFacts Facts,
    CaseVerdict Verdict,
    IReadOnlyList<ShipmentSection> Shipments,
    IReadOnlyList<NoticeDraft> Notices
)
{
    /// <summary>Null = this mail brings none.</summary>
    public EvidenceNote? Evidence { get; init; }
}

/// <param name="File">Null = it is left out, and the mail says how to get it.</param>
/// <param name="LargerThan">MiB, where its size is the reason.</param>
internal sealed record EvidenceNote(MailAttachment? File, int? LargerThan = null);

/// <param name="History">Newest first, at most thirty lines.</param>
/// <param name="Provider">Id of the source that was asked.</param>
/// <param name="Page">Where a person can look; null = nowhere.</param>
internal sealed record ShipmentSection(
    ShipmentView View,
    IReadOnlyList<HistoryLine> History,
    string Provider,
    Uri? Page,
    string? LastMileCarrier,
    Uri? LastMileSite
)
{
    /// <summary>Pages of carriers that show the number, or the one of the last mile, to people; the likeliest first.</summary>
    public IReadOnlyList<CarrierPage> CarrierPages { get; init; } = [];

    /// <summary>What was known of the parcel when the person had the last digest; null = nothing was.</summary>
    public ParcelState? AtLastDigest { get; init; }
}

/// <param name="Wall">The wall-clock time as the carrier sent it: shown without a zone.</param>
/// <param name="Text">The carrier's own words: foreign text, shown below ours and never trusted.</param>
internal sealed record HistoryLine(DateTime Wall, ParcelStatus Status, Leg? Leg, string? Place, string Text);

/// <param name="Since">When it last answered; null = never.</param>
internal sealed record SourceTrouble(string Provider, string State, DateTimeOffset? LastSuccess);

/// <summary>A mail in words, not yet in bytes.</summary>
internal sealed record WrittenMail(string Subject, string Html, string Text)
{
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];

    /// <summary>BCP 47; null = unknown.</summary>
    public string? Language { get; init; }
}
