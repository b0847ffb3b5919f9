using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Tests.Advising.Deadlines;

/// <summary>The rules that the worked cases cite, written from their sources once more, apart from the packs.</summary>
internal static class ReferenceRules
{
    private const string Pacific = "America/Los_Angeles";

    private static readonly string[] Eu =
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ];

    public static readonly RuleBook Book = new(
        [.. AliExpress(), .. Marketplaces(), .. Payment(), .. Law(), .. Customs()],
        [
            Calendar("TR", "2026-10-29", "2026-01-01", "2026-04-23", "2026-05-01", "2026-05-19"),
            Calendar("DE", "2026-12-25", "2026-12-26", "2027-01-01", "2026-05-01", "2026-10-03"),
            Calendar("GB", "2026-12-25", "2026-12-28", "2027-01-01", "2026-05-04", "2026-05-25"),
            Calendar("US", "2026-11-26", "2026-12-25", "2027-01-01", "2026-07-03"),
            Calendar("BR", "2026-11-02", "2026-11-20", "2026-12-25", "2027-01-01"),
        ]
    );

    private static IEnumerable<Rule> AliExpress()
    {
        const string Pack = "marketplace/aliexpress";
        yield return Day(
            Pack,
            "AE-PROT-02",
            DayRole.ProtectionEnd,
            [D(15, new Clock(ClockEvent.PromisedLatest, true)), D(60, new Clock(ClockEvent.OrderPlaced, true))]
        ) with
        {
            WarnBefore = [14, 7, 3, 1],
            PrintedIn = Pacific,
        };
        yield return Day(Pack, "AE-PROT-03", DayRole.RefundPromise, [D(0, ClockEvent.RefundIfUndelivered)]);
        yield return Day(Pack, "AE-EXT-02", DayRole.DisputePlan, [D(-10, ClockEvent.ProtectionEnd)]) with
        {
            PrintedIn = Pacific,
        };
        yield return Day(Pack, "AE-EXT-03a", DayRole.SellerAnswer, [D(5, ClockEvent.SellerAsked)]);
        yield return Day(
            Pack,
            "AE-LATE-01",
            DayRole.LateCredit,
            [D(1, new Clock(ClockEvent.CouponIfDelayed), new Clock(ClockEvent.PromisedLatest, true))]
        );
        yield return Day(Pack, "AE-SHIP-01", DayRole.Other, [B(7, ClockEvent.PaymentMade)]);
        yield return Day(
            Pack,
            "AE-DISP-01",
            DayRole.DisputeOpens,
            [D(10, new Clock(ClockEvent.SellerShipped), new Clock(ClockEvent.FirstCarrierScan, true))]
        );
        yield return Day(
            Pack,
            "AE-DISP-02",
            DayRole.DisputeLastDay,
            [
                D(
                    15,
                    new Clock(ClockEvent.ProtectionEnd),
                    new Clock(ClockEvent.ConfirmedReceipt),
                    new Clock(ClockEvent.PromisedLatest, true)
                ),
                D(15, ClockEvent.ConfirmedReceipt),
            ],
            Confidence.Conflicting
        ) with
        {
            WarnBefore = [7, 3, 1],
            PrintedIn = Pacific,
            Step = Step.OpenDispute,
        };
        yield return Day(Pack, "AE-DISP-04", DayRole.DisputeAnswer, [D(5, ClockEvent.DisputeOpened)]);
        yield return Day(Pack, "AE-DISP-06", DayRole.DisputeDecision, [D(30, ClockEvent.DisputeOpened)]);
        yield return Day(
            Pack,
            "AE-AUTO-01",
            DayRole.AutomaticReceipt,
            [D(7, ClockEvent.CarrierDelivered), D(14, ClockEvent.CarrierDelivered)],
            Confidence.Conflicting
        );
        yield return Day(Pack, "AE-AUTO-02", DayRole.MissingLastDay, [D(15, ClockEvent.CarrierDelivered)]) with
        {
            WarnBefore = [7, 3, 1],
        };
        yield return Day(Pack, "AE-REF-01", DayRole.RefundExpected, [B(10, ClockEvent.RefundApproved)]);
        yield return Day(Pack, "AE-REF-01a", DayRole.RefundLate, [B(20, ClockEvent.RefundApproved)]);
    }

    private static IEnumerable<Rule> Marketplaces()
    {
        yield return Day("marketplace/ebay", "EB-01", DayRole.DisputeOpens, [D(1, ClockEvent.PromisedLatest)]);
        yield return Day("marketplace/ebay", "EB-02", DayRole.DisputeLastDay, [D(30, ClockEvent.PromisedLatest)]);
        yield return Day("marketplace/ebay", "EB-03", DayRole.DisputeAnswer, [B(3, ClockEvent.DisputeOpened)]);
        yield return Day("marketplace/ebay", "EB-04", DayRole.DisputeEscalate, [B(21, ClockEvent.DisputeOpened)]);
        yield return Day("marketplace/amazon", "AZ-01", DayRole.DisputeOpens, [H(48, ClockEvent.SellerAsked)]);
        yield return Day("marketplace/amazon", "AZ-02", DayRole.DisputeOpens, [D(3, ClockEvent.PromisedLatest)]);
        yield return Day("marketplace/amazon", "AZ-03", DayRole.DisputeLastDay, [D(90, ClockEvent.PromisedLatest)]);
        yield return Day("marketplace/etsy", "ET-01", DayRole.DisputeOpens, [H(48, ClockEvent.SellerAsked)]);
        yield return Day("marketplace/etsy", "ET-02", DayRole.DisputeLastDay, [D(100, ClockEvent.PromisedLatest)]);
        yield return Day(
            "marketplace/temu",
            "TM-02",
            DayRole.DisputeLastDay,
            [D(90, ClockEvent.OrderPlaced), D(90, ClockEvent.PromisedLatest)],
            Confidence.Conflicting
        );
        yield return Day("marketplace/temu", "TM-04", DayRole.MissingOpens, [H(48, ClockEvent.CarrierDelivered)]);
        yield return Day("marketplace/shein", "SH-01", DayRole.DisputeLastDay, [D(45, ClockEvent.OrderPlaced)]);
        yield return Day("marketplace/shein", "SH-01a", DayRole.MissingLastDay, [D(45, ClockEvent.OrderPlaced)]);
    }

    private static IEnumerable<Rule> Payment()
    {
        yield return Bank("visa", "CB-VISA-01", DayRole.ChargebackLastDay, Scheme(120));
        yield return Bank("visa", "CB-VISA-02", DayRole.Other, [D(540, ClockEvent.TxnPosted)]);
        yield return Bank("visa", "CB-VISA-03", DayRole.ChargebackOpens, [D(15, ClockEvent.TxnPosted)]);
        yield return Bank("visa", "CB-VISA-07", DayRole.BankAnswer, [D(60, ClockEvent.BankAsked)]);
        yield return Bank(
            "mastercard",
            "CB-MC-01",
            DayRole.ChargebackLastDay,
            [.. Scheme(120), D(90, ClockEvent.PromisedLatest)],
            Confidence.Conflicting
        );
        yield return Bank("mastercard", "CB-MC-02", DayRole.ChargebackOpens, [D(30, ClockEvent.TxnPosted)]);
        yield return Bank(
            "amex",
            "CB-AMEX-01",
            DayRole.ChargebackLastDay,
            [.. Scheme(120), D(90, ClockEvent.TxnPosted)],
            Confidence.Conflicting
        );
        yield return Bank("troy", "CB-TR-03", DayRole.ChargebackLastDay, Scheme(120));
        yield return Bank(
            "visa",
            "CB-UK-S75b",
            DayRole.Other,
            [new(new(6, PeriodUnit.Years), [new(ClockEvent.PromisedLatest)])]
        ) with
        {
            Regions = ["GB"],
        };
        yield return Bank(
            "visa",
            "CB-US-FCBA",
            DayRole.Other,
            [D(60, new Clock(ClockEvent.StatementSent), new Clock(ClockEvent.TxnPosted, true))]
        ) with
        {
            Regions = ["US"],
        };
        yield return Day("payment/paypal", "PP-01", DayRole.ChargebackLastDay, [D(180, ClockEvent.PaymentMade)]);
        yield return Day("payment/paypal", "PP-02", DayRole.ChargebackEscalate, [D(20, ClockEvent.BankAsked)]);
        yield return Day("payment/klarna", "KL-01", DayRole.BankAnswer, [D(21, ClockEvent.BankAsked)]);
    }

    private static IEnumerable<Rule> Law()
    {
        yield return Day(
            "country/EU",
            "EU-DEL-01",
            DayRole.StatutoryDelivery,
            [D(30, ClockEvent.ContractConcluded)]
        ) with
        {
            Regions = Eu,
            EffectiveFrom = new(2014, 6, 13),
        };
        yield return Day("country/EU", "EU-WDR-01", DayRole.Withdrawal, [D(14, ClockEvent.GoodsReceived)]) with
        {
            Regions = Eu,
            EffectiveFrom = new(2014, 6, 13),
        };
        yield return Day("country/TR", "TR-DEL-01", DayRole.StatutoryDelivery, [D(30, ClockEvent.OrderPlaced)]) with
        {
            EffectiveFrom = new(2014, 5, 28),
        };
        yield return Day("country/TR", "TR-WDR-01", DayRole.Withdrawal, [D(14, ClockEvent.GoodsReceived)]);
        yield return Limit("TR-THH-2026", 186_000, new(2026, 1, 1), new(2026, 12, 31));
        yield return Day("country/GB", "UK-DEL-01", DayRole.StatutoryDelivery, [D(30, ClockEvent.ContractConcluded)]);
        yield return Day("country/GB", "UK-WDR-01", DayRole.Withdrawal, [D(14, ClockEvent.GoodsReceived)]);
        yield return Day("country/US", "US-FTC-01", DayRole.StatutoryDelivery, [D(30, ClockEvent.OrderPlaced)]);
        yield return Day("country/BR", "BR-WDR-01", DayRole.Withdrawal, [D(7, ClockEvent.GoodsReceived)]);
        yield return Day(
            "country/CA",
            "QC-DEL-01",
            DayRole.StatutoryDelivery,
            [D(30, new Clock(ClockEvent.PromisedLatest), new Clock(ClockEvent.OrderPlaced))]
        ) with
        {
            Regions = ["CA-QC"],
        };
        yield return Day("country/CA", "ON-DEL-01", DayRole.StatutoryDelivery, [D(30, ClockEvent.PromisedLatest)]) with
        {
            Regions = ["CA-ON"],
        };
    }

    private static IEnumerable<Rule> Customs()
    {
        yield return Hold("DE", "DE-HOLD-01", D(9, ClockEvent.HandedToCustoms));
        yield return Hold("GB", "UK-CUS-03", D(21, ClockEvent.CustomsNotice));
        yield return Hold("BR", "BR-CUS-02", D(20, ClockEvent.CustomsNotice));
        yield return Hold("TR", "TR-HOLD", D(9, new Clock(ClockEvent.CustomsNotice, true)));
        yield return Hold("ES", "ES-HOLD", D(15, ClockEvent.CustomsNotice));
    }

    private static DayRule Hold(string country, string id, Reading reading) =>
        Day($"customs/{country}", id, DayRole.CustomsHold, [reading]) with
        {
            AppliesBy = ClockEvent.ImportDeclared,
        };

    private static MoneyRule Limit(string id, decimal upTo, DateOnly from, DateOnly to) =>
        new()
        {
            Id = id,
            Pack = "country/TR",
            Title = id,
            Role = MoneyRole.AuthorityLimit,
            UpTo = new(upTo, "TRY"),
            AppliesBy = ClockEvent.Today,
            EffectiveFrom = from,
            EffectiveTo = to,
            Confidence = Confidence.Certain,
            Checked = new(2026, 11, 22),
        };

    private static Reading[] Scheme(int days) => [D(days, ClockEvent.PromisedLatest), D(days, ClockEvent.TxnPosted)];

    private static DayRule Bank(
        string scheme,
        string id,
        DayRole role,
        IReadOnlyList<Reading> readings,
        Confidence confidence = Confidence.Certain
    ) =>
        Day($"payment/{scheme}", id, role, readings, confidence) with
        {
            AppliesBy = ClockEvent.TxnPosted,
            Step = Step.Chargeback,
        };

    private static DayRule Day(
        string pack,
        string id,
        DayRole role,
        IReadOnlyList<Reading> readings,
        Confidence confidence = Confidence.Certain
    ) =>
        new()
        {
            Id = id,
            Pack = pack,
            Title = id,
            Role = role,
            Readings = readings,
            Confidence = confidence,
            Checked = new(2026, 11, 22),
        };

    private static Reading D(int days, params Clock[] clocks) => new(new(days, PeriodUnit.CalendarDays), clocks);

    private static Reading D(int days, ClockEvent clock) => D(days, new Clock(clock));

    private static Reading B(int days, ClockEvent clock) => new(new(days, PeriodUnit.BusinessDays), [new(clock)]);

    private static Reading H(int hours, ClockEvent clock) => new(new(hours, PeriodUnit.Hours), [new(clock)]);

    private static WorkCalendar Calendar(string country, params string[] holidays) =>
        new(
            country,
            new HashSet<DayOfWeek> { DayOfWeek.Saturday, DayOfWeek.Sunday },
            holidays.Select(Some.Day).ToHashSet(),
            new(2027, 12, 31)
        );
}
