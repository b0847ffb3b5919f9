using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Registering;

public sealed class FactWordsTests
{
    private static readonly DateOnly Today = new(2026, 11, 27);

    public static TheoryData<string, Fact> Told =>
        new()
        {
            { "dispute opened", new Fact.DisputeOpened() },
            { "dispute opened 2026-11-20 id 77", new Fact.DisputeOpened(new(2026, 11, 20), "77") },
            { "ID #77 opened DISPUTE yesterday", new Fact.DisputeOpened(new(2026, 11, 26), "77") },
            { "dispute granted", new Fact.DisputeDecided(DisputeOutcome.Granted) },
            {
                "dispute partial today 11.50 eur",
                new Fact.DisputeDecided(DisputeOutcome.Partial, Today, new Money(11.50m, "EUR"))
            },
            { "Dispute Refused 2026-11-27", new Fact.DisputeDecided(DisputeOutcome.Refused, Today) },
            { "2026-11-27 refused dispute", new Fact.DisputeDecided(DisputeOutcome.Refused, Today) },
            { "refund approved 23.90 EUR", new Fact.RefundApproved(null, new Money(23.90m, "EUR")) },
            { "refund approved EUR 23.90 today", new Fact.RefundApproved(Today, new Money(23.90m, "EUR")) },
            {
                "refund received, 2026-11-25, 1012.40TRY.",
                new Fact.RefundReceived(new(2026, 11, 25), new Money(1012.40m, "TRY"))
            },
            { "customs hold-until 2026-12-14", new Fact.CustomsHold(new(2026, 12, 14)) },
            { "customs hold until 2026-12-14", new Fact.CustomsHold(new(2026, 12, 14)) },
            { "customs notice A-12", new Fact.CustomsHold(null, "A-12") },
            { "customs notice 12 hold-until 2026-12-14", new Fact.CustomsHold(new(2026, 12, 14), "12") },
            { "protection 2026-12-20", new Fact.ProtectionEnds(new(2026, 12, 20)) },
            { "protection ends 2026-12-20", new Fact.ProtectionEnds(new(2026, 12, 20)) },
            { "missing", new Fact.Missing() },
            { "Missing Yesterday", new Fact.Missing(new(2026, 11, 26)) },
            { "received", new Fact.Closed(ClosedWhy.Received) },
            { "refunded today", new Fact.Closed(ClosedWhy.Refunded, Today) },
            { "canceled", new Fact.Closed(ClosedWhy.Cancelled) },
            { "LOST 2026-11-01", new Fact.Closed(ClosedWhy.Lost, new(2026, 11, 1)) },
        };

    [Theory]
    [MemberData(nameof(Told))]
    public void A_fact_is_told_in_few_words(string words, Fact fact)
    {
        FactWords.TryParse(words.Split(' '), Today, out var one, out var problem).ShouldBeTrue(problem);
        one.ShouldBe(fact);

        // The shell may hand over one text, or one word each.
        FactWords.TryParse([words], Today, out var same, out _).ShouldBeTrue();
        same.ShouldBe(fact);
    }

    [Theory]
    [InlineData("", "Say one of: dispute opened")]
    [InlineData("hello", "'hello' is none of the words")]
    [InlineData("dispute", "What became of the dispute is missing. Say: dispute opened [DAY]")]
    [InlineData("dispute won", "'won' is not one of the words. Say: dispute opened")]
    [InlineData("dispute opened 77", "write 'id 77'")]
    [InlineData("dispute opened id", "What comes after 'id' is missing")]
    [InlineData("dispute opened 23.90 EUR", "An amount belongs to the decision")]
    [InlineData("dispute refused id 77", "The id 77 has no place here")]
    [InlineData("dispute refused 27.11.2026", "'27.11.2026' is no day of the calendar; write it as 2026-11-27")]
    [InlineData("dispute refused 2026-11-31", "'2026-11-31' is no day of the calendar")]
    [InlineData("protection 9999-12-31", "'9999-12-31' is no day of the calendar")]
    [InlineData("dispute refused 2026-11-28", "2026-11-28 lies ahead (today is 2026-11-27)")]
    [InlineData("dispute refused 2026-11-20 2026-11-21", "There are two days")]
    [InlineData("refund 23.90 EUR", "'approved' or 'received' is missing. Say: refund approved|received")]
    [InlineData("refund approved 23.90", "'23.90' is neither a day (2026-11-27) nor an amount with its currency")]
    [InlineData("refund approved 1.012 TRY", "'1.012 TRY' is no amount")]
    [InlineData("refund approved 23,90 EUR", "'23,90 EUR' is no amount")]
    [InlineData("customs", "'hold-until' or 'notice' is missing")]
    [InlineData("customs 2026-12-14", "is it the last one?")]
    [InlineData("customs hold-until", "The last day is missing")]
    [InlineData("protection", "The day that the order page prints is missing. Say: protection DAY.")]
    [InlineData("missing received", "either missing or not")]
    [InlineData("missing notice 7", "'notice' has no place here")]
    [InlineData("received 23.90 EUR", "Money is told as: refund received 23.90 EUR.")]
    [InlineData("received with thanks", "'with' has no place here. Say: received|refunded|cancelled|lost [DAY].")]
    public void What_is_not_understood_is_refused_with_the_right_form(string words, string said)
    {
        FactWords.TryParse([words], Today, out var fact, out var problem).ShouldBeFalse();

        fact.ShouldBeNull();
        problem.ShouldContain(said);
    }

    [Fact]
    public void A_notice_told_after_the_last_day_does_not_forget_it() =>
        new Fact.CustomsHold(Notice: "A-12")
            .Over(new Fact.CustomsHold(Today, "A-11", "invoice"))
            .ShouldBe(new Fact.CustomsHold(Today, "A-12", "invoice"));
}
