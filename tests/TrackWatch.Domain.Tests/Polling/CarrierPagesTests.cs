using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Tests.Polling;

public sealed class CarrierPagesTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Every_page_is_a_safe_address_that_has_the_number_in_it()
    {
        CarrierPages.Carriers.Count().ShouldBeGreaterThan(25);
        foreach (var carrier in CarrierPages.Carriers)
        {
            var page = CarrierPages.Of("AB123", Verdict(), carrier, null, Nothing).ShouldHaveSingleItem();
            page.Carrier.ShouldBe(carrier);
            page.Address.Scheme.ShouldBe("https", carrier);
            page.Address.AbsoluteUri.ShouldContain("AB123");
        }
    }

    [Fact]
    public void Candidates_count_from_likely_on_and_only_with_a_right_check_digit()
    {
        var verdict = Verdict(
            new NumberCandidate("ups", NumberConfidence.Weak, CheckDigit.None),
            new NumberCandidate("fedex", NumberConfidence.Likely, CheckDigit.Wrong),
            new NumberCandidate("dpd", NumberConfidence.Likely, CheckDigit.Right),
            new NumberCandidate("nobody", NumberConfidence.Certain, CheckDigit.Right)
        );

        CarrierPages.Of("12345678901234", verdict, null, null, Nothing).Select(p => p.Carrier).ShouldBe(["dpd"]);
    }

    [Theory]
    [InlineData("GB", null, "royal_mail")]
    [InlineData("CN", "TR", "ptt")]
    [InlineData("CN", "FR", "la_poste")]
    [InlineData("GB", "GB", "royal_mail")]
    [InlineData("CN", null, null)]
    public void A_posts_number_leads_to_the_posts_of_both_ends(string origin, string? destination, string? first)
    {
        var verdict = Verdict(new NumberCandidate("s10", NumberConfidence.Certain, CheckDigit.Right, Origin: origin));

        string[] expected = first is null ? [] : [first];
        CarrierPages
            .Of($"RR473124829{origin}", verdict, null, destination, Nothing)
            .Select(p => p.Carrier)
            .ShouldBe(expected);
    }

    [Fact]
    public void The_carrier_of_the_order_stands_alone_where_its_page_is_known()
    {
        var verdict = Verdict(new NumberCandidate("dpd", NumberConfidence.Likely, CheckDigit.Right));

        CarrierPages.Of("1", verdict, "gls", null, Nothing).Select(p => p.Carrier).ShouldBe(["gls"]);
        CarrierPages.Of("1", verdict, "unheard-of", null, Nothing).Select(p => p.Carrier).ShouldBe(["dpd"]);
    }

    private static NumberVerdict Verdict(params NumberCandidate[] candidates) =>
        new(NumberVerdictKind.NoCheckDigit) { Candidates = candidates };
}
