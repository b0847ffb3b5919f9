using System.Collections.Frozen;

namespace TrackWatch.Domain.Polling;

/// <summary>The numbers of the world's posts: two letters, eight digits and a check digit, the issuing operator's country.</summary>
internal sealed class S10 : NumberFamily
{
    private const int Length = 13;
    private static readonly int[] Weights = [8, 6, 4, 2, 3, 5, 9, 7];

    // ISO 3166-1 alpha-2, and YP, which Yanwen uses without being a country (numbers.md, 1).
    private static readonly FrozenSet<string> Operators = (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
        + "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR "
        + "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
        + "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT "
        + "MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
        + "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ "
        + "UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YP YT ZA ZM ZW"
    )
        .Split(' ')
        .ToFrozenSet();

    public override bool HasShape(string number) =>
        number.Length == Length
        && char.IsAsciiLetterUpper(number[0])
        && char.IsAsciiLetterUpper(number[1])
        && number.AsSpan(2, 9).IndexOfAnyExceptInRange('0', '9') < 0
        && char.IsAsciiLetterUpper(number[11])
        && char.IsAsciiLetterUpper(number[12]);

    public override bool Fits(string number) =>
        HasShape(number) && CheckDigit(number.AsSpan(2, 8)) == number[10] && Operators.Contains(number[11..]);

    // Cainiao's UZ9000000011Y is one look-alike away from a Libyan number, and right as it is.
    public override bool IsAnothers(string number) =>
        number.Length == Length && number[^1] == 'Y' && char.IsAsciiDigit(number[^2]);

    internal static char CheckDigit(ReadOnlySpan<char> body)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
            sum += Weights[i] * (body[i] - '0');
        return (11 - (sum % 11)) switch
        {
            10 => '0',
            11 => '5',
            var digit => (char)('0' + digit),
        };
    }
}
