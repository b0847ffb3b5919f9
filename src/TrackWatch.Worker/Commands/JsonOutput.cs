using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace TrackWatch.Worker.Commands;

/// <summary>How commands write JSON: indented, camel case, letters of any script as they are.</summary>
internal static class JsonOutput
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };
}
