namespace TrackWatch.Domain.Polling;

/// <summary>What a look at a number comes to, in English: for commands, warnings and logs.</summary>
public static class NumberWords
{
    /// <summary>Why the number is probably not what was meant, and what may have been; null = nothing speaks against it.</summary>
    /// <param name="number">In normal form.</param>
    public static string? Doubt(string number) => Doubt(number, NumberCheck.Look(number));

    public static string? Doubt(string number, NumberVerdict verdict) =>
        verdict.Kind switch
        {
            NumberVerdictKind.NotANumber => $"{number} does not look like a tracking number",
            NumberVerdictKind.WrongCheckDigit =>
                $"the check digit of {number} does not fit{Order(verdict)}; {Meant(verdict)}",
            NumberVerdictKind.WrongForm =>
                $"{number} is too long, too short or has a wrong character ({verdict.FormMeant}); {Meant(verdict)}",
            _ when verdict.MayBeOrderNumber => $"{number} may be an order number and not a tracking number; "
                + "the tracking number stands on the order's tracking page",
            _ => null,
        };

    private static string Order(NumberVerdict verdict) =>
        verdict.MayBeOrderNumber ? " (it may be an order number)" : "";

    private static string Meant(NumberVerdict verdict) =>
        verdict.Corrections.Count == 0
            ? "copy it again from the order page"
            : $"did you mean {string.Join(" or ", verdict.Corrections.Take(3))}?";
}
