using System.Globalization;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.TestKit;

namespace TrackWatch.Domain.Tests.Advising.Deadlines;

/// <summary>worked-cases.txt: facts and a day in, the rule's day and the day's warning out.</summary>
public sealed class WorkedCaseTests
{
    public static TheoryData<string> Cases => new(Lines().Where(line => line.Length > 0 && line[0] != '#'));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_rule_and_the_facts_of_an_order_give_its_day_and_warning(string line)
    {
        var parts = line.Split('|', StringSplitOptions.TrimEntries);
        var (snapshot, now) = WorkedCase.Read(parts[1], parts[2], TestRules.Book);

        var days = new OrderDays(snapshot, now);
        var notices = Ladder.Decide(snapshot, now).Notices.Where(n => n.Kind == NoticeKind.Deadline).ToList();

        Said(days.All.SingleOrDefault(d => d.Rule.Id == parts[0]), notices, parts[3]).ShouldBe(parts[3]);
    }

    [Fact]
    public void There_are_at_least_120_of_them() => Cases.Count.ShouldBeGreaterThan(120);

    /// <summary>What came out, in the words of the case; of what it does not ask nothing is said.</summary>
    private static string Said(Deadline? deadline, List<NoticeDraft> notices, string expected)
    {
        if (deadline is null)
            return "none";
        var said = new List<string> { $"last {Iso(deadline.LastDay)}" };
        if (deadline.LastSafeDay != deadline.LastDay)
            said.Add($"safe {Iso(deadline.LastSafeDay)}");
        if (deadline.Opens is { } opens)
            said.Add($"opens {Iso(opens)}");
        if (deadline.MaybeUntil is { } maybe)
            said.Add($"maybe {Iso(maybe)}");
        if (expected.Contains("ends ", StringComparison.Ordinal))
            said.Add($"ends {deadline.EndsAt:yyyy-MM-ddTHH:mm}Z");
        if (deadline.Assumed)
            said.Add("assumed");
        if (expected.Contains("sharpened", StringComparison.Ordinal))
            said.Add($"sharpened {deadline.SharpenedBy}");
        if (deadline.NotVerifiedSince is not null)
            said.Add("unverified");
        if (
            expected.Contains("quiet", StringComparison.Ordinal) || expected.Contains("warns", StringComparison.Ordinal)
        )
            said.Add(notices.Count == 0 ? "quiet" : string.Join(" and ", notices.Select(Said)));
        return string.Join(", ", said);
    }

    private static string Said(NoticeDraft notice)
    {
        // deadline/NAME/DAY or deadline/NAME/DAY/MARK
        var parts = notice.Instance.Split('/');
        return $"warns {parts[1]}{(parts.Length > 3 ? $"/{parts[3]}" : "")} {notice.Channel.ToString().ToLowerInvariant()}"
            + (notice.DoBy is { } by ? $" by {Iso(by)}" : "")
            + (notice.DoByAssumed ? " assumed" : "");
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string[] Lines()
    {
        using var file = typeof(WorkedCaseTests).Assembly.GetManifestResourceStream("worked-cases.txt")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries);
    }
}

/// <summary>Reads the facts of a case: <c>visa; paid 2026-09-14; to CA H2X1Y4</c>.</summary>
internal static class WorkedCase
{
    private static readonly string[] Marketplaces = ["ebay", "amazon", "etsy", "temu", "shein"];
    private static readonly string[] Payments = ["visa", "mastercard", "amex", "troy", "paypal", "klarna", "other"];

    public static (OrderSnapshot Order, DateTimeOffset Now) Read(string facts, string today, RuleBook book)
    {
        var words = facts
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(fact => fact.Split(' '))
            .ToList();
        var zone = words.Find(w => w[0] == "zone") is { } named ? Some.Zone(named[1]) : TimeZoneInfo.Utc;
        var now = today.Contains('T', StringComparison.Ordinal)
            ? Instant(today)
            : Days.At(Some.Day(today), new(12, 0), zone);
        var order = Some.Order();
        var person = Some.Person();
        var parcel = new ShipmentView
        {
            Id = 1,
            Number = "LP00900000000011",
            RegisteredAt = now.AddDays(-1),
            Status = ParcelStatus.InTransit,
            Leg = Leg.LineHaul,
            LastProgressAt = now.AddDays(-1),
            LastAnswerAt = now,
        };
        var told = new List<ToldFact>();
        foreach (var word in words)
        {
            var what = word[0];
            DateOnly On() => Some.Day(word[1]);
            void Tell(Fact fact, DateOnly? at = null) =>
                told.Add(new ToldFact(fact, FactOrigin.Command, Some.Noon(at ?? On())));

            if (Marketplaces.Contains(what))
                order = order with { Marketplace = what };
            else if (Payments.Contains(what))
                order = order with { PaidWith = what };
            else
                (order, person, parcel) = what switch
                {
                    "zone" => (order, person, parcel),
                    "country" => (order, person with { Country = word[1] }, parcel),
                    "card" => (
                        order with
                        {
                            PaidWith = "mine",
                        },
                        person with
                        {
                            Cards = new Dictionary<string, PaymentCard>
                            {
                                ["mine"] = new(word[1], null, null, word[2]),
                            },
                        },
                        parcel
                    ),
                    "to" => (order with { ShipTo = new(word[1], word.ElementAtOrDefault(2)) }, person, parcel),
                    "ordered" => (order with { Ordered = On() }, person, parcel),
                    "paid" => (order with { PaidOn = On() }, person, parcel),
                    "shipped" => (order with { Shipped = On() }, person, parcel),
                    "promised" => (order with { PromisedBy = On() }, person, parcel),
                    "refund-if" => (order with { RefundIfUndeliveredBy = On() }, person, parcel),
                    "coupon" => (order with { CouponIfDelayedBy = On() }, person, parcel),
                    "event" => (order, person, parcel with { FirstEventAt = Instant(word[1]) }),
                    "scan" => (order, person, parcel with { FirstScanAt = Instant(word[1]) }),
                    "delivered" => (
                        order,
                        person,
                        parcel with
                        {
                            Status = ParcelStatus.Delivered,
                            LastProgressAt = Instant(word[1]),
                        }
                    ),
                    "customs-leg" or "held" => (
                        order,
                        person,
                        parcel with
                        {
                            Status = ParcelStatus.Customs,
                            Leg = Leg.ImportCustoms,
                            LastProgressAt = Instant(word[1]),
                            ActionNeeded = what == "held",
                        }
                    ),
                    "blind" => (order, person, parcel with { LastAnswerAt = now.AddDays(-9) }),
                    _ => Told(),
                };

            (Order, Person, ShipmentView) Told()
            {
                switch (what)
                {
                    case "protection":
                        Tell(new Fact.ProtectionEnds(On()));
                        break;
                    case "asked":
                        Tell(new Fact.StepDone(Step.ContactSeller, On()));
                        break;
                    case "dispute":
                        Tell(new Fact.DisputeOpened(On()));
                        break;
                    case "done-dispute":
                        Tell(new Fact.StepDone(Step.OpenDispute, On()));
                        break;
                    case "granted":
                        Tell(new Fact.DisputeDecided(DisputeOutcome.Granted, On()));
                        break;
                    case "refused":
                        Tell(new Fact.DisputeDecided(DisputeOutcome.Refused, On()));
                        break;
                    case "approved":
                        Tell(new Fact.RefundApproved(On()));
                        break;
                    case "bank":
                        Tell(new Fact.StepDone(Step.Chargeback, On()));
                        break;
                    case "missing":
                        Tell(new Fact.Missing(On()));
                        break;
                    case "closed":
                        Tell(new Fact.Closed(ClosedWhy.Received, On()));
                        break;
                    case "snoozed":
                        Tell(new Fact.Snoozed(On()));
                        break;
                    case "hold":
                        Tell(new Fact.CustomsHold(On()), Some.Day(word[3]));
                        break;
                    default:
                        throw new ArgumentException($"a case knows no '{what}'");
                }
                return (order, person, parcel);
            }
        }
        var snapshot = Some.Snapshot(order, OrderFacts.Unite(told), parcel) with
        {
            Zone = zone,
            Buyer = person,
            Rules = book,
        };
        return (snapshot, now);
    }

    /// <summary>An instant, or noon of a day.</summary>
    private static DateTimeOffset Instant(string text) =>
        text.Contains('T', StringComparison.Ordinal)
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
            : Some.Noon(Some.Day(text));
}
