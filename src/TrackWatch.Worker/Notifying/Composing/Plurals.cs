namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>
/// Which plural category a whole number falls into, as an index into the language's categories in CLDR's order (zero, one,
/// two, few, many, other; those that the language has). Source: CLDR 48 cardinal rules for integers.
/// </summary>
internal static class Plurals
{
    public static int Of(string language, int n) =>
        language switch
        {
            // en: one, other. tr: one, other; after a number its nouns stay singular, so one form does for both.
            "en" or "tr" => n == 1 ? 0 : 1,
            _ => n == 1 ? 0 : 1,
        };
}
