using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Simulating;

/// <summary>A notice as the outbox would hold it: to one person, waiting until it is mailed or withdrawn.</summary>
internal sealed class Notice(long id, Watched order, Mailbag to, NoticeDraft draft, DateTimeOffset writtenAt)
{
    public long Id => id;
    public Watched Order => order;
    public Mailbag To => to;
    public NoticeDraft Draft { get; set; } = draft;
    public DateTimeOffset WrittenAt { get; set; } = writtenAt;
    public bool IsMailed { get; set; }
    public bool IsWithdrawn { get; set; }
    public bool Waits => !IsMailed && !IsWithdrawn;
}

/// <summary>An order with its case, as the tables would hold them.</summary>
internal sealed class Watched(DateTimeOffset registeredAt)
{
    private static readonly Person Nobody = new() { Id = "", Email = "" };

    private readonly Dictionary<(string Person, string Instance), Notice> notices = [];
    private readonly List<ClosedStall> closed = [];
    private readonly List<FactSaid> told = [];
    private IReadOnlyList<OpenStall> openStalls = [];
    private Dictionary<string, DateTimeOffset> advised = [];

    public required Order Order { get; set; }
    public DateTimeOffset RegisteredAt => registeredAt;
    public IReadOnlyList<Mailbag> People { get; set; } = [];
    public IReadOnlyList<Parcel> Parcels { get; set; } = [];
    public OrderFacts Facts { get; private set; } = OrderFacts.None;
    public DateTimeOffset? NextAssessmentAt { get; set; }
    public CaseVerdict? Verdict { get; private set; }

    public TimeZoneInfo Zone => People is [var first, ..] ? first.Zone : TimeZoneInfo.Utc;
    public bool HasOpenCase => Verdict?.Case is { State: CaseState.Open };

    public void Tell(FactSaid fact)
    {
        told.Add(fact);
        Weigh();
    }

    public void Undo(FactSaid fact)
    {
        told.Remove(fact);
        Weigh();
    }

    private void Weigh() => Facts = OrderFacts.Unite(told.Select(f => f.Told));

    public OrderSnapshot Snapshot(SimulationRules rules) =>
        new(
            Order,
            Facts,
            [
                .. Parcels
                    .Select(p => p.View())
                    .Select(s => s with { Learned = rules.Learned.GetValueOrDefault(Lane.Of(Order, s)) }),
            ],
            openStalls,
            advised,
            rules.DefaultLimits,
            Zone,
            rules.Rules,
            People is [var buyer, ..] ? buyer.Person : Nobody
        )
        {
            Case = Verdict?.Case,
            Reminding = rules.Mail.Reminding,
        };

    /// <summary>Assesses and writes down what comes of it.</summary>
    /// <returns>What is worth telling, if the verdict is another one.</returns>
    public Happening.Decided? Assess(SimulationRules rules, Func<long> nextId, DateTimeOffset now)
    {
        var snapshot = Snapshot(rules);
        closed.RemoveAll(s => s.At <= OrderRound.NewsSince(now));
        var round = OrderRound.Of(snapshot, closed, now);
        closed.AddRange(round.Stalls.Closed);
        openStalls = round.Stalls.StillOpen;
        NextAssessmentAt = round.Next;
        foreach (var blind in round.Verdict.Assessments.Where(a => a.Blind))
            Parcels.First(p => p.Number == blind.Shipment.Number).WakesOnAnswer = true;
        foreach (var attention in Attention.Of(snapshot, round.Verdict, now))
            Parcels.First(p => p.Id == attention.Shipment).AskUntil = attention.AskUntil;
        Write(round.Verdict.Notices, nextId, now);
        var before = Verdict;
        Verdict = round.Verdict;
        return IsNews(before, Verdict) ? new Happening.Decided(now, snapshot, Verdict, before) : null;
    }

    private static bool IsNews(CaseVerdict? before, CaseVerdict verdict) =>
        verdict.Open != (before?.Open ?? false)
        || verdict.Due?.Step != before?.Due?.Step
        || !Levels(verdict).SequenceEqual(Levels(before));

    private static IEnumerable<(long, StallLevel)> Levels(CaseVerdict? verdict) =>
        (verdict?.Assessments ?? [])
            .Where(a => a.Level > StallLevel.Moving)
            .Select(a => (a.Shipment.Id, a.Level))
            .Order();

    /// <summary>As the outbox does: what is there already is left as it is, what waits but is no longer so is withdrawn.</summary>
    private void Write(IReadOnlyList<NoticeDraft> drafts, Func<long> nextId, DateTimeOffset now)
    {
        var changed = false;
        var wanted = (
            from person in People
            where Facts.AreMailedTo(person.Person.Id)
            from draft in drafts
            select (Key: (person.Person.Id, draft.Instance), person, draft)
        ).ToList();
        var keys = wanted.Select(w => w.Key).ToHashSet();
        foreach (var notice in notices.Where(n => n.Value.Waits && !keys.Contains(n.Key)).Select(n => n.Value))
        {
            notice.IsWithdrawn = changed = true;
            notice.To.Waiting.Remove(notice);
        }
        foreach (var (key, person, draft) in wanted)
        {
            if (!notices.TryGetValue(key, out var notice))
                notices[key] = notice = new Notice(nextId(), this, person, draft, now);
            else if (notice is { IsWithdrawn: true, IsMailed: false })
                (notice.Draft, notice.WrittenAt, notice.IsWithdrawn) = (draft, now, false);
            else
                continue;
            person.Waiting.Add(notice);
            changed = true;
        }
        if (changed)
            advised = notices
                .Values.Where(n => !n.IsWithdrawn)
                .GroupBy(n => n.Draft.Instance)
                .ToDictionary(g => g.Key, g => g.Min(n => n.WrittenAt));
    }
}

/// <summary>One person's mail.</summary>
internal sealed class Mailbag(Person person)
{
    private DateOnly alertsOn;
    private int alerts;

    public Person Person => person;

    /// <summary>UTC where the machine does not know the person's zone.</summary>
    public TimeZoneInfo Zone { get; } =
        TimeZoneInfo.TryFindSystemTimeZoneById(person.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    public List<Notice> Waiting { get; } = [];
    public List<Watched> Orders { get; } = [];

    /// <summary>Those that the person wants to hear of.</summary>
    public IEnumerable<Watched> HeardOf => Orders.Where(o => o.Facts.AreMailedTo(person.Id));

    /// <summary>null = never planned.</summary>
    public DateTimeOffset? NextDigestAt { get; set; }
    public DateTimeOffset? NextLookAt { get; set; }
    public DateTimeOffset? LastDigestAt { get; set; }

    /// <summary>What was known of each parcel then, by its number.</summary>
    public Dictionary<string, IReadOnlyList<ReportedEvent>> AtLastDigest { get; } = [];

    /// <param name="mailsToday">To all people.</param>
    public Mailbox Box(int mailsToday, DateTimeOffset now) =>
        new(
            person,
            Zone,
            [
                .. Waiting
                    .OrderBy(n => n.Id)
                    .Select(n => new WaitingNotice(
                        n.Id,
                        n.Draft.Kind,
                        n.Draft.Channel,
                        n.WrittenAt,
                        n.Draft.DoBy,
                        n.Draft.TellBy,
                        n.Draft.Rides,
                        n.Order.Order.Id
                    )),
            ],
            NextDigestAt,
            HasOpenCase: HeardOf.Any(o => o.HasOpenCase),
            HasParcels: HeardOf.Any(o => o.Facts.Closed is null),
            alertsOn == Days.In(Zone, now) ? alerts : 0
        )
        {
            LastDigestAt = LastDigestAt,
            MailsToday = mailsToday,
        };

    public void CountAlert(DateTimeOffset now)
    {
        var today = Days.In(Zone, now);
        (alertsOn, alerts) = (today, alertsOn == today ? alerts + 1 : 1);
    }
}
