namespace TrackWatch.Domain.Polling;

/// <summary>What a number says of itself.</summary>
public enum NumberVerdictKind
{
    /// <summary>Its family has a check digit, and it fits.</summary>
    RightCheckDigit,

    /// <summary>It has the shape of a family with a check, or is one slip away from it, and cannot be right as it stands.</summary>
    WrongCheckDigit,

    /// <summary>It begins like a family without a check, and is a little too long, too short, or has a letter among its digits.</summary>
    WrongForm,

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

    /// <summary>A prefix or form that no other family has, and a check digit that fits where the family has one.</summary>
    Certain,
}

public enum CheckDigit
{
    /// <summary>The form has none.</summary>
    None,
    Right,
    Wrong,
}

/// <summary>How far a service promises scans, by what the number says.</summary>
public enum ScansPromised
{
    /// <summary>It does not say.</summary>
    Unsaid,
    ToTheDoor,

    /// <summary>With gaps, or without a signature.</summary>
    Partly,

    /// <summary>Nobody promises one; silence after the hand-over is normal.</summary>
    None,
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
)
{
    /// <summary>The carrier's name, for people.</summary>
    public string Name { get; init; } = Carrier;

    /// <summary>The form in words, in English: <c>LP and 14 digits</c>; null = not known.</summary>
    public string? Form { get; init; }

    /// <summary>The post that gave the number out; null = it does not say, or the name is not known.</summary>
    public string? Issuer { get; init; }

    public ScansPromised Scans { get; init; }
}

public sealed record NumberVerdict(NumberVerdictKind Kind)
{
    /// <summary>The likeliest first; one entry for each carrier.</summary>
    public IReadOnlyList<NumberCandidate> Candidates { get; init; } = [];

    /// <summary>
    /// Numbers one slip away that do check, likeliest first, at most five. Beside <see cref="NumberVerdictKind.NoCheckDigit"/>
    /// they hold only if the number is of a carrier whose check does not fit.
    /// </summary>
    public IReadOnlyList<string> Corrections { get; init; } = [];

    /// <summary>The form that a <see cref="NumberVerdictKind.WrongForm"/> misses, in English.</summary>
    public string? FormMeant { get; init; }

    /// <summary>As many digits as a shop's order number, and no carrier's check fits.</summary>
    public bool MayBeOrderNumber { get; init; }

    /// <summary>At least one character is wrong, by the number's own form.</summary>
    public bool LooksWrong => Kind is NumberVerdictKind.WrongCheckDigit or NumberVerdictKind.WrongForm;

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

    internal static readonly NumberVerdict NoNumber = new(NumberVerdictKind.NotANumber);
}
