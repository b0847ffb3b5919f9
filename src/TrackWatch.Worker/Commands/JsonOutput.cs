using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TrackWatch.Worker.Commands;

/// <summary>How commands write JSON: indented, camel case, letters of any script as they are.</summary>
internal static class JsonOutput
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Nobody puts it into a page of HTML: +08:00 stays readable. Control characters are escaped all the same.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>To standard output, never folded.</summary>
    public static void Print(object answer) => Console.WriteLine(JsonSerializer.Serialize(answer, Options));

    /// <summary>For logs: all on one line.</summary>
    public static string Line(object answer) => JsonSerializer.Serialize(answer, OnOneLine);

    private static readonly JsonSerializerOptions OnOneLine = new(Options) { WriteIndented = false };

    /// <summary>An instant as <c>2026-11-22T14:36:00Z</c>.</summary>
    public static string? Utc(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A member of an enum as <c>not-applicable</c>.</summary>
    public static string Id<T>(this T member)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(member.ToString());
}
