using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Domain.Rules;
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
    public const int HistoryLines = 30;

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
        var orders = await OrderSnapshots.LoadAsync(db, ids, settings.Assessing, rules, ct);
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
        TimeZoneInfo zone,
        IReadOnlyList<StoredOrder> orders,
        IReadOnlyList<NoticeRow> notices,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var told = notices.ToLookup(n => n.OrderId, n => DomainJson.Read<NoticeDraft>(n.Content));
        var shown = MailOrders.Choose(
            kind,
            orders,
            o => o.Snapshot,
            notices.Select(n => n.OrderId).OfType<string>().ToHashSet(),
            now
        );
        var lines = await HistoryAsync(
            db,
            [.. shown.SelectMany(o => o.Order.Shipments).Select(s => s.Id).Distinct()],
            ct
        );
        return new MailContent(
            kind,
            person,
            zone,
            [
                .. shown.Select(o => new OrderSection(
                    o.Order.Row.Definition,
                    o.Order.Snapshot.Facts,
                    o.Verdict,
                    [
                        .. o.Order.Shipments.Select(s =>
                            Section(
                                OrderSnapshots.View(s),
                                s.Summary,
                                s.Provider,
                                lines[s.Id],
                                page,
                                o.Order.Row.Definition,
                                settings
                            )
                        ),
                    ],
                    MailOrders.InOrder(told[o.Order.Row.Id])
                )),
            ],
            await SourceTroubleAsync(db, now, ct),
            rules,
            now
        );
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

    public static ShipmentSection Section(
        ShipmentView view,
        ParcelSummary summary,
        string provider,
        IEnumerable<HistoryLine> lines,
        TrackingPage page,
        Order order,
        TrackWatchSettings settings
    ) =>
        new(
            view,
            [.. lines],
            provider,
            page(provider, view.Number),
            summary.LastMileCarrier,
            Uri.TryCreate(summary.LastMileSite, UriKind.Absolute, out var site) && site.Scheme == Uri.UriSchemeHttps
                ? site
                : null
        )
        {
            CarrierPages = Pages(view, provider, order.ShipTo?.Country, settings.Links),
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

    private static async Task<ILookup<long, HistoryLine>> HistoryAsync(
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
                },
            })
            .ToListAsync(ct);
        return events
            .GroupBy(e => e.ShipmentId)
            .SelectMany(g =>
                History.United(g.Select(e => e.Event)).Take(HistoryLines).Select(e => (Shipment: g.Key, Event: e))
            )
            .ToLookup(
                e => e.Shipment,
                e => new HistoryLine(e.Event.Wall, e.Event.Status, e.Event.Leg, e.Event.Place, e.Event.Text)
            );
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
