using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Registering;

public sealed class FactsAndMoneyTests
{
    [Fact]
    public void The_newest_telling_of_each_fact_counts_whoever_told_it()
    {
        var facts = OrderFacts.Unite([
            Told(new Fact.ProtectionEnds(Some.May(30)), FactOrigin.Command, Some.May(9)),
            Told(new Fact.ProtectionEnds(Some.May(20)), FactOrigin.File, Some.May(2)),
            Told(new Fact.StepDone(Step.ContactSeller), FactOrigin.Mail, Some.May(5)),
            Told(new Fact.StepDone(Step.CheckNumber), FactOrigin.File, Some.May(1)),
        ]);

        facts.Protection!.On.ShouldBe(Some.May(30));
        facts.Done(Step.ContactSeller)!.Origin.ShouldBe(FactOrigin.Mail);
        facts.Done(Step.CheckNumber).ShouldNotBeNull();
        facts.Done(Step.OpenDispute).ShouldBeNull();
        facts.All.Count().ShouldBe(3);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, ClosedWhy.Received)]
    [InlineData(true, ClosedWhy.Lost)]
    public void A_closed_order_or_one_whose_money_is_back_is_final(bool final, ClosedWhy? why)
    {
        (why is { } closed ? Some.Facts((new Fact.Closed(closed), Some.May(1))) : OrderFacts.None).AreFinal.ShouldBe(
            final
        );
        Some.Facts((new Fact.RefundReceived(), Some.May(1))).AreFinal.ShouldBeTrue();
        Some.Facts((new Fact.RefundApproved(), Some.May(1))).AreFinal.ShouldBeFalse();
    }

    [Theory]
    [InlineData("23.90 EUR", "23.90 EUR")]
    [InlineData(" eur  23.9 ", "23.9 EUR")]
    [InlineData("1200 JPY", "1200 JPY")]
    [InlineData("1.234 KWD", "1.234 KWD")]
    [InlineData("0 EUR", "0 EUR")]
    [InlineData("1.012 TRY", null)]
    [InlineData("23,90 EUR", null)]
    [InlineData("1,234.50 EUR", null)]
    [InlineData("-5 EUR", null)]
    [InlineData("23.90", null)]
    [InlineData("23.90 EURO", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Money_is_read_with_its_currency_and_no_more_decimals_than_that_has(string? text, string? read) =>
        (Money.TryParse(text, out var money) ? money.ToString() : null).ShouldBe(read);

    private static ToldFact Told(Fact fact, FactOrigin origin, DateOnly on) => new(fact, origin, Some.Noon(on));
}
