using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying;

/// <summary>Finds the page at which a person can look a number up: the providers' own knowledge, handed to the mails.</summary>
internal delegate Uri? TrackingPage(string provider, string number);

/// <summary>Gathers the facts that a mail is made of.</summary>
internal sealed class MailSections(TrackWatchSettings settings, RuleBook rules, TrackingPage page)
{
    private const int HistoryLines = 30;

    /// <summary>What comes beyond waits for the next digest.</summary>
    private const int AnswersAtMost = 30;

    /// <summary>A person's orders that are not archived and that they want to hear of.</summary>
    public async Task<IReadOnlyList<StoredOrder>> OrdersOfAsync(TrackWatchDb db, string personId, CancellationToken ct)
    {
        var ids = await (
            from link in db.OrderPeople
            join order in db.Orders on link.OrderId equals order.Id
            where link.PersonId == personId && order.ArchivedAt == null
            select order.Id
        ).ToListAsync(ct);
        var orders = await OrderSnapshots.LoadAsync(
            db,
            ids,
            settings.Assessing,
            settings.Mail.Rules.Reminding,
            rules,
            ct
        );
        return [.. orders.Where(o => o.Snapshot.Facts.AreMailedTo(personId))];
    }

    /// <summary>The person's answers by mail that no digest told of yet, oldest first; tracked.</summary>
    public static Task<List<ReplyRow>> UntoldAsync(TrackWatchDb db, string personId, CancellationToken ct) =>
        db
            .Replies.AsTracking()
            .Where(r => r.PersonId == personId && r.ToldIn == null)
            .OrderBy(r => r.Id)
            .Take(AnswersAtMost)
            .ToListAsync(ct);

    public static async Task<IReadOnlyList<HeardReply>> HeardAsync(
        TrackWatchDb db,
        IReadOnlyList<ReplyRow> replies,
        DateOnly today,
        CancellationToken ct
    )
    {
        var told = replies.Select(r => r.FactId).ToList();
        var facts = await db.Facts.Where(f => told.Contains(f.Id)).ToDictionaryAsync(f => f.Id, f => f.Value, ct);
        var ids = replies.Select(r => r.OrderId).ToList();
        var items = await db
            .Orders.Where(o => ids.Contains(o.Id))
            .ToDictionaryAsync(o => o.Id, o => o.Definition.Item, ct);
        var days = (
            await db
                .Deadlines.Where(d => ids.Contains(d.OrderId) && d.LastDay >= today)
                .Where(d => Deadline.ForAction.Contains(d.Role))
                .OrderBy(d => d.LastSafeDay)
                .Select(d => new { d.OrderId, d.LastSafeDay })
                .ToListAsync(ct)
        ).ToLookup(d => d.OrderId, d => d.LastSafeDay);
        return
        [
            .. replies.Select(r =>
            {
                var fact = r.FactId is { } id ? facts.GetValueOrDefault(id) : null;
                var runsOn = r is { TakenBack: false, OrderId: not null } && fact is Fact.Mails { Wanted: false };
                return new HeardReply(
                    r.ReceivedAt,
                    r.OrderId,
                    r.OrderId is { } order ? items.GetValueOrDefault(order) : null,
                    r.Words,
                    r.Trouble,
                    fact,
                    r.TakenBack,
                    runsOn ? [.. days[r.OrderId!].Distinct()] : []
                );
            }),
        ];
    }

    public async Task<MailContent> ContentAsync(
        TrackWatchDb db,
        MailKind kind,
        Person person,
        IReadOnlyList<StoredOrder> orders,
        IReadOnlyList<NoticeRow> notices,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var told = notices.Select(n => new MailedNotice(n.OrderId!, DomainJson.Read<NoticeDraft>(n.Content))).ToList();
        var shown = MailOrders.Choose(kind, orders, o => o.Snapshot, told.Select(n => n.Order).ToHashSet(), now);
        var lastDigestAt = await db
            .People.Where(p => p.Id == person.Id)
            .Select(p => p.LastDigestAt)
            .SingleOrDefaultAsync(ct);
        var events = await EventsAsync(
            db,
            [.. shown.SelectMany(o => o.Order.Shipments).Select(s => s.Id).Distinct()],
            ct
        );
        return ContentOf(
            kind,
            person,
            [
                .. shown.Select(o => new ShownOrder(
                    o.Order.Snapshot,
                    o.Verdict,
                    [
                        .. o.Order.Shipments.Select(s => new ShownParcel(
                            OrderSnapshots.View(s),
                            s.Provider,
                            s.Summary,
                            [.. events[s.Id].Select(e => e.Event)]
                        )
                        {
                            AtLastDigest =
                            [
                                .. events[s.Id].Where(e => e.RecordedAt <= lastDigestAt).Select(e => e.Event),
                            ],
                        }),
                    ]
                )),
            ],
            told,
            await SourceTroubleAsync(db, now, ct),
            now,
            lastDigestAt
        );
    }

    /// <summary>The content of a mail that is sent or simulated.</summary>
    /// <param name="told">As they were written, oldest first.</param>
    public MailContent ContentOf(
        MailKind kind,
        Person person,
        IReadOnlyList<ShownOrder> shown,
        IReadOnlyList<MailedNotice> told,
        IReadOnlyList<SourceTrouble> silent,
        DateTimeOffset now,
        DateTimeOffset? lastDigestAt
    )
    {
        var notices = told.ToLookup(n => n.Order, n => n.Draft);
        return new MailContent(
            kind,
            person,
            Zones.Of(person),
            [
                .. shown.Select(o => new OrderSection(
                    o.Snapshot.Order,
                    o.Snapshot.Facts,
                    o.Verdict,
                    [.. o.Parcels.Select(p => Section(p, o.Snapshot.Order))],
                    MailOrders.InOrder(notices[o.Snapshot.Order.Id])
                )),
            ],
            silent,
            rules,
            now
        )
        {
            LastDigestAt = lastDigestAt,
        };
    }

    /// <summary>Who is told about TrackWatch itself: the settings' operator, else the first person there is.</summary>
    public async Task<Person?> OperatorAsync(TrackWatchDb db, CancellationToken ct)
    {
        var people = await db
            .People.Where(p => p.ArchivedAt == null)
            .OrderBy(p => p.Id)
            .Select(p => p.Profile)
            .ToListAsync(ct);
        return OperatorAmong(people, settings);
    }

    /// <param name="people">By their ids.</param>
    public static Person? OperatorAmong(IReadOnlyList<Person> people, TrackWatchSettings settings)
    {
        if (settings.Operator is not { } named)
            return people is [var first, ..] ? first : null;
        return people.FirstOrDefault(p => p.Id == named || p.Reads(named))
            ?? new Person { Id = Outbox.Operator, Email = named };
    }

    public ShipmentSection Section(ShownParcel parcel, Order order) =>
        new(
            parcel.View,
            [
                .. History
                    .United(parcel.Events)
                    .Take(HistoryLines)
                    .Select(e => new HistoryLine(e.Wall, e.Status, e.Leg, e.Place, e.Text)),
            ],
            parcel.Provider,
            page(parcel.Provider, parcel.View.Number),
            parcel.Summary.LastMileCarrier,
            Uri.TryCreate(parcel.Summary.LastMileSite, UriKind.Absolute, out var site)
            && site.Scheme == Uri.UriSchemeHttps
                ? site
                : null
        )
        {
            AtLastDigest = AtLastDigest(parcel.AtLastDigest, parcel.Events, parcel.View),
            CarrierPages = Pages(parcel.View, parcel.Provider, order.ShipTo?.Country, settings.Links),
        };

    /// <summary>The last mile's page first: it is where the parcel will be seen next.</summary>
    private static IReadOnlyList<CarrierPage> Pages(
        ShipmentView view,
        string provider,
        string? destination,
        IReadOnlyDictionary<string, string> links
    ) =>
        [
            .. new[] { (Number: view.LastMileNumber, Carrier: null), (view.Number, view.Carrier) }
                .Where(n => n.Number is not null)
                .SelectMany(n =>
                    CarrierPages.Of(n.Number!, NumberCheck.Look(n.Number), n.Carrier, destination, links).Take(2)
                )
                .Where(p => p.Carrier != provider)
                .DistinctBy(p => p.Address),
        ];

    /// <summary>
    /// The parcel as the lines known at the last digest show it; null = there were none. Where the lines since say nothing
    /// else, it is as it is now: what a source says beside its lines has no history.
    /// </summary>
    public static ParcelState? AtLastDigest(
        IReadOnlyCollection<ReportedEvent> then,
        IReadOnlyCollection<ReportedEvent> now,
        ShipmentView view
    )
    {
        if (then.Count == 0)
            return null;
        var before = History.StatusOf(then, ParcelSummary.Empty);
        return before == History.StatusOf(now, ParcelSummary.Empty) ? new(view.Status, view.Leg) : before;
    }

    private sealed record KnownEvent(DateTimeOffset RecordedAt, ReportedEvent Event);

    private static async Task<ILookup<long, KnownEvent>> EventsAsync(
        TrackWatchDb db,
        List<long> shipments,
        CancellationToken ct
    )
    {
        var events = await db
            .TrackingEvents.Where(e => shipments.Contains(e.ShipmentId))
            .OrderByDescending(e => e.Id)
            .Select(e => new
            {
                e.ShipmentId,
                e.RecordedAt,
                Event = new ReportedEvent
                {
                    Source = new SourceKey(e.Provider, e.Number),
                    Code = e.Code,
                    TimeAsSent = "",
                    Wall = e.Wall,
                    At = e.At,
                    Quality = e.Quality,
                    Status = e.Status,
                    Leg = e.Leg,
                    Place = e.Place,
                    Text = e.Text,
                    Weight = e.Weight,
                },
            })
            .ToListAsync(ct);
        return events.ToLookup(e => e.ShipmentId, e => new KnownEvent(e.RecordedAt, e.Event));
    }

    private static async Task<IReadOnlyList<SourceTrouble>> SourceTroubleAsync(
        TrackWatchDb db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var since = SourceHealth.NoticeableSince(now);
        return await db
            .ProviderHealth.Where(h => h.SilentSince != null && h.SilentSince < since)
            .Select(h => new SourceTrouble(h.Provider, h.Detail ?? "", h.LastSuccessAt))
            .ToListAsync(ct);
    }
}
