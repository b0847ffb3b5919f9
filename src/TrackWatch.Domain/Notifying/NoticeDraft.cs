using System.Text.Json.Serialization;
using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Notifying;

public enum NoticeKind
{
    /// <summary>A step of the ladder is due.</summary>
    Step,

    /// <summary>A day is near after which something is no longer possible.</summary>
    Deadline,

    /// <summary>News of the parcel without anything to do.</summary>
    News,
}

public enum Channel
{
    Digest,
    Alert,
}

/// <summary>One thing to tell about an order, before it is known to whom.</summary>
/// <param name="Instance">
/// With the case and the person, the notice's identity: never built from text. Telling the same instance again does nothing.
/// </param>
/// <param name="With">A second step that shares the mail.</param>
/// <param name="DoBy">The last safe day for what is asked, in the person's zone; null = no day presses.</param>
/// <param name="TellBy">The last day on which telling it still helps; no setting may hold it beyond.</param>
/// <param name="Shipment">Number of the shipment it is about; null = the order as a whole.</param>
public sealed record NoticeDraft(
    string Instance,
    NoticeKind Kind,
    Channel Channel,
    Reason Reason,
    Step? Step = null,
    Step? With = null,
    DateOnly? DoBy = null,
    bool DoByAssumed = false,
    DateOnly? TellBy = null,
    string? Shipment = null,
    string? Rule = null
)
{
    private const string Again = "/again";

    /// <summary>What a notice has in common with its repeats and, for a last day, with its earlier and later warnings.</summary>
    [JsonIgnore]
    public string Subject =>
        Instance.IndexOf(Again, StringComparison.Ordinal) is >= 0 and var again ? Instance[..again]
        : Kind == NoticeKind.Deadline && Reason.Days is not null ? Instance[..Instance.LastIndexOf('/')]
        : Instance;
}
