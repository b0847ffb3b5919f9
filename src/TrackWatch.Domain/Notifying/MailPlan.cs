using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Notifying;

/// <summary>A notice that waits to be told to one person.</summary>
/// <param name="TellBy">The last day on which telling it still helps; null = any day does.</param>
/// <param name="Rides">Goes along with a digest, but is no reason for one.</param>
public sealed record WaitingNotice(
    long Id,
    NoticeKind Kind,
    Channel Channel,
    DateTimeOffset WrittenAt,
    DateOnly? DoBy = null,
    DateOnly? TellBy = null,
    bool Rides = false
);

/// <summary>One person's mail as the plan sees it.</summary>
/// <param name="NextDigestAt">When the next digest may go; null = never planned yet.</param>
/// <param name="HasParcels">Parcels are under way: a digest that was asked for has something to show.</param>
public sealed record Mailbox(
    Person Person,
    TimeZoneInfo Zone,
    IReadOnlyList<WaitingNotice> Waiting,
    DateTimeOffset? NextDigestAt,
    bool HasOpenCase,
    bool HasParcels,
    int AlertsToday
)
{
    /// <summary>The person answered by mail, and no digest has confirmed it yet.</summary>
    public bool HasAnswered { get; init; }
}

/// <param name="Settle">How long an alert waits for company.</param>
/// <param name="DailyCap">Alerts per person and day; deadline warnings are not held by it.</param>
/// <param name="DigestAtStart">A person who never had a digest gets one at once.</param>
public sealed record MailRules(TimeSpan Settle, int DailyCap, bool DigestAtStart);

/// <summary>What goes out now, and when to look again.</summary>
/// <param name="Alert">Ids of the notices that travel in one alert; empty = no alert.</param>
/// <param name="Digest">Ids of the notices that travel in the digest; null = no digest now.</param>
/// <param name="NextDigestAt">When the next digest may go; null = this person gets none.</param>
public sealed record PlannedMail(IReadOnlyList<long> Alert, IReadOnlyList<long>? Digest, DateTimeOffset? NextDigestAt);

/// <summary>
/// Sorts a person's waiting notices into mails: alerts together after a settle time, everything else in the digest at the
/// person's time; quiet hours and the daily cap hold what can wait, never a warning whose day would pass.
/// </summary>
public static class MailPlan
{
    /// <summary>With less than this left to act, nothing holds a warning back.</summary>
    private static readonly TimeSpan Urgent = TimeSpan.FromHours(24);

    /// <summary>Stands for the next digest of someone who wants none: never due, so that the question is not asked again.</summary>
    public static readonly DateTimeOffset NoDigest = DateTimeOffset.MaxValue.AddDays(-2).ToUniversalTime();

    /// <summary>A start digest does not wait longer than this for sources that do not answer.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// True for an order that a start digest waits for: its parcels were not asked about yet, or what was answered was not
    /// looked at.
    /// </summary>
    /// <param name="isDue">The order is to be assessed now.</param>
    /// <param name="isUnasked">One of its parcels is to be asked about and never was.</param>
    public static bool IsAwaited(DateTimeOffset registeredAt, bool isDue, bool isUnasked, DateTimeOffset now) =>
        now - registeredAt < StartPatience && (isDue || isUnasked);

    public static PlannedMail Decide(Mailbox box, MailRules rules, DateTimeOffset now)
    {
        var quiet = QuietEnd(box, now);
        var wanted = box.Person.Digest.Rhythm != DigestRhythm.Never;
        var reached = wanted && (box.NextDigestAt is { } at ? now >= at : rules.DigestAtStart);
        // The first digest answers whoever has just started the program, at whatever hour.
        var due = reached && (quiet is null || box.NextDigestAt is null);
        var next =
            !wanted ? null
            : reached && !due ? quiet
            : box.NextDigestAt is { } planned && now < planned ? Earlier(planned, NextDigest(box, now))
            : NextDigest(box, now);
        var digests = box
            .Waiting.Where(n => n.Channel == Channel.Digest && (due || !ComesTooLate(n, next, box)))
            .ToList();
        var alerts = box.Waiting.Except(digests).ToList();

        var urgent = alerts.Where(n => IsUrgent(n, box, now)).ToList();
        var capped = box.AlertsToday >= rules.DailyCap;
        List<WaitingNotice> sendable =
            quiet is not null ? []
            : capped ? [.. alerts.Where(n => n.Kind == NoticeKind.Deadline)]
            : alerts;
        // The oldest decides: what happens while it settles goes along with it.
        var settled = sendable.Any(n => now >= n.WrittenAt + rules.Settle);
        List<WaitingNotice> alert = settled ? [.. sendable.Union(urgent)] : urgent;

        var inDigest = digests.Concat(capped ? alerts.Except(alert) : []).ToList();
        var asked = box.Person.Digest.Rhythm != DigestRhythm.Auto || box.NextDigestAt is null;
        var digest =
            due && (box.HasAnswered || inDigest.Any(n => CallsForDigest(n, box, now)) || (asked && box.HasParcels));
        return new PlannedMail([.. alert.Select(n => n.Id)], digest ? [.. inDigest.Select(n => n.Id)] : null, next);
    }

    /// <summary>The first digest moment after <paramref name="now"/> in the person's zone; null = this person wants none.</summary>
    public static DateTimeOffset? NextDigest(Mailbox box, DateTimeOffset now)
    {
        var schedule = box.Person.Digest;
        if (schedule.Rhythm == DigestRhythm.Never)
            return null;
        var today = Days.In(box.Zone, now);
        return Enumerable
            .Range(0, 9)
            .Select(ahead => today.AddDays(ahead))
            .Where(day => IsDigestDay(day.DayOfWeek))
            .Select(day => (DateTimeOffset?)Days.At(day, schedule.At, box.Zone))
            .FirstOrDefault(at => at > now);

        bool IsDigestDay(DayOfWeek day) =>
            schedule.Rhythm switch
            {
                DigestRhythm.Auto => box.HasOpenCase || box.HasAnswered || day == DayOfWeek.Monday,
                DigestRhythm.Daily => true,
                DigestRhythm.Weekdays => day is not (DayOfWeek.Saturday or DayOfWeek.Sunday),
                DigestRhythm.Weekly => day == DayOfWeek.Monday,
                _ => schedule.Days.Contains(day),
            };
    }

    /// <summary>The first moment at which what still waits could go, if nothing else happens; null = never.</summary>
    /// <param name="box">As it stands once the plan of <paramref name="now"/> is carried out.</param>
    public static DateTimeOffset? NextLook(Mailbox box, MailRules rules, DateTimeOffset now)
    {
        var moments = new List<DateTimeOffset?> { box.NextDigestAt };
        if (box.Waiting.Count > 0)
        {
            moments.Add(QuietEnd(box, now));
            // The cap counts days.
            moments.Add(Days.StartOf(Days.In(box.Zone, now).AddDays(1), box.Zone));
            foreach (var notice in box.Waiting)
            {
                moments.Add(notice.WrittenAt + rules.Settle);
                if (LastDay(notice) is { } last)
                    moments.Add(EndOf(last, box) - Urgent + TimeSpan.FromSeconds(1));
            }
        }
        return moments.Where(at => at > now).Min();
    }

    /// <summary>A daily digest is for what is to be done; news that ask for nothing wait for the weekly one, or go along.</summary>
    private static bool CallsForDigest(WaitingNotice notice, Mailbox box, DateTimeOffset now) =>
        !notice.Rides
        && (
            notice.Kind != NoticeKind.News
            || box.Person.Digest.Rhythm != DigestRhythm.Auto
            || box.NextDigestAt is null
            || Days.In(box.Zone, now).DayOfWeek == DayOfWeek.Monday
        );

    /// <summary>A case that opens turns a weekly digest into a daily one at once.</summary>
    private static DateTimeOffset? Earlier(DateTimeOffset planned, DateTimeOffset? rhythm) =>
        rhythm is { } r && r < planned ? r : planned;

    /// <summary>The next digest would leave less than a day to act, or none is wanted: the notice goes as an alert instead.</summary>
    private static bool ComesTooLate(WaitingNotice notice, DateTimeOffset? digestAt, Mailbox box) =>
        notice.TellBy is { } day && (digestAt is not { } at || EndOf(day, box) - at < Urgent);

    private static bool IsUrgent(WaitingNotice notice, Mailbox box, DateTimeOffset now) =>
        LastDay(notice) is { } last && EndOf(last, box) - now < Urgent;

    private static DateOnly? LastDay(WaitingNotice notice) =>
        notice.TellBy < notice.DoBy ? notice.TellBy : notice.DoBy ?? notice.TellBy;

    private static DateTimeOffset EndOf(DateOnly day, Mailbox box) => Days.StartOf(day.AddDays(1), box.Zone);

    /// <summary>When the quiet hours end that it is now, or the absence; null = it is neither.</summary>
    private static DateTimeOffset? QuietEnd(Mailbox box, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, box.Zone).DateTime;
        if (box.Person.AwayOn(DateOnly.FromDateTime(local)) is { } away)
            return Days.StartOf(away.To.AddDays(1), box.Zone);
        if (box.Person.QuietHours is not { } quiet || !quiet.Contains(TimeOnly.FromDateTime(local)))
            return null;
        var today = DateOnly.FromDateTime(local);
        return Days.At(TimeOnly.FromDateTime(local) < quiet.To ? today : today.AddDays(1), quiet.To, box.Zone);
    }
}
