using System.Reflection;
using System.Text.Json;

namespace TrackWatch.Domain.Polling.Numbers;

/// <summary>All forms of number that are known, as the data files beside it list them.</summary>
internal static class NumberCatalogue
{
    private const string Prefix = "NumberFamilies/";

    /// <summary>Among equals the earlier comes first: what far-away shops send by most.</summary>
    private static readonly string[] Order =
    [
        "posts-international",
        "cainiao",
        "china",
        "ups",
        "usps",
        "fedex",
        "dhl",
        "dpd",
        "hermes",
        "gls",
        "posts",
        "north-america",
        "regional",
    ];

    public static readonly IReadOnlyList<NumberRule> Rules = [.. Order.SelectMany(Load)];

    public static readonly IReadOnlyList<NumberRule> OwnChecked = [.. Rules.Where(r => r.IsOwn)];

    private static readonly (NumberRule Rule, NumberShape Shape, int Rank)[][] ByLength =
    [
        .. Enumerable
            .Range(0, TrackingNumber.MaxLength + 1)
            .Select(length =>
                Rules
                    .SelectMany((rule, rank) => rule.Shapes.Select(shape => (rule, shape, rank)))
                    .Where(entry => entry.shape.Length == length)
                    .ToArray()
            ),
    ];

    /// <summary>The rules whose shape a number has, in the order of the catalogue.</summary>
    public static List<Recognised> Recognise(string number)
    {
        Span<byte> values = stackalloc byte[number.Length];
        Values.Of(number, values);
        var found = new List<Recognised>();
        foreach (var (rule, shape, rank) in ByLength[number.Length])
            if (shape.Matches(values))
                found.Add(new Recognised(rule, shape, rule.Verify(shape, number, values), rank));
        return found;
    }

    /// <summary>True where a number is right by the check of a rule that counts.</summary>
    public static bool Verifies(string number, Func<NumberRule, bool> counts)
    {
        if (number.Length > TrackingNumber.MaxLength)
            return false;
        Span<byte> values = stackalloc byte[number.Length];
        Values.Of(number, values);
        foreach (var (rule, shape, _) in ByLength[number.Length])
            if (
                rule.Check is not null
                && shape.Matches(values)
                && rule.Verify(shape, number, values) == CheckDigit.Right
                && counts(rule)
            )
                return true;
        return false;
    }

    public static NumberRule Rule(string carrier) => Rules.First(r => r.Data.Carrier == carrier);

    private static IEnumerable<NumberRule> Load(string family)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{family}.json")
            ?? throw new InvalidOperationException($"the number family {family} is not in the program");
        var data = JsonSerializer.Deserialize(stream, FamilyJson.Default.FamilyData)!;
        return data.Rules.Select(rule => new NumberRule(rule, data.Carriers[rule.Carrier]));
    }
}

/// <param name="Rank">The rule's place in the catalogue.</param>
internal readonly record struct Recognised(NumberRule Rule, NumberShape Shape, CheckDigit Check, int Rank);
