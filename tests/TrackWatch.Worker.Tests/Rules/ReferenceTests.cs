using System.Globalization;
using TrackWatch.Domain.Rules;
using TrackWatch.TestKit;

namespace TrackWatch.Worker.Tests.Rules;

/// <summary>The packs against the figures of the rule reference of 2026-11-22, copied by hand.</summary>
public sealed class ReferenceTests
{
    /// <summary>Id, figure and clock (? = assumed, "/" = another reading, ">" = fallback), first day, last day, confidence (* = no page).</summary>
    private const string Table = """
        AE-PROT-02    | 15 d promised_latest? / 60 d order_placed?                                   |            |            | likely
        AE-PROT-03    | 0 d refund_if_undelivered                                                    |            |            | likely
        AE-EXT-02     | -10 d protection_end                                                         |            |            | likely
        AE-EXT-03     | 48 h seller_asked                                                            |            |            | likely
        AE-LATE-01    | 1 d coupon_if_delayed > promised_latest?                                     |            |            | likely
        AE-SHIP-01    | 7 bd payment_made                                                            |            |            | likely
        AE-DISP-01    | 10 d seller_shipped > first_carrier_scan?                                    |            |            | likely
        AE-DISP-02    | 15 d protection_end > confirmed_receipt > promised_latest? / 15 d confirmed_receipt |     |            | conflicting
        AE-DISP-04    | 5 d dispute_opened                                                           |            |            | likely
        AE-DISP-05    | 7 d dispute_opened                                                           |            |            | likely
        AE-DISP-06    | 30 d dispute_opened                                                          |            |            | conflicting
        AE-DISP-08    | 10 d dispute_decided                                                         |            |            | likely
        AE-AUTO-01    | 7 d carrier_delivered / 14 d carrier_delivered                               |            |            | conflicting
        AE-AUTO-02    | 15 d carrier_delivered                                                       |            |            | likely
        AE-REF-01     | 10 bd refund_approved                                                        |            |            | conflicting
        AE-REF-01a    | 20 bd refund_approved                                                        |            |            | conflicting
        AE-RET-01     | 15 d goods_received > carrier_delivered                                      |            |            | likely
        AE-CANC-01    |                                                                              | 2020-03-16 |            | likely
        TM-01         | 48 h promised_latest                                                         |            |            | certain
        TM-02         | 90 d order_placed / 90 d promised_latest                                     |            |            | conflicting
        TM-03         | 14 bd refund_approved                                                        |            |            | certain
        TM-03a        | 30 d refund_approved                                                         |            |            | certain
        TM-04         | 48 h carrier_delivered                                                       |            |            | likely
        SH-01         | 45 d order_placed                                                            |            |            | likely
        EB-01         | 0 d promised_latest                                                          |            |            | likely
        EB-02         | 30 d promised_latest                                                         |            |            | certain
        EB-03         | 3 bd dispute_opened                                                          |            |            | certain
        EB-04         | 21 bd dispute_opened                                                         |            |            | likely
        AZ-01         | 48 h seller_asked                                                            |            |            | certain
        AZ-02         | 3 d promised_latest                                                          |            |            | certain
        AZ-03         | 90 d promised_latest                                                         |            |            | certain
        ET-01         | 48 h seller_asked                                                            |            |            | certain
        ET-02         | 100 d promised_latest                                                        |            |            | certain
        ET-03         | up to 250 USD                                                                |            |            | likely
        PP-01         | 180 d payment_made                                                           |            |            | certain
        PP-02         | 20 d bank_asked                                                              |            |            | certain
        PP-03         | 7 d payment_made                                                             |            |            | likely
        KL-01         | 21 d bank_asked                                                              |            |            | certain
        CB-VISA-01    | 120 d promised_latest / 120 d txn_posted                                     |            |            | certain
        CB-VISA-02    | 540 d txn_posted                                                             |            |            | likely
        CB-VISA-03    | 15 d txn_posted                                                              |            |            | certain
        CB-VISA-06    |                                                                              |            |            | likely*
        CB-MC-01      | 120 d promised_latest / 120 d txn_posted / 90 d promised_latest              |            |            | conflicting
        CB-MC-02      | 30 d txn_posted                                                              |            |            | certain
        CB-AMEX-01    | 120 d promised_latest / 120 d txn_posted / 90 d txn_posted                   |            |            | conflicting
        CB-AMEX-02    | 60 d bank_asked                                                              |            |            | likely
        CB-TR-01      | 120 d promised_latest / 120 d statement_sent                                 |            |            | likely
        CB-TR-02      | 540 d txn_posted                                                             |            |            | likely
        CB-TR-03      | 120 d promised_latest / 120 d txn_posted                                     |            |            | likely*
        CB-TR-04      | 60 d bank_asked                                                              |            |            | certain
        CB-UK-S75     | over 100 GBP up to 30000 GBP                                                 |            |            | certain
        CB-UK-S75b    | 6 y promised_latest / 5 y promised_latest                                    |            |            | likely
        CB-UK-BNPL    |                                                                              | 2026-07-15 |            | certain
        CB-US-FCBA    | 60 d statement_sent > txn_posted?                                            |            |            | certain
        CB-US-FCBA2   | 30 d bank_asked                                                              |            |            | certain
        CB-EU-01      |                                                                              |            |            | likely*
        EU-DEL-01     | 30 d contract_concluded                                                      | 2014-06-13 |            | certain
        EU-WDR-01     | 14 d goods_received > carrier_delivered                                      | 2014-06-13 |            | certain
        EU-WDR-03     | 14 d withdrawal_sent                                                         | 2014-06-13 |            | certain
        EU-WDR-04     |                                                                              | 2026-06-19 |            | certain
        TR-DEL-01     | 30 d order_placed                                                            | 2014-05-28 |            | certain
        TR-DEL-02     | 14 d termination_received                                                    | 2015-02-27 |            | likely*
        TR-WDR-01     | 14 d goods_received > carrier_delivered                                      | 2014-05-28 |            | certain
        TR-WDR-03     | 10 d withdrawal_sent                                                         |            |            | likely
        TR-WDR-04     |                                                                              | 2026-01-01 |            | certain
        TR-PLAT-01    |                                                                              | 2022-10-01 |            | certain
        TR-THH-2023   | up to 66000 TRY                                                              | 2023-01-01 | 2023-12-31 | certain
        TR-THH-2024   | up to 104000 TRY                                                             | 2024-01-01 | 2024-12-31 | likely*
        TR-THH-2025   | up to 149000 TRY                                                             | 2025-01-01 | 2025-12-31 | certain
        TR-THH-2026   | up to 186000 TRY                                                             | 2026-01-01 | 2026-12-31 | certain
        TR-THH-05a    | 15 d decision_notified                                                       |            |            | likely*
        UK-DEL-01     | 30 d contract_concluded                                                      |            |            | certain
        UK-WDR-01     | 14 d goods_received > carrier_delivered                                      |            |            | certain
        US-FTC-01     | 30 d order_placed                                                            |            |            | certain
        US-FTC-02     | 7 bd termination_received                                                    |            |            | certain
        BR-WDR-01     | 7 d goods_received > carrier_delivered                                       |            |            | certain
        BR-DEL-01     | 0 d promised_latest                                                          |            |            | likely*
        QC-DEL-01     | 30 d promised_latest > order_placed                                          |            |            | certain
        QC-REF-01     | 15 d termination_received                                                    |            |            | certain
        BC-REF-01     | 15 d termination_received                                                    |            |            | certain
        ON-DEL-01     | 30 d promised_latest                                                         |            |            | likely*
        IL-WDR-01     | 14 d goods_received > carrier_delivered                                      |            |            | likely*
        EU-VAT-01     | up to 150 EUR                                                                | 2021-07-01 |            | certain
        EU-CUS-01     | up to 150 EUR                                                                |            | 2026-06-30 | certain
        EU-CUS-02     | up to 150 EUR amount 3 EUR                                                   | 2026-07-01 | 2028-07-01 | certain
        EU-CUS-03     | over 150 EUR                                                                 |            |            | certain
        EU-CUS-04     | up to 45 EUR                                                                 |            |            | certain
        EU-FEE-01     |                                                                              | 2026-11-01 |            | conflicting
        FR-FEE-01     | up to 150 EUR amount 2 EUR                                                   | 2026-03-01 | 2026-06-30 | likely
        RO-FEE-01     | amount 25 RON                                                                | 2026-01-01 |            | likely
        TR-CUS-01     | up to 150 EUR                                                                |            | 2024-08-20 | certain
        TR-CUS-02     | up to 30 EUR                                                                 | 2024-08-21 | 2026-02-05 | certain
        TR-CUS-03     |                                                                              | 2026-02-06 |            | certain
        TR-CUS-03a    |                                                                              | 2026-02-06 |            | conflicting
        TR-CUS-04     | up to 1500 EUR                                                               | 2026-02-06 |            | certain
        UK-CUS-01     | up to 135 GBP                                                                | 2021-01-01 | 2028-09-30 | certain
        UK-CUS-03     | 21 d customs_notice > handed_to_customs                                      |            |            | certain
        US-CUS-01     |                                                                              | 2025-08-29 |            | certain
        US-CUS-02     |                                                                              | 2026-02-24 | 2026-07-24 | conflicting
        US-CUS-03     | up to 100 USD                                                                | 2025-08-29 |            | likely
        BR-CUS-02     | 20 d customs_notice                                                          | 2024-08-01 |            | likely
        CH-CUS-01     | up to 5 CHF                                                                  | 2025-01-01 |            | certain
        NO-CUS-01     | up to 3000 NOK                                                               | 2024-01-01 |            | likely
        UA-CUS-01     | up to 150 EUR                                                                |            |            | certain
        KZ-CUS-01     | up to 200 EUR                                                                | 2026-07-01 |            | conflicting
        IL-CUS-01     | up to 130 USD                                                                | 2026-02-25 |            | conflicting
        CA-CUS-01     | up to 20 CAD                                                                 | 2020-07-01 |            | likely*
        AU-CUS-01     | up to 1000 AUD                                                               | 2018-07-01 |            | likely*
        DE-HOLD-01    | 9 d handed_to_customs > customs_notice                                       |            |            | certain
        ES-HOLD-01    | 15 d customs_notice > handed_to_customs                                      |            |            | likely
        GEN-HOLD-01   | 9 d customs_notice > handed_to_customs                                       |            |            | likely
        POST-INQ-01   | 7 d first_carrier_scan > seller_shipped                                      |            |            | likely
        POST-INQ-02   | 6 mo first_carrier_scan > seller_shipped                                     |            |            | likely
        """;

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var cells in Table.Split('\n').Select(line => line.Split('|')))
                rows.Add(cells[0].Trim(), string.Join(" | ", cells.Skip(1).Select(c => c.Trim())));
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_rule_says_what_the_reference_says(string id, string told)
    {
        var rule = TestRules.Book.Find(id).ShouldHaveSingleItem();
        string[] cells =
        [
            Figure(rule),
            $"{rule.EffectiveFrom:yyyy-MM-dd}",
            $"{rule.EffectiveTo:yyyy-MM-dd}",
            rule.Confidence.ToString().ToLowerInvariant() + (rule.IsUnsourced ? "*" : ""),
        ];

        string.Join(" | ", cells).ShouldBe(told);
    }

    [Theory]
    [InlineData(
        "marketplace/aliexpress",
        "AE-PROT-01 02 03 04 05, AE-EXT-01 02 03, AE-MAIL-01, AE-LATE-01 02 03, AE-SHIP-01, AE-CANC-01, AE-DISP-01 01a 01b 02 03 04 05 06 07 08 09, AE-AUTO-01 02, AE-REF-01 02, AE-RET-01 02, AE-EVID-01 02, AE-EXCL-01, AE-ENT-01"
    )]
    [InlineData("payment/visa", "CB-VISA-01 02 03 04 05 06")]
    [InlineData("payment/mastercard", "CB-MC-01 02 03 04")]
    [InlineData(
        "payment/cards",
        "CB-TR-01 02 04 05 06, CB-UK-01 S75 S75b S75c BNPL, CB-US-FCBA FCBA2, CB-QC-01, CB-EU-01"
    )]
    [InlineData("country/EU", "EU-DEL-01 02 03, EU-RISK-01, EU-WDR-01 02 03 04, EU-ODR-01 02, EU-ADR-01, EU-ECC-01 02")]
    [InlineData(
        "country/TR",
        "TR-DEL-01 02, TR-WDR-01 02 03 04, TR-PLAT-01, TR-THH-2023 2024 2025 2026 02 03 04 05 06"
    )]
    [InlineData("customs/EU", "EU-VAT-01, EU-CUS-01 02 02a 03 04 05, EU-FEE-01, IT-FEE-01, FR-FEE-01, RO-FEE-01")]
    [InlineData("customs/TR", "TR-CUS-01 02 03 03a 04 05 06")]
    public void A_pack_holds_every_rule_of_its_part_of_the_reference(string pack, string ids)
    {
        var wanted = ids.Split(", ")
            .SelectMany(group =>
                group.Split(' ') is [var first, .. var more]
                    ? more.Select(m => $"{first[..(first.LastIndexOf('-') + 1)]}{m}").Prepend(first)
                    : []
            );

        wanted.Except(TestRules.Book.In(pack).Select(r => r.Id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("TR", "2026-03-20 2026-05-27 2026-10-29 2027-05-16", "2026-03-19 2026-12-25")]
    [InlineData("DE", "2026-04-03 2026-05-14 2027-05-17 2026-10-03", "2027-11-01 2026-12-24")]
    [InlineData("GB", "2026-12-28 2027-03-26 2027-12-28 2026-08-31", "2026-05-01 2026-11-11")]
    [InlineData("US", "2026-11-26 2026-07-03 2027-01-18 2027-12-24", "2026-12-24 2026-07-06")]
    [InlineData("PL", "2026-06-04 2026-12-24 2027-11-11", "2026-04-03 2027-12-31")]
    [InlineData("RO", "2026-04-13 2027-04-30 2027-06-21", "2026-04-06 2027-03-29")]
    [InlineData("BR", "2026-02-17 2026-06-04 2027-02-08", "2026-12-24 2027-02-10")]
    [InlineData("IL", "2026-04-02 2026-11-27 2027-10-11", "2026-11-29 2026-12-24")]
    [InlineData("CA", "2026-05-18 2027-05-24 2026-10-12", "2026-11-26 2026-12-24")]
    [InlineData("NO", "2026-04-02 2027-05-17 2026-05-25", "2026-12-24 2026-04-07")]
    [InlineData("UA", "2026-12-26", "2026-12-25 2026-08-24")]
    public void Banks_are_closed_on_their_countrys_days(string country, string closed, string open)
    {
        var calendar = TestRules.Book.CalendarOf(country);

        Days(closed).Where(calendar.IsBusinessDay).ShouldBeEmpty();
        Days(open).Where(day => !calendar.IsBusinessDay(day)).ShouldBeEmpty();

        static IEnumerable<DateOnly> Days(string days) =>
            days.Split(' ').Select(d => DateOnly.ParseExact(d, "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_chain_of_the_turkish_limits_has_no_gap() =>
        TestRules
            .Book.Versions(TestRules.Book.Find("TR-THH-2024").Single())
            .Select(r => r.Id)
            .ShouldBe(["TR-THH-2023", "TR-THH-2024", "TR-THH-2025", "TR-THH-2026"]);

    private static string Figure(Rule rule) =>
        rule switch
        {
            DayRule day => string.Join(" / ", day.Readings.Select(Figure)),
            MoneyRule money => string.Join(
                " ",
                new[] { ("over", money.Over), ("up to", money.UpTo), ("amount", money.Amount) }
                    .Where(m => m.Item2 is not null)
                    .Select(m => $"{m.Item1} {m.Item2}")
            ),
            _ => "",
        };

    private static string Figure(Reading reading)
    {
        var unit = reading.Period.Unit switch
        {
            PeriodUnit.CalendarDays => "d",
            PeriodUnit.BusinessDays => "bd",
            PeriodUnit.Hours => "h",
            PeriodUnit.Months => "mo",
            _ => "y",
        };
        var clocks = reading.Clocks.Select(c =>
            System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Event.ToString()) + (c.Assumed ? "?" : "")
        );
        return $"{reading.Period.Value} {unit} {string.Join(" > ", clocks)}";
    }
}
