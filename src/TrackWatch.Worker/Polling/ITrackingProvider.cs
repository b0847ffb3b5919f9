using System.Text;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling;

/// <summary>
/// A source that answers "where is this number". Asking and reading are apart so that an answer equal to the last one is
/// neither parsed nor recorded: <see cref="AskAsync"/> only cuts the body into one entry per number.
/// </summary>
internal interface ITrackingProvider
{
    /// <summary>The id that files, tables and metrics use, lower case (<c>cainiao</c>).</summary>
    string Id { get; }

    /// <summary>The limits in force, settings included.</summary>
    ProviderLimits Limits { get; }

    /// <summary>True where it may know a number at all; one that is not covered is never asked about here.</summary>
    /// <param name="carrier">As the order names it; null = it does not.</param>
    bool Covers(string number, NumberVerdict verdict, string? carrier) => true;

    /// <summary>Changes where <see cref="Covers"/> would answer otherwise than before, for reasons that stand in the settings.</summary>
    string CoverKey => "";

    /// <summary>The page a person opens to see the number at the source; null where there is none.</summary>
    Uri? PageOf(string number);

    /// <summary>
    /// One request for at most <see cref="ProviderLimits.BatchSize"/> numbers. Trouble comes back as a reply; exceptions are
    /// for surprises and for the caller's own cancellation.
    /// </summary>
    Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct);

    /// <summary>Reads one entry of a reply. Pure: the same entry gives the same outcome.</summary>
    /// <param name="askedAt">When it was fetched: the guard against times in the future.</param>
    PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt);

    /// <summary>
    /// One cheap question that shows whether the source can be reached and takes the key; it spends no paid quota. Null where
    /// it answers as it should, else what is wrong and what to do about it.
    /// </summary>
    async Task<PollOutcome?> TryAsync(CancellationToken ct) =>
        await AskAsync([new PollQuestion("RR473124829GB", DateTimeOffset.UnixEpoch)], ct)
            is ProviderReply.Trouble trouble
            ? trouble.Outcome
            : null;

    /// <summary>What of an entry may be kept as evidence: the source's words without what it says about the person.</summary>
    string Keep(ReadOnlyMemory<byte> entry) => Encoding.UTF8.GetString(entry.Span);
}

/// <summary>One number to ask about, with what some providers want to know beside it.</summary>
/// <param name="Number">In normal form.</param>
/// <param name="RegisteredAt">When the shipment was first registered.</param>
/// <param name="Country">Where the parcel goes, ISO 3166 alpha-2.</param>
internal sealed record PollQuestion(
    string Number,
    DateTimeOffset RegisteredAt,
    string? Carrier = null,
    string? Country = null,
    string? Postcode = null
)
{
    /// <summary>What the provider wanted remembered of this number when it was last asked; null = it was not, or nothing.</summary>
    public string? Memo { get; init; }

    /// <summary>Help is near or needed: quota that does not last for all is for these.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>No other source is asked before this one: the order names it, or nobody else can know the number.</summary>
    public bool IsFirstChoice { get; init; }
}

/// <summary>What came back for one question.</summary>
internal abstract record ProviderReply
{
    private ProviderReply() { }

    /// <summary>HTTP requests that were made for it.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>What the source says is left of the account's quota; null = it did not say.</summary>
    public SourceQuota? Quota { get; init; }

    /// <summary>The whole call came to nothing; the same for every number asked.</summary>
    internal sealed record Trouble(PollOutcome Outcome, int? HttpStatus = null) : ProviderReply;

    /// <summary>
    /// One entry per number (normal form), as bytes. A number that was asked and is in none of the three failed; a number
    /// here that was not asked is left alone.
    /// </summary>
    internal sealed record Entries(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ByNumber) : ProviderReply
    {
        /// <summary>What is to be remembered of a number until it is asked about again: at most 1000 characters.</summary>
        public IReadOnlyDictionary<string, string> Memos { get; init; } = new Dictionary<string, string>();

        /// <summary>Numbers that are not to be asked about for now, and why: quota is kept for others, or an answer is being fetched.</summary>
        public IReadOnlyDictionary<string, Deferral> Deferred { get; init; } = new Dictionary<string, Deferral>();
    }
}

/// <param name="Wait">How long at least; the shipment's becoming urgent ends it.</param>
internal sealed record Deferral(string Why, TimeSpan Wait);

/// <summary>What an account may still use. The unit is the source's own: numbers registered, or calls.</summary>
/// <param name="Unit">In English, plural: <c>numbers</c>, <c>calls</c>.</param>
internal sealed record SourceQuota(int Left, int Total, string Unit);

/// <summary>How a provider wants to be asked.</summary>
internal sealed record ProviderLimits
{
    /// <summary>Numbers per request.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The least time between the starts of two requests, over all workers.</summary>
    public required TimeSpan MinGap { get; init; }

    /// <summary>Up to this much is added to each gap by chance.</summary>
    public TimeSpan GapJitter { get; init; }

    /// <summary>No shipment is asked about more often than this.</summary>
    public required TimeSpan Floor { get; init; }

    /// <summary>Jobs that may ask at once; they share all limits.</summary>
    public int Lanes { get; init; } = 1;

    /// <summary>Requests that one job may have in flight at once.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Requests per UTC day and month; null = unlimited.</summary>
    public int? PerDay { get; init; }
    public int? PerMonth { get; init; }

    /// <summary>As the settings have them.</summary>
    public static ProviderLimits Of(PacedSettings settings, int batchSize) =>
        new()
        {
            BatchSize = batchSize,
            MinGap = settings.MinGap,
            GapJitter = settings.GapJitter ?? settings.MinGap,
            Floor = settings.Floor,
            Lanes = settings.Lanes,
            Concurrency = settings.Concurrency,
            PerDay = settings.PerDay,
            PerMonth = settings.PerMonth,
        };
}
