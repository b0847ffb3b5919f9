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

    [Theory]
    [InlineData("LPOO612345678901", "LP00612345678901")] // letters for digits, as many as there are
    [InlineData("LP0061234567B901", "LP00612345678901")]
    [InlineData("LP001123345678901", null)] // too long, and more than one way out
    [InlineData("LP0612345678901", null)] // a digit is missing: nobody knows which
    [InlineData("LP012345678990123", "LP01234567890123")] // one key bounced
    [InlineData("CNGO0900000000110", "CNG00900000000110")]
    [InlineData("TBA20261122334A", null)]
    [InlineData("TBA2026I1223344", "TBA202611223344")]
    public void A_form_of_its_own_that_was_missed_by_little_is_said_and_put_right_where_there_is_one_way(
        string typed,
        string? meant
    )
    {
        var verdict = NumberCheck.Look(typed);

        verdict.LooksWrong.ShouldBe(typed != "TBA20261122334A", "an A among digits may be anything");
        verdict.Kind.ShouldBe(verdict.LooksWrong ? NumberVerdictKind.WrongForm : NumberVerdictKind.NoCheckDigit);
        verdict.Corrections.ShouldBe(meant is null ? [] : [meant]);
    }

    [Theory]
    [InlineData("rr 4731 2482 9 gb")]
    [InlineData("RR-473.124/829–GB")]
    [InlineData("\u200bRR473124829GB\ufeff")]
    [InlineData("RR\u00a0473\u202f124\u00ad829 GB")]
    [InlineData("ＲＲ４７３１２４８２９ＧＢ")]
    public void However_it_is_written_it_is_the_same_number(string written) =>
        TrackingNumber.Parse(written).Value.ShouldBe("RR473124829GB");

    [Theory]
    [InlineData("li12979072")]
    [InlineData("lı12979072")]
    [InlineData("Lİ12979072")]
    [InlineData("li\u030712979072")]
    public void A_Turkish_i_is_an_I(string written) => TrackingNumber.Parse(written).Value.ShouldBe("LI12979072");

    [Fact]
    public void The_sign_that_scanners_read_before_a_DPD_number_is_no_part_of_it() =>
        TrackingNumber.Parse("%0081 827 2026 1122 3456 78 136 276 X").Value.ShouldBe("008182720261122345678136276X");

    /// <summary>420 and a ZIP code of five digits before 26, or of nine before 22: both are 34 long.</summary>
    [Theory]
    [InlineData("420902101234", 21)]
    [InlineData("42090210", 25)]
    public void A_ZIP_code_before_a_USPS_number_is_taken_off_in_the_way_that_checks(string prefix, int body)
    {
        var number = Enumerable
            .Range(0, 10)
            .Select(c => $"{prefix}{"9400112026112234567891234"[..body]}{c}")
            .Single(n => NumberCheck.Look(n).Kind == NumberVerdictKind.RightCheckDigit);

        number.Length.ShouldBe(34);
        NumberCheck.Look(number).Candidates.ShouldHaveSingleItem().Carrier.ShouldBe("usps");
    }

    [Theory]
    [InlineData("RR473124829GB", "s10:certain royal_mail:likely", "registered letter", "GB")]
    [InlineData("LX900000019CN", "s10:certain", "tracked letter post", "CN")]
    [InlineData("CP100000034TR", "s10:certain ptt:likely", "parcel post", "TR")]
    [InlineData("UR473124829YP", "s10:certain yanwen:likely", "letter post without tracking", "CN")]
    [InlineData("1ZTW12340312345679", "ups:certain", "Ground", null)]
    [InlineData("9400112026112234567895", "usps:certain", "label bought online", "US")]
    [InlineData("LP2026112234567CN", "fourpx:likely", null, "CN")]
    [InlineData("LP00612345678901", "cainiao:likely", "AliExpress parcel", null)]
    [InlineData("YT2612345678901234", "yunexpress:likely", null, "CN")]
    [InlineData("YT2612345678901", "yto:likely", null, "CN")]
    [InlineData("00340434002026112231", "dhl_de:certain", null, "DE")]
    [InlineData("LX202611223344", "dhl_ecommerce:weak", null, null)]
    [InlineData("20261122345675", "hermes:likely dpd:likely dhl_ecommerce:weak gls:weak", null, "DE")]
    public void Who_it_may_be_of_comes_with_what_the_number_says(
        string number,
        string carriers,
        string? service,
        string? origin
    )
    {
        var candidates = NumberCheck.Look(number).Candidates;

        string.Join(' ', candidates.Select(c => $"{c.Carrier}:{c.Confidence.ToString().ToLowerInvariant()}"))
            .ShouldBe(carriers);
        (candidates[0].Service, candidates[0].Origin).ShouldBe((service, origin));
    }

    [Theory]
    [InlineData("2026112233", true)] // Express, its check fits
    [InlineData("00340434002026112231", true)]
    [InlineData("2026112234", false)]
    [InlineData("60120271828182", false)] // as many digits as others have too
    [InlineData("LP00612345678901", false)]
    public void A_source_that_serves_some_carriers_can_ask_whether_a_number_may_be_theirs(string number, bool likely) =>
        NumberCheck.Look(number).IsLikely("dhl", "dhl_de", "dhl_ecommerce").ShouldBe(likely);

    [Theory]
    [InlineData("8171234567890123", true)]
    [InlineData("817123456789012", true)]
    [InlineData("81712345678901234", true)]
    [InlineData("2026112234567890", false)] // Canada Post, and its check fits
    [InlineData("8171234567890", false)]
    [InlineData("A171234567890123", false)]
    public void As_many_digits_as_an_order_number_are_said_to_be_perhaps_one(string number, bool may)
    {
        NumberCheck.Look(number).MayBeOrderNumber.ShouldBe(may);
        (NumberWords.Doubt(number)?.Contains("order number", StringComparison.Ordinal) ?? false).ShouldBe(may);
    }

    [Fact]
    public void Digits_that_carriers_without_a_check_use_too_are_not_called_wrong()
    {
        var verdict = NumberCheck.Look("202611223450");

        verdict.Kind.ShouldBe(NumberVerdictKind.NoCheckDigit);
        verdict.Candidates.Single(c => c.Carrier == "fedex").CheckDigit.ShouldBe(CheckDigit.Wrong);
        NumberWords.Doubt("202611223450").ShouldBeNull();
    }

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
