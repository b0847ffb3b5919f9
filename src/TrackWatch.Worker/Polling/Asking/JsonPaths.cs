using System.Text.Json;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Follows a path through other people's JSON; what is not there, or of another kind, is nothing.</summary>
internal static class JsonPaths
{
    /// <summary>Everything that stands at the path, null values left out.</summary>
    public static IEnumerable<JsonElement> At(this JsonElement json, JsonPath path) =>
        json.Follow(path.Steps).Where(node => node.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null));

    /// <summary>True where the path leads to a null or, by <c>[*]</c>, to a list without items.</summary>
    public static bool EndsInNothing(this JsonElement json, JsonPath path) =>
        json.Follow(path.Steps).Any(node => node.ValueKind == JsonValueKind.Null)
        || (
            path.Steps is [.., JsonStep.All]
            && json.Follow(path.Steps.SkipLast(1))
                .Any(node => node.ValueKind == JsonValueKind.Array && node.GetArrayLength() == 0)
        );

    /// <summary>The values at the paths as one text; null where there is none.</summary>
    public static string? TextAt(this JsonElement json, IEnumerable<JsonPath> paths, string between = " ") =>
        string.Join(between, paths.SelectMany(path => json.At(path)).Select(value => value.Text()).OfType<string>())
            is { Length: > 0 } text
            ? text
            : null;

    private static IEnumerable<JsonElement> Follow(this JsonElement json, IEnumerable<JsonStep> steps) =>
        steps.Aggregate<JsonStep, IEnumerable<JsonElement>>(
            [json],
            (found, step) => found.SelectMany(n => Step(n, step))
        );

    private static IEnumerable<JsonElement> Step(JsonElement node, JsonStep step) =>
        step switch
        {
            JsonStep.Member member => [node.Field(member.Name)],
            JsonStep.Item item => node.ValueKind == JsonValueKind.Array && item.Index < node.GetArrayLength()
                ? [node[item.Index]]
                : [],
            JsonStep.All => node.ValueKind == JsonValueKind.Array ? node.EnumerateArray() : [],
            _ => throw new InvalidOperationException($"No such step: {step}"),
        };
}
