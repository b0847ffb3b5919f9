using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Notifying;

/// <summary>A notice that waits to be told to one person.</summary>
/// <param name="TellBy">The last day on which telling it still helps; null = any day does.</param>
/// <param name="Rides">Goes along with a digest, but is no reason for one.</param>
/// <param name="Order">Id of the order it tells of.</param>
public sealed record WaitingNotice(
    long Id,
    NoticeKind Kind,
    Channel Channel,
    DateTimeOffset WrittenAt,
    DateOnly? DoBy = null,
    DateOnly? TellBy = null,
    bool Rides = false,
    string Order = ""
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

    /// <summary>When this person's last digest went; null = there was none.</summary>
    public DateTimeOffset? LastDigestAt { get; init; }

    /// <summary>Mails to all people since the day began in UTC.</summary>
    public int MailsToday { get; init; }
}

/// <summary>What goes out now, and when to look again.</summary>
/// <param name="Alerts">Ids of the notices that travel in each alert; empty = no alert.</param>
/// <param name="Digest">Ids of the notices that travel in the digest; null = no digest now.</param>
/// <param name="NextDigestAt">When the next digest may go; null = this person gets none.</param>
/// <param name="IsHeld">Something would go but for <see cref="MailRules.TotalCap"/>.</param>
public sealed record PlannedMail(
    IReadOnlyList<IReadOnlyList<long>> Alerts,
    IReadOnlyList<long>? Digest,
    DateTimeOffset? NextDigestAt,
    bool IsHeld = false
)
{
    /// <summary>Ids of the alerts that the daily cap makes a matter of the next digest; they stay that.</summary>
    public IReadOnlyList<long> Folded { get; init; } = [];

    public IEnumerable<long> Told => Alerts.SelectMany(a => a).Concat(Digest ?? []);
}

/// <summary>
/// Sorts a person's waiting notices into mails: alerts together after a settle time, everything else in the digest at the
/// person's time; quiet hours and the daily cap hold what can wait, never a warning whose day would pass.
/// </summary>
public static class MailPlan
{
    /// <summary>Stands for the next digest of someone who wants none: never due, so that the question is not asked again.</summary>
    public static readonly DateTimeOffset NoDigest = DateTimeOffset.MaxValue.AddDays(-2).ToUniversalTime();

    /// <summary>A start digest does not wait longer than this for sources that do not answer.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// News that ask for nothing bring a digest of their own no sooner than this after the last one: on every second Monday,
    /// so that none waits for more than two weeks.
    /// </summary>
    private const int NewsApartDays = 8;

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
        var full = FullEnd(box, rules, now);
        var held = quiet > full || full is null ? quiet : full;
        var wanted = box.Person.Digest.Rhythm != DigestRhythm.Never;
        var reached = wanted && (box.NextDigestAt is { } at ? now >= at : rules.DigestAtStart);
        // The first digest answers whoever has just started the program, at whatever hour.
        var due = reached && full is null && (quiet is null || box.NextDigestAt is null);
        var next =
            !wanted ? null
            : reached && !due ? held
            : box.NextDigestAt is { } planned && now < planned ? Earlier(planned, NextDigest(box, now))
            : NextDigest(box, now);
        var digests = box
            .Waiting.Where(n => n.Channel == Channel.Digest && (due || !ComesTooLate(n, next, box, rules)))
            .ToList();

        var cap = box.Person.DailyCap ?? rules.DailyCap;
        var alerts = new List<IReadOnlyList<long>>();
        var overflow = new List<WaitingNotice>();
        var isHeld = full is not null && reached && digests.Any(n => CallsForDigest(n, box, now));
        foreach (var together in Companies(box.Waiting.Except(digests), rules))
        {
            var capped = box.AlertsToday + alerts.Count >= cap;
            var urgent = together.Where(n => IsUrgent(n, box, rules, now)).ToList();
            List<WaitingNotice> sendable = capped
                ? [.. together.Where(n => n.Kind == NoticeKind.Deadline)]
                : [.. together];
            // The oldest decides: what happens while it settles goes along with it.
            var settled = sendable.Any(n => now >= n.WrittenAt + rules.Settle);
            List<WaitingNotice> alert = settled && held is null ? [.. sendable.Union(urgent)] : urgent;
            if (alert.Count > 0)
                alerts.Add([.. alert.Select(n => n.Id)]);
            if (capped && held is null && wanted)
                overflow.AddRange(together.Except(alert).Where(n => now >= n.WrittenAt + rules.Settle));
            isHeld |= full is not null && settled && sendable.Except(urgent).Any();
        }

        var inDigest = digests.Concat(overflow).ToList();
        var asked = box.Person.Digest.Rhythm != DigestRhythm.Auto || box.NextDigestAt is null;
        var digest =
            due && (box.HasAnswered || inDigest.Any(n => CallsForDigest(n, box, now)) || (asked && box.HasParcels));
        return new PlannedMail(alerts, digest ? [.. inDigest.Select(n => n.Id)] : null, next, isHeld)
        {
            Folded = [.. overflow.Select(n => n.Id)],
        };
    }

    /// <summary>What may share an alert; of several alerts the most pressing goes first.</summary>
    private static IEnumerable<IReadOnlyList<WaitingNotice>> Companies(
        IEnumerable<WaitingNotice> alerts,
        MailRules rules
    ) =>
        alerts
            .GroupBy(n => rules.Group == AlertGroup.Order ? n.Order : "")
            .Select(together => together.ToList())
            .OrderBy(together => together.Min(n => LastDay(n)) ?? DateOnly.MaxValue)
            .ThenBy(together => together[0].Id);

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
            moments.Add(FullEnd(box, rules, now));
            // The cap counts days.
            moments.Add(Days.StartOf(Days.In(box.Zone, now).AddDays(1), box.Zone));
            foreach (var notice in box.Waiting)
            {
                moments.Add(notice.WrittenAt + rules.Settle);
                if (LastDay(notice) is { } last)
                    moments.Add(EndOf(last, box) - rules.Urgent + TimeSpan.FromSeconds(1));
            }
        }
        return moments.Where(at => at > now).Min();
    }

    /// <summary>
    /// A daily digest is for what is to be done, or told by a day. News that ask for nothing go along with another one, or
    /// wait for a Monday on which the last digest is long ago.
    /// </summary>
    private static bool CallsForDigest(WaitingNotice notice, Mailbox box, DateTimeOffset now) =>
        !notice.Rides
        && (
            notice.Kind != NoticeKind.News
            || notice.TellBy is not null
            || box.Person.Digest.Rhythm != DigestRhythm.Auto
            || box.NextDigestAt is null
            || IsNewsDay(box, now)
        );

    private static bool IsNewsDay(Mailbox box, DateTimeOffset now)
    {
        var today = Days.In(box.Zone, now);
        return today.DayOfWeek == DayOfWeek.Monday
            && !(box.LastDigestAt is { } last && Days.In(box.Zone, last).AddDays(NewsApartDays) > today);
    }

    /// <summary>A case that opens turns a weekly digest into a daily one at once.</summary>
    private static DateTimeOffset? Earlier(DateTimeOffset planned, DateTimeOffset? rhythm) =>
        rhythm is { } r && r < planned ? r : planned;

    /// <summary>The next digest would leave too little time to act, or none is wanted: the notice goes as an alert instead.</summary>
    private static bool ComesTooLate(WaitingNotice notice, DateTimeOffset? digestAt, Mailbox box, MailRules rules) =>
        notice.TellBy is { } day && (digestAt is not { } at || EndOf(day, box) - at < rules.Urgent);

    private static bool IsUrgent(WaitingNotice notice, Mailbox box, MailRules rules, DateTimeOffset now) =>
        LastDay(notice) is { } last && EndOf(last, box) - now < rules.Urgent;

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

    /// <summary>When mail to all people may go on that has reached its number for the day; null = it has not.</summary>
    private static DateTimeOffset? FullEnd(Mailbox box, MailRules rules, DateTimeOffset now) =>
        box.MailsToday >= rules.TotalCap
            ? Days.StartOf(Days.In(TimeZoneInfo.Utc, now).AddDays(1), TimeZoneInfo.Utc)
            : null;
}
