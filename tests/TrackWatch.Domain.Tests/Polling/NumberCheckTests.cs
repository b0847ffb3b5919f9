using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Tests.Polling;

public sealed class NumberCheckTests
{
    private static readonly int[] Weights = [8, 6, 4, 2, 3, 5, 9, 7];

    [Theory]
    [InlineData("RR473124829GB")]
    [InlineData("LX900000019CN")]
    [InlineData("CP100000034TR")]
    [InlineData("RB202601140CN")] // 10 becomes 0
    [InlineData("UV202601025SG")] // 11 becomes 5
    [InlineData(" rr 4731-2482.9 gb ")]
    [InlineData("RR473124829YP")] // Yanwen's, no country
    [InlineData("RR473124829BG")] // Bulgaria's: nothing shows that Britain was meant
    public void A_right_number_of_the_post_is_right(string number) =>
        NumberCheck.Look(number).Kind.ShouldBe(NumberVerdictKind.RightCheckDigit);

    [Fact]
    public void An_operator_that_does_not_exist_is_wrong_even_with_a_fitting_digit() =>
        NumberCheck.Look("RR473124829XX").Kind.ShouldBe(NumberVerdictKind.WrongCheckDigit);

    [Theory]
    [InlineData("RR437124829GB", "RR473124829GB")] // two neighbours swapped
    [InlineData("RR473I24829GB", "RR473124829GB")] // a letter for a digit
    [InlineData("RR473124829G8", "RR473124829GB")] // a digit for a letter
    [InlineData("RR4731224829GB", "RR473124829GB")] // a key that bounced
    [InlineData("LX90000019CN", "LX900000019CN")] // a repeated digit written once
    [InlineData("LV473124829VL", "LV473124829LV")] // no such operator
    public void One_slip_is_found_and_the_likeliest_correction_comes_first(string typed, string meant)
    {
        var verdict = NumberCheck.Look(typed);

        verdict.Kind.ShouldBe(NumberVerdictKind.WrongCheckDigit);
        verdict.Corrections[0].ShouldBe(meant);
        verdict.Corrections.Count.ShouldBeLessThanOrEqualTo(NumberCheck.MaxCorrections);
        verdict.Corrections.ShouldBeUnique();
        verdict.Corrections.ShouldAllBe(c => NumberCheck.Look(c).Kind == NumberVerdictKind.RightCheckDigit);
    }

    /// <summary>Nine digits can be the wrong one: only a few of the ways to mend it are worth showing.</summary>
    [Theory]
    [InlineData("RR473124828GB")]
    [InlineData("RR413124829GB")]
    public void A_neighbouring_key_is_among_the_corrections_of_a_wrong_digit(string typed) =>
        NumberCheck.Look(typed).Corrections.ShouldContain("RR473124829GB");

    [Theory]
    [InlineData("LP00612345678901")]
    [InlineData("CNG00900000000110")]
    [InlineData("AE900000017")]
    [InlineData("UZ9000000011Y")]
    [InlineData("RS1234567890Y")]
    [InlineData("YT2612345678901234")]
    [InlineData("HELLO123")]
    public void A_number_without_a_check_is_left_alone(string number) =>
        NumberCheck.Look(number).Kind.ShouldBe(NumberVerdictKind.NoCheckDigit);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("where is my parcel?")]
    [InlineData("ABCDEFGHIJ")]
    public void What_cannot_be_a_number_is_none(string? text) =>
        NumberCheck.Look(text).Kind.ShouldBe(NumberVerdictKind.NotANumber);

    /// <summary>
    /// The weights are all foreign to 11, so any wrong digit changes the remainder. The digit does not tell all remainders
    /// apart, though: 0 and 6 both give 5, and only a slip between those two passes.
    /// </summary>
    [Fact]
    public void Every_wrong_digit_and_every_swap_is_caught_but_between_the_two_remainders_that_share_a_digit()
    {
        Prop.ForAll(
                (
                    from body in Bodies
                    from at in Gen.Choose(0, 8)
                    from add in Gen.Choose(1, 9)
                    select (body, at, add)
                ).ToArbitrary(),
                slip =>
                {
                    var number = S10Of(slip.body);
                    var digits = number.ToCharArray();
                    digits[2 + slip.at] = (char)('0' + ((digits[2 + slip.at] - '0' + slip.add) % 10));
                    var wrong = new string(digits);
                    var kind = NumberCheck.Look(wrong).Kind;
                    var twins = Twins(number, wrong);
                    return kind == (twins ? NumberVerdictKind.RightCheckDigit : NumberVerdictKind.WrongCheckDigit);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    /// <summary>Swaps are offered first, and of eight swaps no more than five ever fit at once in what is tried here.</summary>
    [Fact]
    public void Two_swapped_digits_are_put_back()
    {
        Prop.ForAll(
                (from body in Bodies from at in Gen.Choose(0, 7) select (body, at)).ToArbitrary(),
                slip =>
                {
                    var number = S10Of(slip.body);
                    var digits = number.ToCharArray();
                    (digits[2 + slip.at], digits[3 + slip.at]) = (digits[3 + slip.at], digits[2 + slip.at]);
                    var verdict = NumberCheck.Look(new string(digits));
                    return verdict.Kind == NumberVerdictKind.RightCheckDigit || verdict.Corrections.Contains(number);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_text_at_all_upsets_the_check()
    {
        Prop.ForAll(
                ArbMap.Default.ArbFor<string?>(),
                text =>
                    NumberCheck.Look(text) is var verdict
                    && (verdict.Corrections.Count == 0 || verdict.Kind == NumberVerdictKind.WrongCheckDigit)
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("LP00612345678901", true, "cainiao")]
    [InlineData("SIMMOVING01", true, "simulated")]
    [InlineData("SIMMOVING01", false, "cainiao")]
    public void A_number_is_asked_at_cainiao_and_a_made_up_one_where_those_are_on(
        string number,
        bool simulated,
        string id
    ) => ProviderChoice.For(TrackingNumber.Parse(number), simulated).ShouldBe(id);

    private static Gen<string> Bodies => Gen.Choose(0, 99_999_999).Select(n => n.ToString("D8", null));

    /// <summary>The one of the ten check digits that fits.</summary>
    private static string S10Of(string body) =>
        Enumerable
            .Range(0, 10)
            .Select(c => $"RR{body}{c}TR")
            .Single(n => NumberCheck.Look(n).Kind == NumberVerdictKind.RightCheckDigit);

    private static bool Twins(string number, string wrong) =>
        number[10] == wrong[10] && Remainder(number) + Remainder(wrong) == 6 && Remainder(number) is 0 or 6;

    private static int Remainder(string number) =>
        Weights.Select((weight, i) => weight * (number[2 + i] - '0')).Sum() % 11;
}
