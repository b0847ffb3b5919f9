using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
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

    /// <summary>A person's orders that are not archived.</summary>
    public async Task<IReadOnlyList<StoredOrder>> OrdersOfAsync(TrackWatchDb db, string personId, CancellationToken ct)
    {
        var ids = await (
            from link in db.OrderPeople
            join order in db.Orders on link.OrderId equals order.Id
            where link.PersonId == personId && order.ArchivedAt == null
            select order.Id
        ).ToListAsync(ct);
        return await OrderSnapshots.LoadAsync(db, ids, settings.Assessing, rules, ct);
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
        var lastDigestAt = await db
            .People.Where(p => p.Id == person.Id)
            .Select(p => p.LastDigestAt)
            .SingleOrDefaultAsync(ct);
        var known = await HistoryAsync(
            db,
            [.. shown.SelectMany(o => o.Order.Shipments).Select(s => s.Id).Distinct()],
            lastDigestAt,
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
                    [.. o.Order.Shipments.Select(s => SectionOf(s, known.GetValueOrDefault(s.Id), o.Order))],
                    MailOrders.InOrder(told[o.Order.Row.Id])
                )),
            ],
            await SourceTroubleAsync(db, now, ct),
            rules,
            now
        )
        {
            LastDigestAt = lastDigestAt,
        };
    }

    private ShipmentSection SectionOf(ShipmentRow row, Known? known, StoredOrder order)
    {
        var view = OrderSnapshots.View(row);
        return Section(view, row.Summary, row.Provider, known?.Lines ?? [], page, order.Row.Definition, settings) with
        {
            AtLastDigest = known is null ? null : AtLastDigest(known.Then, known.Now, view),
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

    private sealed record Known(IReadOnlyList<HistoryLine> Lines, List<ReportedEvent> Then, List<ReportedEvent> Now);

    private static async Task<Dictionary<long, Known>> HistoryAsync(
        TrackWatchDb db,
        List<long> shipments,
        DateTimeOffset? lastDigestAt,
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
        return events
            .GroupBy(e => e.ShipmentId)
            .ToDictionary(
                g => g.Key,
                g => new Known(
                    [
                        .. History
                            .United(g.Select(e => e.Event))
                            .Take(HistoryLines)
                            .Select(e => new HistoryLine(e.Wall, e.Status, e.Leg, e.Place, e.Text)),
                    ],
                    [.. g.Where(e => e.RecordedAt <= lastDigestAt).Select(e => e.Event)],
                    [.. g.Select(e => e.Event)]
                )
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
