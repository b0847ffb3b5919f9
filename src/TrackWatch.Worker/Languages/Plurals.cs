namespace TrackWatch.Worker.Languages;

/// <summary>
/// Which plural category a whole number falls into, as an index into those that the language has, in CLDR's order (zero,
/// one, two, few, many, other). Source: CLDR 48, cardinal rules for integers.
/// </summary>
internal static class Plurals
{
    private static readonly Dictionary<string, Func<int, int>> Categories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = OneOrOther,
        // After a number Turkish nouns stay singular, so most of its texts give one form, which then does for both.
        ["tr"] = OneOrOther,
        ["de"] = OneOrOther,
        // "many" is for whole millions alone (1 000 000 de colis): a text may leave it out and give two forms.
        ["fr"] = n => n is 0 or 1 ? 0 : ManyOrOther(n),
        ["pt-BR"] = n => n is 0 or 1 ? 0 : ManyOrOther(n),
        ["es"] = n => n == 1 ? 0 : ManyOrOther(n),
        ["it"] = n => n == 1 ? 0 : ManyOrOther(n),
        ["nl"] = OneOrOther,
        // The category "other" of these three is for fractions alone, so whole numbers know one, few and many.
        ["ru"] = OneFewOrMany,
        ["uk"] = OneFewOrMany,
        ["pl"] = n =>
            n == 1 ? 0
            : IsFew(n) ? 1
            : 2,
        ["ar"] = n =>
            n switch
            {
                0 or 1 or 2 => n,
                _ when n % 100 is >= 3 and <= 10 => 3,
                _ when n % 100 is >= 11 and <= 99 => 4,
                _ => 5,
            },
    };

    public static int Of(string language, int n) => Categories.GetValueOrDefault(language, OneOrOther)(n);

    private static int ManyOrOther(int n) => n != 0 && n % 1_000_000 == 0 ? 1 : 2;

    private static int OneFewOrMany(int n) =>
        n % 10 == 1 && n % 100 != 11 ? 0
        : IsFew(n) ? 1
        : 2;

    private static bool IsFew(int n) => n % 10 is >= 2 and <= 4 && n % 100 is not (>= 12 and <= 14);

    private static int OneOrOther(int n) => n == 1 ? 0 : 1;
}
