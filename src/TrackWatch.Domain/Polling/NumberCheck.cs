using TrackWatch.Domain.Polling.Numbers;

namespace TrackWatch.Domain.Polling;

/// <summary>Finds typing mistakes before a wrong number is asked about for weeks, and says whose a number may be.</summary>
public static class NumberCheck
{
    public const int MaxCorrections = 5;

    private static readonly NumberRule Post = NumberCatalogue.Rule("s10");

    /// <summary>
    /// Letter post of the world's posts with service indicator U: nobody promises scans after the hand-over (numbers.md, 1).
    /// </summary>
    public static bool IsUntrackedLetter(string number) => number is ['U', ..] && IsPostal(number);

    /// <summary>The country whose post gave the number out, ISO 3166 alpha-2; null where it is no right number of the posts.</summary>
    public static string? IssuerOf(string number) =>
        IsPostal(number) && Look(number).Candidates is [{ Origin: { } country }, ..] ? country : null;

    public static NumberVerdict Look(string? text) =>
        TrackingNumber.TryParse(text, out var number) ? Look(number) : NumberVerdict.NoNumber;

    public static NumberVerdict Look(TrackingNumber number)
    {
        var text = number.Value;
        if (text is null || !text.Any(char.IsAsciiDigit))
            return NumberVerdict.NoNumber;
        var found = NumberCatalogue.Recognise(text);
        var candidates = Rank(text, found);
        if (candidates.Exists(c => c.CheckDigit == CheckDigit.Right))
            return new(NumberVerdictKind.RightCheckDigit) { Candidates = candidates };
        var isOwn = found.Exists(f => f.Rule.IsOwn);
        if (!isOwn && candidates.Exists(c => c is { CheckDigit: CheckDigit.None, Confidence: > NumberConfidence.Weak }))
            return new(NumberVerdictKind.NoCheckDigit) { Candidates = candidates };
        if (isOwn || found.Exists(f => f.Check == CheckDigit.Wrong))
            // Where carriers without a check use as many digits, it is only perhaps wrong.
            return new(
                isOwn || !candidates.Exists(c => c.CheckDigit == CheckDigit.None)
                    ? NumberVerdictKind.WrongCheckDigit
                    : NumberVerdictKind.NoCheckDigit
            )
            {
                Candidates = candidates,
                Corrections = [.. Corrections(text, found).Take(MaxCorrections)],
                MayBeOrderNumber = MayBeOrderNumber(text),
            };
        return NearMiss(text, found, candidates)
            ?? new(NumberVerdictKind.NoCheckDigit)
            {
                Candidates = candidates,
                MayBeOrderNumber = MayBeOrderNumber(text),
            };
    }

    /// <summary>Every number one slip away that does check, likeliest first; none where the number is right already.</summary>
    public static IEnumerable<string> AllCorrections(TrackingNumber number)
    {
        var found = NumberCatalogue.Recognise(number.Value);
        return found.Exists(f => f.Check == CheckDigit.Right) ? [] : Corrections(number.Value, found);
    }

    /// <summary>
    /// By the checks of the families whose shape it has, and of those whose numbers no other family's resemble: such a number
    /// may be too long or too short, or have a letter where a digit belongs.
    /// </summary>
    private static IEnumerable<string> Corrections(string text, IReadOnlyList<Recognised> found)
    {
        var wanted = found
            .Where(f => f.Check == CheckDigit.Wrong)
            .Select(f => f.Rule)
            .Concat(NumberCatalogue.OwnChecked.Where(rule => MayBeMeant(rule, text)))
            .ToHashSet();
        if (wanted.Count == 0)
            return [];
        return wanted
            .Where(rule => rule.IsOwn)
            .SelectMany(rule => rule.Shapes)
            .Select(shape => shape.Mend(text))
            .OfType<string>()
            .Concat(Slips.Of(text))
            .Where(meant =>
                meant != text
                // Digits of another length are not what was meant just because they are a shape of the same carrier.
                && NumberCatalogue.Verifies(
                    meant,
                    rule => wanted.Contains(rule) && (rule.IsOwn || meant.Length == text.Length)
                )
            )
            .Distinct();
    }

    /// <summary>Digits alone resemble too much: they must at least begin as the family's do.</summary>
    private static bool MayBeMeant(NumberRule rule, string text)
    {
        Span<byte> values = stackalloc byte[text.Length];
        Values.Of(text, values);
        var isDigits = IsDigits(text);
        foreach (var shape in rule.Shapes)
            if (
                Math.Abs(shape.Length - text.Length) <= 1
                && (isDigits ? shape.Lead >= 2 && shape.HasLeadOf(values) : shape.HasLetters)
            )
                return true;
        return false;
    }

    /// <summary>No family has such numbers, and one slip makes it one of a family that nothing else looks like.</summary>
    private static NumberVerdict? NearMiss(string text, List<Recognised> found, List<NumberCandidate> weak)
    {
        if (Corrections(text, found).Take(MaxCorrections).ToList() is { Count: > 0 } corrections)
            return new(NumberVerdictKind.WrongCheckDigit)
            {
                Candidates = [.. Meant(corrections[0]), .. weak],
                Corrections = corrections,
            };
        foreach (var rule in NumberCatalogue.Rules)
            if (rule.Data.Strict && rule.Shapes.FirstOrDefault(shape => shape.IsAlmost(text)) is { } shape)
            {
                // Which digit is missing, nobody knows; a letter among digits or a bounced key is put right if that is the only way.
                var meant = Slips
                    .BouncedKeys(text)
                    .Append(shape.Mend(text))
                    .OfType<string>()
                    .Where(rule.Fits)
                    .Distinct()
                    .Take(2)
                    .ToList();
                return new(NumberVerdictKind.WrongForm)
                {
                    Candidates = weak,
                    Corrections = meant.Count == 1 ? meant : [],
                    FormMeant = $"{rule.CarrierName}: {rule.Data.Form}",
                };
            }
        return null;
    }

    private static IEnumerable<NumberCandidate> Meant(string correction) =>
        Rank(correction, NumberCatalogue.Recognise(correction))
            .Take(1)
            .Select(c => c with { CheckDigit = CheckDigit.Wrong, Confidence = NumberConfidence.Weak });

    private static List<NumberCandidate> Rank(string text, List<Recognised> found)
    {
        var ranked = found
            .SelectMany(
                f => f.Rule.Candidates(f.Shape, text, f.Check),
                (f, candidate) => (Candidate: candidate, f.Rank)
            )
            .OrderByDescending(c => c.Candidate.Confidence)
            .ThenBy(c =>
                c.Candidate.CheckDigit switch
                {
                    CheckDigit.Right => 0,
                    CheckDigit.None => 1,
                    _ => 2,
                }
            )
            .ThenBy(c => c.Rank)
            .Select(c => c.Candidate)
            .DistinctBy(c => c.Carrier)
            .ToList();
        if (ranked is [{ Confidence: NumberConfidence.Certain }, ..])
            ranked.RemoveAll(c => c.Confidence == NumberConfidence.Weak);
        return ranked;
    }

    private static bool IsPostal(string number) =>
        number.Length == Post.Shapes[0].Length
        && TrackingNumber.TryParse(number, out var normal)
        && normal.Value == number
        && Post.Fits(number);

    // AliExpress's have 16 today; older and other shops' 15 or 17 (numbers.md, 2).
    private static bool MayBeOrderNumber(string text) => text.Length is >= 15 and <= 17 && IsDigits(text);

    private static bool IsDigits(string text) => text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
