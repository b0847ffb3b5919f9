namespace TrackWatch.Domain.Polling;

/// <summary>What a number says of itself.</summary>
public enum NumberVerdictKind
{
    /// <summary>Its family has a check digit, and it fits.</summary>
    RightCheckDigit,

    /// <summary>It has the shape of a family with a check, or is one slip away from it, and cannot be right as it stands.</summary>
    WrongCheckDigit,

    /// <summary>A plausible number of a family without a check, or of no family known here.</summary>
    NoCheckDigit,

    /// <summary>No tracking number at all.</summary>
    NotANumber,
}

/// <summary>How sure it is that a number is of a carrier.</summary>
public enum NumberConfidence
{
    /// <summary>Digits of a common length: never enough to pick by.</summary>
    Weak,

    /// <summary>A prefix of its own, or a check digit that fits.</summary>
    Likely,

    /// <summary>A prefix of its own and a check digit that fits.</summary>
    Certain,
}

public enum CheckDigit
{
    /// <summary>The form has none.</summary>
    None,
    Right,
    Wrong,
}

/// <summary>A carrier whose number it may be.</summary>
/// <param name="Carrier">Its id: <c>s10</c>, <c>cainiao</c>, <c>dhl</c> …</param>
/// <param name="Service">What the number says of the service, in English; null = nothing.</param>
/// <param name="Origin">ISO 3166 alpha-2 of the issuing operator's country; null = the number does not say.</param>
public sealed record NumberCandidate(
    string Carrier,
    NumberConfidence Confidence,
    CheckDigit CheckDigit,
    string? Service = null,
    string? Origin = null
);

/// <param name="Corrections">Numbers one slip away that do check, likeliest first; empty unless the check digit is wrong.</param>
public sealed record NumberVerdict(NumberVerdictKind Kind, IReadOnlyList<string> Corrections)
{
    /// <summary>The likeliest first.</summary>
    public IReadOnlyList<NumberCandidate> Candidates { get; init; } = [];

    /// <summary>True where it may well be a number of one of these carriers.</summary>
    public bool IsLikely(params ReadOnlySpan<string> carriers)
    {
        foreach (var candidate in Candidates)
            if (
                candidate is { Confidence: > NumberConfidence.Weak, CheckDigit: not CheckDigit.Wrong }
                && carriers.Contains(candidate.Carrier)
            )
                return true;
        return false;
    }

    internal static readonly NumberVerdict Right = new(NumberVerdictKind.RightCheckDigit, []);
    internal static readonly NumberVerdict Unchecked = new(NumberVerdictKind.NoCheckDigit, []);
    internal static readonly NumberVerdict NoNumber = new(NumberVerdictKind.NotANumber, []);
}

/// <summary>Finds typing mistakes before a wrong number is asked about for weeks.</summary>
public static class NumberCheck
{
    public const int MaxCorrections = 5;

    private static readonly S10 Post = new();

    /// <summary>The families with a check, the most certain first.</summary>
    private static readonly NumberFamily[] Families = [Post];

    /// <summary>
    /// Letter post of the world's posts with service indicator U: nobody promises scans after the hand-over (numbers.md, 1).
    /// </summary>
    public static bool IsUntrackedLetter(string number) => number is ['U', ..] && Post.Fits(number);

    public static NumberVerdict Look(string? text) =>
        TrackingNumber.TryParse(text, out var number) ? Look(number) : NumberVerdict.NoNumber;

    public static NumberVerdict Look(TrackingNumber number)
    {
        var value = number.Value;
        if (value is null || !value.Any(char.IsAsciiDigit))
            return NumberVerdict.NoNumber;
        if (Families.Any(family => family.Fits(value)))
            return NumberVerdict.Right;
        foreach (var family in Families)
        {
            var corrections = Slips.Of(value).Where(family.Fits).Distinct().Take(MaxCorrections).ToList();
            if (family.HasShape(value) || (corrections.Count > 0 && !family.IsAnothers(value)))
                return new(NumberVerdictKind.WrongCheckDigit, corrections);
        }
        return NumberVerdict.Unchecked;
    }
}

/// <summary>A family of numbers that can be held against a check digit.</summary>
internal abstract class NumberFamily
{
    public abstract bool HasShape(string number);

    /// <summary>True where shape and check are right.</summary>
    public abstract bool Fits(string number);

    /// <summary>True where a number that is close to this family is the regular form of one without a check.</summary>
    public abstract bool IsAnothers(string number);
}
