using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Polling.Numbers;

namespace TrackWatch.Domain.Tests.Polling;

/// <summary>What the families' checks promise, over numbers made by their own shapes.</summary>
public sealed class NumberPropertyTests
{
    private static readonly NumberRule[] Checked = [.. NumberCatalogue.Rules.Where(r => r.Check is not null)];

    /// <summary>A right number of some family.</summary>
    private sealed record Made(NumberRule Rule, NumberShape Shape, string Number)
    {
        public int[] Digits => [.. Enumerable.Range(0, Number.Length).Where(i => char.IsAsciiDigit(Number[i]))];

        public override string ToString() => $"{Number} ({Rule.Data.Carrier}, {Rule.Data.Form})";
    }

    private static Gen<Made> Numbers =>
        from rule in Gen.Elements(Checked)
        from shape in Gen.Elements(rule.Shapes.ToArray())
        from picks in Gen.Choose(0, int.MaxValue - 1).ListOf(TrackingNumber.MaxLength + 1)
        select Make(rule, shape, [.. picks]);

    private static Made Make(NumberRule rule, NumberShape shape, int[] picks)
    {
        var at = 0;
        var number = shape.Make(n => picks[at++] % n);
        if (rule.Data.Issuers is { } issuers)
        {
            var codes = issuers.Codes.Split(' ');
            number = number[..^2] + codes[picks[^1] % codes.Length];
        }
        return new Made(rule, shape, shape.WithCheck(number, rule.Check!));
    }

    [Fact]
    public void Every_number_with_its_check_digit_is_right_and_names_its_carrier() =>
        Prop.ForAll(
                Numbers.ToArbitrary(),
                made =>
                    NumberCheck.Look(made.Number)
                        is { Kind: NumberVerdictKind.RightCheckDigit, Corrections: [] } verdict
                    && verdict.Candidates.Any(c =>
                        c.Carrier == made.Rule.Data.Carrier && c.CheckDigit == CheckDigit.Right
                    )
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    /// <summary>
    /// S10 and the families by 37,36, Luhn or odd weights miss what arithmetic says they must miss, and nothing else: an even
    /// weight cannot tell two digits five apart, the remainder of 7 none that are seven apart.
    /// </summary>
    [Fact]
    public void A_wrong_digit_is_missed_only_where_the_arithmetic_cannot_see_it() =>
        Prop.ForAll(
                (
                    from made in Numbers
                    from at in Gen.Choose(0, 99)
                    from add in Gen.Choose(1, 9)
                    select (made, at, add)
                ).ToArbitrary(),
                slip =>
                {
                    var body = BodyOf(slip.made);
                    var at = slip.at % body.Length;
                    if (body[at] > 9)
                        return true;
                    var wrong = body.ToArray();
                    wrong[at] = (byte)((body[at] + slip.add) % 10);
                    var check = slip.made.Rule.Check!;
                    return check.CharacterOf(wrong)
                        == check.CharacterOf(body)
                        == MustMiss(slip.made.Rule.Data.Check!, body, wrong, at);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Theory]
    [InlineData("s10", 0.02)]
    [InlineData("mod11-mod10", 0.03)]
    [InlineData("mod7", 0.09)]
    [InlineData("luhn", 0)]
    [InlineData("mod37-36", 0)]
    public void No_more_wrong_digits_are_missed_than_the_check_is_known_for(string check, double atMost)
    {
        var random = new Random(20261122);
        var (missed, all) = (0, 0);
        foreach (var rule in Checked.Where(r => r.Data.Check!.By == check))
            for (var n = 0; n < 200; n++)
            {
                var made = Make(
                    rule,
                    rule.Shapes[n % rule.Shapes.Count],
                    [.. Enumerable.Range(0, TrackingNumber.MaxLength + 1).Select(_ => random.Next())]
                );
                var body = BodyOf(made);
                var right = rule.Check!.CharacterOf(body);
                foreach (var at in Enumerable.Range(0, body.Length))
                    for (byte digit = 0; digit <= 9; digit++)
                    {
                        var wrong = body.ToArray();
                        wrong[at] = digit;
                        all += digit == body[at] ? 0 : 1;
                        missed += digit != body[at] && rule.Check.CharacterOf(wrong) == right ? 1 : 0;
                    }
            }

        all.ShouldBeGreaterThan(10_000);
        ((double)missed / all).ShouldBeLessThanOrEqualTo(atMost);
        if (atMost > 0)
            missed.ShouldBeGreaterThan(0, "or the figure promises too little");
    }

    /// <summary>At most five are shown and nine can fit; the list they are taken from has them all.</summary>
    [Fact]
    public void The_number_that_was_meant_is_among_all_corrections_of_a_swap_or_a_wrong_digit() =>
        Prop.ForAll(
                (
                    from made in Numbers
                    from at in Gen.Choose(0, 99)
                    from add in Gen.Choose(0, 9)
                    select (made, at, add)
                ).ToArbitrary(),
                slip =>
                {
                    var (made, at, add) = slip;
                    var typed = add == 0 ? Swapped(made, at) : Replaced(made, at, add);
                    return typed == made.Number
                        || !IsStill(made.Rule, typed)
                        || NumberCheck.Look(typed).Kind == NumberVerdictKind.RightCheckDigit
                        || NumberCheck.AllCorrections(TrackingNumber.Parse(typed)).Contains(made.Number);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Every_correction_is_right_and_no_more_than_five_are_shown() =>
        Prop.ForAll(
                (
                    from made in Numbers
                    from at in Gen.Choose(0, 99)
                    from add in Gen.Choose(1, 9)
                    select (made, at, add)
                ).ToArbitrary(),
                slip =>
                {
                    var verdict = NumberCheck.Look(Replaced(slip.made, slip.at, slip.add));
                    return verdict.Corrections.Count <= NumberCheck.MaxCorrections
                        && verdict.Corrections.Distinct().Count() == verdict.Corrections.Count
                        && verdict.Corrections.All(c => NumberCheck.Look(c).Kind == NumberVerdictKind.RightCheckDigit);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    /// <summary>Swaps are the likeliest slips: among five corrections the one that undoes the only possible swap is never missing.</summary>
    [Fact]
    public void A_swap_that_is_the_only_one_to_fit_is_shown_first()
    {
        var shown = 0;
        Prop.ForAll(
                (
                    from made in Numbers.Where(m => m.Rule.IsOwn)
                    from at in Gen.Choose(0, 99)
                    select (made, at)
                ).ToArbitrary(),
                slip =>
                {
                    var typed = Swapped(slip.made, slip.at);
                    if (typed == slip.made.Number || !IsStill(slip.made.Rule, typed))
                        return true;
                    var swaps = Enumerable
                        .Range(0, typed.Length - 1)
                        .Select(i => Swap(typed, i))
                        .Count(n => n != typed && NumberCheck.Look(n).Kind == NumberVerdictKind.RightCheckDigit);
                    if (swaps != 1 || NumberCheck.Look(typed).Kind == NumberVerdictKind.RightCheckDigit)
                        return true;
                    shown++;
                    return NumberCheck.Look(typed).Corrections is [var first, ..] && first == slip.made.Number;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
        shown.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void No_text_throws_whatever_its_letters_and_length()
    {
        Prop.ForAll(
                Gen.Choose(0, char.MaxValue).Select(c => (char)c).ArrayOf().Select(c => new string(c)).ToArbitrary(),
                text => NumberCheck.Look(text) is { } && NumberCheck.Look(text + "1234567") is { }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
        foreach (var c in "0A1Z９ｱ\ud800\u200b%-")
            NumberCheck.Look(new string(c, 10_000)).Kind.ShouldBe(NumberVerdictKind.NotANumber);
        NumberCheck.Look("12345\ud800").Kind.ShouldBe(NumberVerdictKind.NotANumber);
    }

    [Fact]
    public void Letters_and_digits_of_any_length_get_a_verdict_with_corrections_only_where_a_check_is_wrong() =>
        Prop.ForAll(
                (
                    from length in Gen.Choose(TrackingNumber.MinLength, TrackingNumber.MaxLength)
                    from text in Gen.Elements("0123456789ABCLPRSTXYZ".ToCharArray()).ArrayOf(length)
                    select new string(text)
                ).ToArbitrary(),
                text =>
                    NumberCheck.Look(text) is var verdict
                    && (
                        verdict.Corrections.Count == 0
                        || verdict.LooksWrong
                        || verdict.Candidates.Any(c => c.CheckDigit == CheckDigit.Wrong)
                    )
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static byte[] BodyOf(Made made)
    {
        var values = made.Number.Select(Values.Of).ToArray();
        return made.Shape.Body(values).ToArray();
    }

    /// <summary>Reckoned by itself: what the rule's arithmetic cannot tell apart.</summary>
    private static bool MustMiss(CheckData check, byte[] body, byte[] wrong, int at)
    {
        int[] weights = [.. check.Weights];
        var place = check.FromRight ? body.Length - 1 - at : at;
        return check.By switch
        {
            "s10" => PostalDigit(body) == PostalDigit(wrong),
            "mod10" => weights[place % weights.Length] % 2 == 0 && Math.Abs(body[at] - wrong[at]) == 5,
            "mod11-mod10" => Remainder11(body, weights) == Remainder11(wrong, weights)
                || (Remainder11(body, weights) % 10 == 0 && Remainder11(wrong, weights) % 10 == 0),
            "mod7" => Math.Abs(body[at] - wrong[at]) == 7,
            "sf" => TensAndUnits(body, at) % 10 == TensAndUnits(wrong, at) % 10,
            _ => false,
        };
    }

    private static int PostalDigit(byte[] body)
    {
        int[] weights = [8, 6, 4, 2, 3, 5, 9, 7];
        var rest = weights.Select((w, i) => w * body[i]).Sum() % 11;
        return rest is 0 ? 5
            : rest is 1 ? 0
            : 11 - rest;
    }

    private static int Remainder11(byte[] body, int[] weights) =>
        body.Select((digit, i) => weights[i % weights.Length] * digit).Sum() % 11;

    private static int TensAndUnits(byte[] body, int at)
    {
        var product = ((2 * (body.Length - 1 - at)) + 1) * body[at];
        return (product / 10) + (product % 10);
    }

    private static bool IsStill(NumberRule rule, string typed)
    {
        var values = typed.Select(Values.Of).ToArray();
        return !rule.Data.Hint && rule.Shapes.Any(s => s.Matches(values));
    }

    private static string Swapped(Made made, int at) => Swap(made.Number, at % (made.Number.Length - 1));

    private static string Swap(string number, int at) =>
        $"{number[..at]}{number[at + 1]}{number[at]}{number[(at + 2)..]}";

    private static string Replaced(Made made, int at, int add)
    {
        var place = made.Digits[at % made.Digits.Length];
        var typed = made.Number.ToCharArray();
        typed[place] = (char)('0' + ((typed[place] - '0' + add) % 10));
        return new string(typed);
    }
}
