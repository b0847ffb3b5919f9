using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Notifying.Transports.Smtp;

/// <summary>What a server answered to one command.</summary>
/// <param name="Lines">The text of each line, without its code.</param>
internal sealed partial record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    // A reply is read in a log and in a table's cell.
    private const int LongestText = 500;

    public bool IsPositive => Code is >= 200 and < 300;
    public bool IsForNow => Code is >= 400 and < 500;

    /// <summary>The RFC 3463 status, <c>5.7.1</c>; empty where the server gives none.</summary>
    public string Status => StatusCode().Match(Lines[0]).Value.TrimEnd();

    /// <summary>The server's words on one line: the status once, no control characters.</summary>
    public override string ToString()
    {
        var status = Status;
        var words = Lines.Select(
            (line, i) =>
                i > 0 && status != "" && line.StartsWith(status, StringComparison.Ordinal)
                    ? line[status.Length..]
                    : line
        );
        var text = string.Join(' ', words.Select(Readable).Where(line => line != "").Prepend($"{Code}"));
        return text.Length <= LongestText ? text : text[..LongestText] + "…";
    }

    private static string Readable(string line) => string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}(?: |$)")]
    private static partial Regex StatusCode();
}
