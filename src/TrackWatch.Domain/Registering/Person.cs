using System.Text.Json.Serialization;

namespace TrackWatch.Domain.Registering;

/// <summary>Who gets mail.</summary>
public sealed record Person
{
    /// <summary>The key in the orders file; the mail address where the file names no person.</summary>
    public required string Id { get; init; }

    public required string Email { get; init; }

    /// <summary>Further addresses that get each mail as well.</summary>
    public IReadOnlyList<string> MoreEmails { get; init; } = [];

    /// <summary>All addresses, the first one first.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Emails => [Email, .. MoreEmails];

    public bool Reads(string address) => Emails.Contains(address, StringComparer.OrdinalIgnoreCase);

    /// <summary>For letters; a blank to fill by pen where it is missing.</summary>
    public string? Name { get; init; }

    /// <summary>For letters.</summary>
    public string? Address { get; init; }

    /// <summary>BCP 47 language of the mails.</summary>
    public string Language { get; init; } = "en";

    /// <summary>IANA id of the zone in which this person's days begin and end.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>ISO 3166 country whose consumer law applies; customs follow the order's destination, the bank follows the card.</summary>
    public string? Country { get; init; }

    public DigestSchedule Digest { get; init; } = DigestSchedule.Default;

    /// <summary>Local hours in which only deadlines under 24 h are mailed; null = none.</summary>
    public QuietHours? QuietHours { get; init; }

    public IReadOnlyList<Absence> Away { get; init; } = [];

    /// <summary>Whether an order's evidence comes with the mails that ask for a dispute or a chargeback; null = as the settings say.</summary>
    public bool? AttachEvidence { get; init; }

    /// <summary>Alerts per day; null = as the settings say.</summary>
    public int? DailyCap { get; init; }

    /// <summary>Whether mails that tell a last day bring it as a calendar file; null = as the settings say.</summary>
    public bool? Calendar { get; init; }

    /// <summary>The absence that a day falls into; null = none.</summary>
    public Absence? AwayOn(DateOnly day) => Away.FirstOrDefault(a => day >= a.From && day <= a.To);

    public IReadOnlyDictionary<string, PaymentCard> Cards { get; init; } = new Dictionary<string, PaymentCard>();
}

/// <summary>When a person reads the digest, in their own zone.</summary>
/// <param name="At">Local time of day.</param>
/// <param name="Rhythm">Which days.</param>
/// <param name="Days">The days of <see cref="DigestRhythm.Days"/>; empty for the others.</param>
public sealed record DigestSchedule(TimeOnly At, DigestRhythm Rhythm, IReadOnlyList<DayOfWeek> Days)
{
    public static readonly DigestSchedule Default = new(new TimeOnly(8, 30), DigestRhythm.Auto, []);
}

public enum DigestRhythm
{
    /// <summary>Daily while a case is open, else weekly.</summary>
    Auto,
    Daily,

    /// <summary>Monday to Friday.</summary>
    Weekdays,

    /// <summary>Mondays.</summary>
    Weekly,

    /// <summary>The days that the schedule lists.</summary>
    Days,
    Never,
}

/// <summary>A daily span of local time; it may cross midnight (22:00-07:30).</summary>
public sealed record QuietHours(TimeOnly From, TimeOnly To)
{
    public bool Contains(TimeOnly time) => time.IsBetween(From, To);
}

/// <summary>Days on which a person is away, both inclusive, in their own zone.</summary>
public sealed record Absence(DateOnly From, DateOnly To);

/// <summary>A card of a person. Only its last four digits are ever known.</summary>
public sealed record PaymentCard(string Scheme, string? Bank, string? Last4, string? Country);
