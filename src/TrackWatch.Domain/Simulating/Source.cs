using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Simulating;

/// <summary>A source with its health and the parcels it is asked about.</summary>
internal sealed class Source(string id, IReadOnlyList<Outage> outages)
{
    private readonly Agenda<Parcel> polls = new(p => p.Provider == id ? p.NextPollAt : null);

    public string Id => id;
    public SourceHealth Health { get; private set; } = new();

    public void Add(Parcel parcel) => polls.Add(parcel, parcel.NextPollAt);

    /// <summary>When it is asked next, or told to the operator, after <paramref name="now"/>; null = never.</summary>
    public DateTimeOffset? NextMoment(TimeSpan outageAfter, DateTimeOffset now)
    {
        var poll = polls.Next;
        if (poll < Health.OpenUntil)
            poll = Health.OpenUntil;
        var told = Health is { SilentSince: { } since, ToldAt: null } ? since + outageAfter : (DateTimeOffset?)null;
        return told is { } at && at > now && !(poll < at) ? at : poll;
    }

    /// <summary>Asks, if it may be asked.</summary>
    /// <returns>The parcels that it has answered about.</returns>
    public IReadOnlyList<Parcel> TakeDue(DateTimeOffset now)
    {
        if (Health.OpenUntil > now || !(polls.Next <= now))
            return [];
        if (outages.FirstOrDefault(o => o.From <= now && now < o.Until) is { } outage)
        {
            Health = Health.Refused(outage.Outcome, now);
            foreach (var parcel in polls.Take(now))
            {
                // It stays due.
                parcel.WasAsked = true;
                polls.Add(parcel, parcel.NextPollAt);
            }
            return [];
        }
        Health = Health.Answered(now);
        return polls.Take(now);
    }

    /// <returns>What the operator is to be told now; null = nothing.</returns>
    public SourceNews? Tell(TimeSpan outageAfter, DateTimeOffset now)
    {
        switch (Health.NewsAt(now, outageAfter))
        {
            case OutageNews.Silent:
                Health = Health with { ToldAt = now };
                return new SourceNews(id, OutageNews.Silent, Health.SilentSince!.Value, Health, polls.Count);
            case OutageNews.Back:
                var since = Health.ToldAt!.Value;
                Health = Health with { ToldAt = null };
                return new SourceNews(id, OutageNews.Back, since, Health, polls.Count);
            default:
                return null;
        }
    }
}
