using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Polling.Numbers;

namespace TrackWatch.Domain.Tests.Polling;

/// <summary>The data files of the number families, by the proof cases that stand in them.</summary>
public sealed class NumberFamiliesTests
{
    private static readonly string[] Marks = ["V", "D", "I", "M"];

    public static IEnumerable<object[]> Rules =>
        NumberCatalogue.Rules.Select((rule, i) => new object[] { i, $"{rule.Data.Carrier}: {rule.Data.Form}" });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_form_takes_its_proof_cases_and_refuses_the_others(int index, string form)
    {
        var rule = NumberCatalogue.Rules[index];

        rule.Data.Valid.ShouldNotBeEmpty(form);
        rule.Data.Valid.ShouldAllBe(number => rule.Fits(number));
        rule.Data.Invalid.ShouldNotBeEmpty(form);
        rule.Data.Invalid.ShouldAllBe(number => !rule.Fits(number));
        rule.Data.Source.ShouldNotBeNullOrWhiteSpace();
        Marks.ShouldContain(rule.Data.Mark);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_proof_case_names_its_carrier_and_says_that_its_check_fits(int index, string form)
    {
        var rule = NumberCatalogue.Rules[index];
        foreach (var number in rule.Data.Valid)
        {
            var verdict = NumberCheck.Look(number);
            // A weak form gives way to one that nothing else looks like.
            if (
                rule.Data.Strength == NumberConfidence.Weak
                && verdict.Candidates[0].Confidence == NumberConfidence.Certain
            )
                continue;
            var candidate = verdict.Candidates.Single(c => c.Carrier == rule.Data.Carrier);

            candidate.CheckDigit.ShouldNotBe(CheckDigit.Wrong, $"{form}: {number}");
            if (rule.Check is not null && !rule.Data.Hint)
            {
                candidate.CheckDigit.ShouldBe(CheckDigit.Right, $"{form}: {number}");
                verdict.Kind.ShouldBe(NumberVerdictKind.RightCheckDigit);
            }
            if (rule.Data.Strength == NumberConfidence.Certain)
                verdict.Candidates[0].Carrier.ShouldBe(rule.Data.Carrier, $"{form}: {number}");
        }
    }

    [Fact]
    public void Each_carrier_of_the_contract_has_a_form_or_stands_behind_one()
    {
        const string Promised =
            "s10 cainiao yunexpress fourpx yanwen sf_express ups fedex usps dhl dhl_de dhl_ecommerce dpd gls hermes evri "
            + "royal_mail la_poste deutsche_post ptt postnl correos inpost canada_post australia_post amazon purolator canpar "
            + "landmark gofo lasership ontrac old_dominion";
        var known = NumberCatalogue
            .Rules.Select(r => r.Data.Carrier)
            .Concat(NumberCatalogue.Rules.SelectMany(r => r.Data.Issuers?.Carriers.Values ?? []));

        Promised.Split(' ').Except(known).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("( #8 ")]
    [InlineData("#8 !")]
    [InlineData("#3-4 #5-6")]
    [InlineData("ab #8")]
    public void A_shape_that_is_not_in_the_notation_is_refused(string words) =>
        Should.Throw<FormatException>(() => NumberShape.Parse(words).ToList());

    [Theory]
    [InlineData("carrier", "carier")]
    [InlineData("\"Likely\"", "\"Probably\"")]
    public void A_data_file_with_a_slip_is_refused(string good, string slip)
    {
        const string File = """
            {"carriers": {"x": "X"}, "rules": [{"carrier": "x", "form": "8 digits", "shapes": ["#8"], "strength": "Likely",
             "mark": "M", "source": "here", "valid": ["12345678"], "invalid": ["1"]}]}
            """;
        System.Text.Json.JsonSerializer.Deserialize(File, FamilyJson.Default.FamilyData)!.Rules.ShouldHaveSingleItem();

        Should.Throw<System.Text.Json.JsonException>(() =>
            System.Text.Json.JsonSerializer.Deserialize(File.Replace(good, slip), FamilyJson.Default.FamilyData)
        );
    }
}
