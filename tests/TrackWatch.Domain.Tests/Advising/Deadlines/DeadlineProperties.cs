using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Tests.Advising.Deadlines;

public sealed class DeadlineProperties
{
    private static readonly DateOnly Start = new(2026, 9, 14);

    private static readonly string[] Zones =
    [
        "UTC",
        "Europe/Istanbul",
        "Europe/Berlin",
        "Pacific/Kiritimati",
        "Pacific/Honolulu",
        "America/Los_Angeles",
        "Africa/Cairo",
    ];

    private static readonly string[] Marketplaces = ["aliexpress", "ebay", "amazon", "etsy", "temu", "shein", "other"];
    private static readonly string?[] Payments = [null, "visa", "mastercard", "amex", "troy", "paypal", "klarna"];
    private static readonly string?[] Places = [null, "TR", "DE", "GB", "US", "BR", "IL", "CA"];

    /// <summary>What each warned-of role is called in the notices.</summary>
    private static readonly Dictionary<DayRole, string[]> Warnings = new()
    {
        [DayRole.ProtectionEnd] = ["protection"],
        // Where both fall on one day the one warning is that of protection.
        [DayRole.DisputeLastDay] = ["last-chance", "protection"],
        [DayRole.ChargebackLastDay] = ["chargeback"],
    };

    [Fact]
    public void A_last_day_that_was_usable_and_known_two_days_ahead_is_warned_of_before_its_last_safe_day() =>
        Check(order =>
        {
            // The parcel never comes and nobody does anything: every last day stays usable.
            var told = new Dictionary<string, DateOnly>();
            var known = new Dictionary<(DayRole Role, DateOnly Last), (DateOnly Since, Deadline Deadline)>();
            for (var day = Start.AddDays(5); day < Start.AddDays(300); day = day.AddDays(1))
            {
                var now = Days.At(day, new(9, 0), order.Zone);
                var verdict = Ladder.Decide(Ladder.SilentUntil(order, now), now);
                foreach (var deadline in verdict.Deadlines.Where(d => Warnings.ContainsKey(d.Role)))
                    known.TryAdd((deadline.Role, deadline.LastDay), (day, deadline));
                foreach (var notice in verdict.Notices.Where(n => n.Kind == NoticeKind.Deadline))
                    told.TryAdd(notice.Instance, day);
            }
            foreach (var ((role, last), (since, deadline)) in known)
                if (deadline.LastSafeDay < Start.AddDays(300) && deadline.LastSafeDay >= since.AddDays(2))
                    told.Any(t =>
                            t.Value < deadline.LastSafeDay
                            && Warnings[role]
                                .Any(name =>
                                    t.Key.StartsWith($"deadline/{name}/{last:yyyy-MM-dd}", StringComparison.Ordinal)
                                )
                        )
                        .ShouldBeTrue($"{deadline.Name} of {last:yyyy-MM-dd}; told: {string.Join(", ", told.Keys)}");
        });

    [Fact]
    public void The_last_safe_day_is_over_before_the_last_day_ends_and_never_later_than_it() =>
        Check(order =>
        {
            foreach (var deadline in Of(order).All)
            {
                deadline.LastSafeDay.ShouldBeLessThanOrEqualTo(deadline.LastDay);
                Days.StartOf(deadline.LastSafeDay.AddDays(1), order.Zone).ShouldBeLessThanOrEqualTo(deadline.EndsAt);
                if (deadline.MaybeUntil is { } maybe)
                    maybe.ShouldBeGreaterThan(deadline.LastDay);
                (deadline.MaybeSafeUntil <= deadline.MaybeUntil).ShouldBe(deadline.MaybeUntil is not null);
                deadline.From.ShouldNotBeEmpty();
            }
        });

    [Fact]
    public void Of_the_readings_that_rest_on_stated_days_the_earliest_is_chosen() =>
        Check(order =>
        {
            var days = Of(order);
            // Clocks that no default stands in for.
            ClockEvent[] plain = [ClockEvent.PromisedLatest, ClockEvent.TxnPosted, ClockEvent.OrderPlaced];
            foreach (var deadline in days.All.Where(d => d.Role is DayRole.ChargebackLastDay or DayRole.DisputeLastDay))
            foreach (var reading in deadline.Rule.Readings)
                if (
                    reading is { Period.Unit: PeriodUnit.CalendarDays, Clocks: [{ Assumed: false } clock] }
                    && plain.Contains(clock.Event)
                    && days.Clock(clock.Event) is { } day
                )
                    deadline.LastDay.ShouldBeLessThanOrEqualTo(day.AddDays(reading.Period.Value), deadline.Name);
        });

    /// <summary>What the order page itself prints may say later; nothing else may.</summary>
    [Fact]
    public void A_fact_moves_no_last_day_later_unless_the_order_itself_names_the_day() =>
        Prop.ForAll(
                Orders().ToArbitrary(),
                Facts().ToArbitrary(),
                (order, fact) =>
                {
                    var before = Of(order);
                    var after = Of(
                        order with
                        {
                            Facts = OrderFacts.Unite(
                                order.Facts.All.Append(new(fact, FactOrigin.Command, Some.Noon(Start.AddDays(20))))
                            ),
                        }
                    );
                    foreach (var was in before.All.Where(d => d.IsForAction && d.Role != DayRole.CustomsHold))
                        if (after.All.FirstOrDefault(d => d.Name == was.Name) is { } now)
                            now.LastDay.ShouldBeLessThanOrEqualTo(was.LastDay, $"{was.Name} after {fact}");
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void The_same_facts_give_the_same_days() =>
        Check(order => Of(order).All.Select(Shown).ShouldBe(Of(order).All.Select(Shown)));

    private static string Shown(Deadline d) =>
        $"{d.Name} {d.Opens} {d.LastDay} {d.LastSafeDay} {d.MaybeUntil} {d.EndsAt:u}";

    private static OrderDays Of(OrderSnapshot order) => new(order, Some.Noon(Start.AddDays(30)));

    private static void Check(Action<OrderSnapshot> holds, int tests = 100) =>
        Prop.ForAll(Orders().ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));

    private static Gen<OrderSnapshot> Orders() =>
        from marketplace in Gen.Elements(Marketplaces)
        from payment in Gen.Elements(Payments)
        from country in Gen.Elements(Places)
        from to in Gen.Elements(Places)
        from zone in Gen.Elements(Zones)
        from ordered in Maybe(0, 2)
        from paid in Maybe(0, 6)
        from shipped in Maybe(1, 12)
        from promised in Maybe(10, 70)
        from refund in Maybe(20, 80)
        from protection in Maybe(20, 110)
        from scanned in Maybe(2, 15)
        select Some.Snapshot(
            Some.Order() with
            {
                Marketplace = marketplace,
                PaidWith = payment,
                ShipTo = to is null ? null : new Destination(to, "H2X 1Y4"),
                Ordered = ordered,
                PaidOn = paid,
                Shipped = shipped,
                PromisedBy = promised,
                RefundIfUndeliveredBy = refund,
            },
            protection is { } end ? Some.Facts((new Fact.ProtectionEnds(end), Start)) : null,
            new ShipmentView
            {
                Id = 1,
                Number = "LP00900000000011",
                RegisteredAt = Some.Noon(Start),
                Status = ParcelStatus.InTransit,
                Leg = Leg.LineHaul,
                FirstEventAt = scanned is { } first ? Some.Noon(first) : null,
                FirstScanAt = scanned is { } scan ? Some.Noon(scan) : null,
                LastProgressAt = scanned is { } seen ? Some.Noon(seen) : null,
                LastAnswerAt = Some.Noon(Start.AddDays(5)),
            }
        ) with
        {
            Zone = Some.Zone(zone),
            Buyer = Some.Person() with { Country = country },
        };

    private static Gen<Fact> Facts() =>
        from day in Gen.Choose(0, 60).Select(Start.AddDays)
        from step in Gen.Elements(Enum.GetValues<Step>())
        from fact in Gen.Elements<Fact>(
            new Fact.StepDone(step, day),
            new Fact.DisputeOpened(day),
            new Fact.DisputeDecided(DisputeOutcome.Refused, day),
            new Fact.RefundApproved(day),
            new Fact.Missing(day),
            new Fact.Snoozed(day),
            new Fact.CustomsHold(day)
        )
        select fact;

    private static Gen<DateOnly?> Maybe(int from, int to) =>
        Gen.OneOf(
            Gen.Constant<DateOnly?>(null),
            Gen.Choose(from, to).Select(d => (DateOnly?)Start.AddDays(d)),
            Gen.Choose(from, to).Select(d => (DateOnly?)Start.AddDays(d))
        );
}
