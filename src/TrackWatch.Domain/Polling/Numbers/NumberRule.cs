using System.Collections.Frozen;

namespace TrackWatch.Domain.Polling.Numbers;

/// <summary>One form of number, ready to be held against.</summary>
internal sealed class NumberRule
{
    private readonly FrozenDictionary<string, string> services;
    private readonly FrozenDictionary<string, ScansPromised> scans;
    private readonly FrozenSet<string> issuers;

    public NumberRule(RuleData data, string carrierName)
    {
        Data = data;
        CarrierName = carrierName;
        Shapes = [.. data.Shapes.SelectMany(NumberShape.Parse)];
        Check = data.Check is null ? null : NumberCheckRule.Of(data.Check);
        services = Keyed(data.Services);
        scans = Keyed(data.Scans);
        issuers = (data.Issuers?.Codes ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
        if (Shapes.Any(s => s.HasCheck != Check is not null))
            throw new FormatException($"{data.Carrier}, {data.Form}: a check and a place for it belong together");
    }

    public RuleData Data { get; }
    public string CarrierName { get; }
    public IReadOnlyList<NumberShape> Shapes { get; }
    public NumberCheckRule? Check { get; }

    /// <summary>No other family looks like it, so a wrong check digit is a mistake and not another carrier's number.</summary>
    public bool IsOwn => Data.Strength == NumberConfidence.Certain && Check is not null;

    /// <param name="number">Has the shape.</param>
    public CheckDigit Verify(NumberShape shape, string number, ReadOnlySpan<byte> values)
    {
        if (Check is null)
            return CheckDigit.None;
        if (Check.CharacterOf(shape.Body(values)) == shape.CheckValue(values))
            return issuers.Count == 0 || issuers.Contains(shape.Part(number, "issuer")!)
                ? CheckDigit.Right
                : CheckDigit.Wrong;
        return Data.Hint ? CheckDigit.None : CheckDigit.Wrong;
    }

    /// <summary>The form is there and nothing speaks against it.</summary>
    public bool Fits(string number)
    {
        Span<byte> values = stackalloc byte[number.Length];
        Values.Of(number, values);
        foreach (var shape in Shapes)
            if (shape.Matches(values) && Verify(shape, number, values) is not CheckDigit.Wrong)
                return true;
        return false;
    }

    /// <summary>What the number says of itself: the family's candidate, and the issuer where that is a carrier of its own.</summary>
    public IEnumerable<NumberCandidate> Candidates(NumberShape shape, string number, CheckDigit check)
    {
        var part = shape.Part(number, "service");
        var issuer = shape.Part(number, "issuer");
        var itself = new NumberCandidate(
            Data.Carrier,
            ConfidenceOf(check),
            check,
            Longest(services, part) ?? Data.Service,
            issuer is null ? Data.Origin
                : issuers.Contains(issuer) ? Data.Issuers!.Countries.GetValueOrDefault(issuer, issuer)
                : null
        )
        {
            Name = CarrierName,
            Form = Data.Form,
            Issuer = issuer is null ? null : Data.Issuers!.Names.GetValueOrDefault(issuer),
            Scans = Longest(scans, part),
        };
        yield return itself;
        if (issuer is null || !Data.Issuers!.Carriers.TryGetValue(issuer, out var carriers))
            yield break;
        foreach (var carrier in carriers.Split(' '))
            yield return itself with
            {
                Carrier = carrier,
                Name = itself.Issuer ?? carrier,
                Confidence = check == CheckDigit.Right ? NumberConfidence.Likely : NumberConfidence.Weak,
            };
    }

    private NumberConfidence ConfidenceOf(CheckDigit check) =>
        check switch
        {
            CheckDigit.Right => Data.Strength,
            CheckDigit.None when Check is null => Data.Strength,
            CheckDigit.Wrong when IsOwn => NumberConfidence.Likely,
            _ => NumberConfidence.Weak,
        };

    private static FrozenDictionary<string, T> Keyed<T>(IReadOnlyDictionary<string, T>? data) =>
        (data ?? FrozenDictionary<string, T>.Empty)
            .SelectMany(entry => entry.Key.Split(' '), (entry, key) => KeyValuePair.Create(key, entry.Value))
            .ToFrozenDictionary();

    private static T? Longest<T>(FrozenDictionary<string, T> table, string? part)
    {
        for (var length = part?.Length ?? 0; length > 0; length--)
            if (table.TryGetValue(part![..length], out var found))
                return found;
        return default;
    }
}
