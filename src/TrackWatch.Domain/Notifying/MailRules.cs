namespace TrackWatch.Domain.Notifying;

/// <summary>When mails go, and how often the same is said. The defaults stand here and nowhere else.</summary>
public sealed record MailRules
{
    public static readonly MailRules Default = new();

    /// <summary>How long an alert waits for company.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(10);

    public AlertGroup Group { get; init; }

    /// <summary>With less than this left to act, nothing holds a warning back, and no digest is waited for.</summary>
    public TimeSpan Urgent { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Alerts per person and day, where the person names no number; deadline warnings are not held by it.</summary>
    public int DailyCap { get; init; } = 5;

    /// <summary>
    /// Mails per day (UTC) to all people together. It is far above what is ever due, and below what mail hosts allow: a fault
    /// that writes without end must not cost the account. Nothing urgent is held by it.
    /// </summary>
    public int TotalCap { get; init; } = 400;

    /// <summary>A person who never had a digest gets one at once.</summary>
    public bool DigestAtStart { get; init; }

    public Reminding Reminding { get; init; } = Reminding.Default;
}

/// <summary>Which alerts of one person share a mail.</summary>
public enum AlertGroup
{
    /// <summary>All of them.</summary>
    Person,

    /// <summary>Those of one order.</summary>
    Order,
}

/// <summary>On which days a step is said again and a last day is warned of.</summary>
public sealed record Reminding
{
    public static readonly Reminding Default = new();

    /// <summary>Days after the first telling of a step that nobody has done; by digest.</summary>
    public IReadOnlyList<int> RepeatAfter { get; init; } = [3, 7, 14];

    /// <summary>Days before a last day on which an alert warns of it; null = those of its rule, up to a week ahead.</summary>
    public IReadOnlyList<int>? AlertBefore { get; init; }

    /// <summary>Days before a last day on which a digest warns of it; null = those of its rule, more than a week ahead.</summary>
    public IReadOnlyList<int>? DigestBefore { get; init; }

    /// <summary>Nobody can wish this one away.</summary>
    private const int Always = 1;

    private const int Week = 7;

    /// <param name="own">The rule's own marks, in days.</param>
    /// <returns>All days before a last day on which it is warned of.</returns>
    internal IEnumerable<int> Marks(IReadOnlyCollection<int> own) =>
        (AlertBefore ?? own.Where(IsNear)).Union(DigestBefore ?? own.Where(days => !IsNear(days))).Append(Always);

    internal bool IsAlert(int mark) => mark == Always || (AlertBefore?.Contains(mark) ?? IsNear(mark));

    private static bool IsNear(int days) => days <= Week;
}
