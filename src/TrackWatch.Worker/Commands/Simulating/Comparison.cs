using System.Globalization;
using System.Text;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>Two lists of mails side by side.</summary>
/// <param name="Rows">A missing side is null; both sides are there where they are equal.</param>
internal sealed record Comparison(IReadOnlyList<(MailLine? Expected, MailLine? Came)> Rows)
{
    public bool IsEqual => Rows.All(r => r.Expected == r.Came);

    /// <summary>Aligned so that as many lines as possible stand beside their equal.</summary>
    public static Comparison Of(IReadOnlyList<MailLine> expected, IReadOnlyList<MailLine> came)
    {
        var common = new int[expected.Count + 1, came.Count + 1];
        for (var i = expected.Count - 1; i >= 0; i--)
        for (var j = came.Count - 1; j >= 0; j--)
            common[i, j] =
                expected[i] == came[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var rows = new List<(MailLine?, MailLine?)>();
        for (int i = 0, j = 0; i < expected.Count || j < came.Count; )
        {
            if (i < expected.Count && j < came.Count && expected[i] == came[j])
                rows.Add((expected[i++], came[j++]));
            else if (j == came.Count || (i < expected.Count && common[i + 1, j] >= common[i, j + 1]))
                rows.Add((expected[i++], null));
            else
                rows.Add((null, came[j++]));
        }
        return new Comparison(rows);
    }

    public override string ToString()
    {
        const string expected = "expected";
        var width = Rows.Max(r => r.Expected?.ToString().Length ?? 0);
        width = Math.Max(width, expected.Length);
        var text = new StringBuilder();
        Line(expected, ' ', "came");
        foreach (var (left, right) in Rows)
            Line(
                left?.ToString(),
                left == right ? '='
                    : left is null ? '>'
                    : '<',
                right?.ToString()
            );
        return text.ToString();

        void Line(string? left, char sign, string? right) =>
            text.AppendLine(
                string.Create(CultureInfo.InvariantCulture, $"{(left ?? "").PadRight(width)} {sign} {right}").TrimEnd()
            );
    }
}
