using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Simulating;

/// <summary>
/// TrackWatch on virtual time, over lists instead of tables: the rooms' own decisions, in the rooms' order. Time jumps from
/// one due moment to the next. A simulation runs once.
/// </summary>
public sealed class Simulation
{
    private readonly Journey journey;
    private readonly SimulationRules rules;
    private readonly Agenda<Action> acts = new();
    private readonly Agenda<Watched> assessments;
    private readonly Agenda<Mailbag> looks;
    private readonly Dictionary<string, Source> sources = [];
    private readonly Dictionary<string, Parcel> parcels = [];
    private readonly Dictionary<string, Watched> orders = [];
    private readonly Dictionary<string, Mailbag> people;
    private readonly SortedSet<string> toPlan = new(StringComparer.Ordinal);
    private long lastShipment;
    private long lastNotice;
    private (DateOnly On, int Mails) mailDay;
    private DateOnly? heldOn;
    private DateOnly? toldHeldOn;

    public Simulation(Journey journey, SimulationRules rules)
    {
        this.journey = journey;
        this.rules = rules;
        assessments = new Agenda<Watched>(o => o.NextAssessmentAt);
        looks = new Agenda<Mailbag>(p => p.NextLookAt);
        people = journey.People.ToDictionary(p => p.Id, p => new Mailbag(p));
        lastShipment = journey.ShipmentIds.Values.DefaultIfEmpty(0).Max();
        foreach (var said in journey.Orders)
            acts.Add(() => Register(said), said.At);
        foreach (var fact in journey.Facts)
        {
            acts.Add(() => Tell(fact, w => w.Tell(fact)), fact.Told.ToldAt);
            if (fact.UndoneAt is { } undone)
                acts.Add(() => Tell(fact, w => w.Undo(fact)), undone);
        }
    }

    /// <summary>Virtual time, UTC.</summary>
    public DateTimeOffset Now { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>
    /// Nothing waits, and nothing will change by itself: what is left is asking again and digests that say the same.
    /// </summary>
    public bool IsQuiet =>
        acts.Next is null
        && assessments.Next is null
        && people.Values.All(p => p.Waiting.Count == 0)
        && sources.Values.All(s => s.Health is { SilentSince: null, ToldAt: null })
        && !parcels.Values.Any(p => p.HasMoreToHear);

    /// <summary>An order as it stands now; null = it is not registered.</summary>
    public OrderSnapshot? Find(string order) => orders.TryGetValue(order, out var found) ? found.Snapshot(rules) : null;

    /// <summary>When the parcels of an order are asked about again.</summary>
    public IEnumerable<(DateTimeOffset At, string Provider, string Number)> NextPolls(string order) =>
        orders.TryGetValue(order, out var found)
            ? found
                .Parcels.SelectMany(p => p.Feeds)
                .Where(f => f.NextPollAt is not null)
                .Select(f => (f.NextPollAt!.Value, f.Source.Provider, f.Source.Number))
            : [];

    /// <summary>Everything that is decided and mailed, in the order of time.</summary>
    /// <param name="until">The last moment; null = until it is quiet.</param>
    /// <param name="atMost">The last moment where <paramref name="until"/> is not given.</param>
    public IEnumerable<Happening> Run(DateTimeOffset? until, DateTimeOffset atMost)
    {
        while (NextMoment() is { } now && now <= (until ?? atMost) && (until is not null || !IsQuiet))
        {
            Now = now;
            foreach (var happening in Round(now))
                yield return happening;
        }
    }

    private DateTimeOffset? NextMoment() =>
        new[]
        {
            acts.Next,
            assessments.Next,
            looks.Next,
            sources.Values.Min(s => s.NextMoment(rules.OutageAfter, Now)),
        }.Min();

    private IEnumerable<Happening> Round(DateTimeOffset now)
    {
        foreach (var act in acts.Take(now))
            act();
        foreach (var source in InTurn())
            Poll(source, now);
        foreach (var order in assessments.Take(now))
        {
            var decided = order.Assess(rules, () => ++lastNotice, now);
            assessments.Add(order, order.NextAssessmentAt);
            toPlan.UnionWith(order.People.Select(p => p.Person.Id));
            if (decided is not null)
                yield return decided;
        }
        var news = Outages(now);
        toPlan.UnionWith(looks.Take(now).Select(p => p.Person.Id));
        foreach (var person in toPlan)
        foreach (var mail in Plan(people[person], now))
            yield return mail;
        toPlan.Clear();
        // Once a day, however often something is held.
        var held = heldOn == toldHeldOn ? null : toldHeldOn = heldOn;
        if (news.Count > 0 || held is not null)
            yield return new Happening.OperatorMailed(now, news) { MailsHeldOn = held };
    }

    private void Register(OrderSaid said)
    {
        if (!orders.TryGetValue(said.Order.Id, out var order))
            orders[said.Order.Id] = order = new Watched(said.At) { Order = said.Order };
        order.Order = said.Order;
        foreach (var person in order.People)
            person.Orders.Remove(order);
        order.People = [.. said.Order.People.Select(p => people[p])];
        foreach (var person in order.People)
        {
            person.Orders.Add(order);
            toPlan.Add(person.Person.Id);
        }
        foreach (var parcel in order.Parcels)
            parcel.Orders.Remove(order);
        var before = order.Parcels;
        order.Parcels = [.. said.Order.Tracking.Select(t => Track(t, said.At))];
        foreach (var parcel in order.Parcels)
            parcel.Orders.Add(order);
        // Numbers that no order names any more are not asked about any more.
        foreach (var feed in before.Where(p => p.Orders.Count == 0).SelectMany(p => p.Feeds))
            feed.NextPollAt = null;
        foreach (var parcel in order.Parcels)
            parcel.NotBefore = OrderDate.NotBefore(parcel.Orders.Select(o => o.Order));
        Wake(order, said.At);
    }

    /// <summary>Those who stand by come after those they stand by for.</summary>
    private IEnumerable<Source> InTurn() =>
        sources
            .Values.OrderByDescending(s => ProviderIds.KindOf(s.Id) > SourceKind.Aggregator)
            .ThenBy(s => s.Id, StringComparer.Ordinal);

    private List<SourceNews> Outages(DateTimeOffset now)
    {
        var after = SourceHealth.ToldAfter(sources.Values.Select(s => s.Health), rules.OutageAfter, now);
        return
        [
            .. sources
                .Values.OrderBy(s => s.Id, StringComparer.Ordinal)
                .Select(s => s.Tell(after, now))
                .OfType<SourceNews>(),
        ];
    }

    private Parcel Track(TrackedParcel tracked, DateTimeOffset now)
    {
        if (!parcels.TryGetValue(tracked.Number, out var parcel))
        {
            var id = journey.ShipmentIds.TryGetValue(tracked.Number, out var known) ? known : ++lastShipment;
            parcels[tracked.Number] = parcel = new Parcel(id, tracked.Number, now);
        }
        var isBack = parcel.Orders.Count == 0;
        (parcel.Wanted, parcel.Carrier) = (tracked.Provider ?? parcel.Wanted, tracked.Carrier ?? parcel.Carrier);
        PlanSources(parcel, now);
        if (isBack && !parcel.IsOver)
            foreach (var feed in parcel.Feeds.Where(f => f.NextPollAt is null))
            {
                feed.NextPollAt = now;
                SourceOf(feed.Source.Provider).Add(feed);
            }
        return parcel;
    }

    private void PlanSources(Parcel parcel, DateTimeOffset now)
    {
        var own = rules.Offer.For(parcel.Number, parcel.Wanted, parcel.Carrier);
        Plan(parcel, parcel.Number, own, now);
        if (parcel.Summary.LastMileNumber is { } handover && handover != parcel.Number)
            Plan(
                parcel,
                handover,
                rules.Offer.ForHandover(handover, parcel.Summary.LastMileCarrier, parcel.TellersOf(handover)),
                now
            );
    }

    private void Plan(Parcel parcel, string number, IReadOnlyList<string> providers, DateTimeOffset now)
    {
        foreach (var (rank, provider) in providers.Index())
        {
            var key = new SourceKey(provider, number);
            if (parcel.Feeds.Exists(f => f.Source == key))
                continue;
            var feed = new Feed(parcel, key, rank, now, journey.Sayings.GetValueOrDefault(key, []));
            parcel.Feeds.Add(feed);
            SourceOf(provider).Add(feed);
        }
    }

    private Source SourceOf(string provider)
    {
        if (!sources.TryGetValue(provider, out var source))
            sources[provider] = source = new Source(
                provider,
                [.. journey.Outages.Where(o => o.Provider == provider).OrderBy(o => o.From)]
            );
        return source;
    }

    private void Tell(FactSaid fact, Action<Watched> tell)
    {
        if (!orders.TryGetValue(fact.Order, out var order))
            return;
        tell(order);
        Wake(order, Now);
    }

    private void Poll(Source source, DateTimeOffset now)
    {
        foreach (var feed in source.TakeDue(rules.Moving, now))
        {
            var handover = feed.Parcel.Summary.LastMileNumber;
            if (feed.Answer(rules.PaceOf(source.Id), now))
                foreach (var order in feed.Parcel.Orders)
                    Wake(order, now);
            source.Add(feed);
            if (feed.Parcel.Summary.LastMileNumber != handover)
                PlanSources(feed.Parcel, now);
        }
    }

    private void Wake(Watched order, DateTimeOffset now)
    {
        if (order.NextAssessmentAt <= now)
            return;
        order.NextAssessmentAt = now;
        assessments.Add(order, now);
    }

    private IEnumerable<Happening> Plan(Mailbag person, DateTimeOffset now)
    {
        if (rules.Mail.DigestAtStart && person.NextDigestAt is null && person.Orders.Any(o => IsAwaited(o, now)))
        {
            person.NextLookAt = now.AddMinutes(1);
            looks.Add(person, person.NextLookAt);
            yield break;
        }
        var plan = MailPlan.Decide(person.Box(MailsOn(now), now), rules.Mail, now);
        foreach (var alert in plan.Alerts)
        {
            person.CountAlert(now);
            yield return Mail(MailKind.Alert, person, alert, now);
        }
        if (plan.Digest is { } digest)
            yield return Mail(MailKind.Digest, person, digest, now);
        foreach (var notice in person.Waiting.Where(n => plan.Folded.Contains(n.Id)))
            notice.Draft = notice.Draft with { Channel = Channel.Digest };
        if (plan.IsHeld)
            heldOn = mailDay.On;
        person.NextDigestAt = plan.NextDigestAt ?? MailPlan.NoDigest;
        person.NextLookAt = MailPlan.NextLook(person.Box(MailsOn(now), now), rules.Mail, now);
        looks.Add(person, person.NextLookAt);
    }

    private int MailsOn(DateTimeOffset now)
    {
        var today = Days.In(TimeZoneInfo.Utc, now);
        if (mailDay.On != today)
            mailDay = (today, 0);
        return mailDay.Mails;
    }

    private static bool IsAwaited(Watched order, DateTimeOffset now) =>
        MailPlan.IsAwaited(
            order.RegisteredAt,
            order.NextAssessmentAt <= now,
            order.Parcels.Any(p => p.AwaitsFirstPoll),
            now
        );

    private Happening.Mailed Mail(MailKind kind, Mailbag person, IReadOnlyList<long> ids, DateTimeOffset now)
    {
        var told = ids.ToHashSet();
        var notices = person.Waiting.Where(n => told.Contains(n.Id)).OrderBy(n => n.Id).ToList();
        foreach (var notice in notices)
            notice.IsMailed = true;
        person.Waiting.RemoveAll(n => n.IsMailed);
        mailDay.Mails++;
        var shown = MailOrders.Choose(
            kind,
            person.HeardOf,
            o => o.Snapshot(rules),
            notices.Select(n => n.Order.Order.Id).ToHashSet(),
            now
        );
        var mail = new Happening.Mailed(
            now,
            kind,
            person.Person,
            [.. notices.Select(n => new MailedNotice(n.Order.Order.Id, n.Draft))],
            [
                .. shown.Select(o => new ShownOrder(
                    o.Order.Snapshot(rules),
                    o.Verdict,
                    [
                        .. o.Order.Parcels.Select(p => new ShownParcel(p.View(), p.Provider, p.Summary, p.Events)
                        {
                            AtLastDigest = person.AtLastDigest.GetValueOrDefault(p.Number, []),
                        }),
                    ]
                )),
            ],
            [
                .. sources
                    .Values.Where(s => s.Health.SilentSince < SourceHealth.NoticeableSince(now))
                    .Select(s => KeyValuePair.Create(s.Id, s.Health)),
            ],
            [.. person.Orders.Select(o => o.Snapshot(rules))]
        )
        {
            LastDigestAt = person.LastDigestAt,
        };
        if (kind == MailKind.Digest)
        {
            person.LastDigestAt = now;
            foreach (var parcel in person.Orders.SelectMany(o => o.Parcels))
                person.AtLastDigest[parcel.Number] = parcel.Events;
        }
        return mail;
    }
}
