using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Simulating;

/// <summary>A provider with its health and the parcels it is asked about.</summary>
internal sealed class Source(string id, IReadOnlyList<Outage> outages)
{
    private readonly Agenda<Feed> polls = new(f => f.NextPollAt);

    public string Id => id;
    public SourceHealth Health { get; private set; } = new();

    public void Add(Feed feed) => polls.Add(feed, feed.NextPollAt);

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
    /// <returns>What it has answered about.</returns>
    public IReadOnlyList<Feed> TakeDue(TimeSpan moving, DateTimeOffset now)
    {
        var due = polls.Take(now);
        var wanted = due.Where(f => !f.StandsBy(moving, now)).ToList();
        foreach (var putOff in due.Except(wanted))
            Add(putOff);
        if (wanted.Count == 0)
            return [];
        if (Health.OpenUntil > now)
            return Leave();
        if (outages.FirstOrDefault(o => o.From <= now && now < o.Until) is not { } outage)
        {
            Health = Health.Answered(now);
            return wanted;
        }
        Health = Health.Refused(outage.Outcome, now);
        foreach (var feed in wanted)
            feed.WasAsked = true;
        return Leave();

        // They stay due.
        IReadOnlyList<Feed> Leave()
        {
            foreach (var feed in wanted)
                Add(feed);
            return [];
        }
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
