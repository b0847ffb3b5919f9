using System.Text;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>Tables as RFC 4180 writes them, in UTF-8.</summary>
internal static class Csv
{
    public static byte[] Write(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var text = new StringBuilder();
        Line(text, heads);
        foreach (var row in rows)
            Line(text, row);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>
    /// Words of others. A spreadsheet would run what begins like a formula, so an apostrophe goes before it, as people write
    /// such a cell; the JSON file has the words to the letter.
    /// </summary>
    public static string? Foreign(string? words) =>
        words is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{words}" : words;

    private static void Line(StringBuilder text, IReadOnlyList<string?> cells) =>
        text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    private static string Cell(string? words) =>
        words is null ? ""
        : words.AsSpan().ContainsAny(",\"\r\n") ? $"\"{words.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : words;
}
