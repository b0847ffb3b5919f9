using System.Text.Json;
using System.Text.Json.Serialization;

namespace TrackWatch.Domain.Polling.Numbers;

/// <summary>A data file: the forms of a family of carriers.</summary>
/// <param name="Carriers">Names for people by carrier id.</param>
internal sealed record FamilyData(IReadOnlyDictionary<string, string> Carriers, IReadOnlyList<RuleData> Rules);

/// <summary>One form of number, with what proves it.</summary>
internal sealed record RuleData
{
    public required string Carrier { get; init; }

    /// <summary>For people: <c>LP and 14 digits</c>.</summary>
    public required string Form { get; init; }

    /// <summary>In the notation of <see cref="NumberShape"/>; any of them.</summary>
    public required IReadOnlyList<string> Shapes { get; init; }

    public CheckData? Check { get; init; }

    /// <summary>How sure the form makes it, where its check, if it has one, fits. <c>certain</c>: no other family looks like it.</summary>
    public required NumberConfidence Strength { get; init; }

    /// <summary>A number that begins so and is a little too long, too short or has a letter too many is mistyped.</summary>
    public bool Strict { get; init; }

    /// <summary>The check was only seen to fit: where it does not, nothing is said.</summary>
    public bool Hint { get; init; }

    /// <summary>What every number of this form says of the service.</summary>
    public string? Service { get; init; }

    /// <summary>What the part <c>service</c> says, by the longest key that it begins with. A key may list several: <c>AV AW</c>.</summary>
    public IReadOnlyDictionary<string, string>? Services { get; init; }

    /// <summary>How far the part <c>service</c> promises scans, likewise.</summary>
    public IReadOnlyDictionary<string, ScansPromised>? Scans { get; init; }

    /// <summary>Country, ISO 3166 alpha-2.</summary>
    public string? Origin { get; init; }

    /// <summary>Who stands behind the part <c>issuer</c>; a number whose issuer is not listed cannot be right.</summary>
    public IssuersData? Issuers { get; init; }

    /// <summary>V verified against public vectors, D public shape, I inferred, M general knowledge (numbers.md).</summary>
    public required string Mark { get; init; }

    /// <summary>Where it stands: a section of numbers.md, or a page.</summary>
    public required string Source { get; init; }

    /// <summary>Proof cases: numbers of this form; all made up.</summary>
    public required IReadOnlyList<string> Valid { get; init; }

    /// <summary>Proof cases: not of this form, or with a check that does not fit.</summary>
    public required IReadOnlyList<string> Invalid { get; init; }
}

/// <param name="By">Its name: see <see cref="NumberCheckRule.Of"/>.</param>
/// <param name="Weights">Repeated as often as needed.</param>
/// <param name="FromRight">The first weight is for the body's last character.</param>
/// <param name="Plus">Added to the sum.</param>
/// <param name="Direct">The sum's last digit is the check digit itself.</param>
internal sealed record CheckData(
    string By,
    IReadOnlyList<int> Weights,
    bool FromRight = false,
    int Plus = 0,
    bool Direct = false
)
{
    public IReadOnlyList<int> Weights { get; init; } = Weights ?? [];
}

/// <param name="Codes">All that are in use, a blank between them.</param>
/// <param name="Names">Those whose name is known, for people.</param>
/// <param name="Carriers">Those that are carriers of their own here: their ids, a blank between them.</param>
/// <param name="Countries">Codes that are no country of their own.</param>
internal sealed record IssuersData(
    string Codes,
    IReadOnlyDictionary<string, string> Names,
    IReadOnlyDictionary<string, string> Carriers,
    IReadOnlyDictionary<string, string> Countries
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip
)]
[JsonSerializable(typeof(FamilyData))]
internal sealed partial class FamilyJson : JsonSerializerContext;
