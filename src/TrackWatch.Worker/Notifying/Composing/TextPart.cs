using System.Text;
using System.Text.RegularExpressions;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>The plain-text part: written from the same page as the HTML, for reading as it is.</summary>
internal static partial class TextPart
{
    private const int Width = 76;

    public static string Of(Page page)
    {
        var text = new StringBuilder();
        if (page.Kicker is { } kicker)
            text.Append(kicker).Append('\n');
        text.Append(Wrapped(page.Title)).Append('\n').Append('=', Math.Min(Width, page.Title.Length)).Append("\n\n");
        foreach (var block in page.Blocks)
            Write(text, block);
        if (page.Ends is { } ends)
        {
            text.Append('\n');
            Write(text, ends);
        }
        if (page.Footer.Count > 0)
            text.Append("-- \n").AppendJoin('\n', page.Footer.Select(line => Wrapped(line))).Append('\n');
        return page.Direction == "rtl" ? Directed(text.ToString()) : text.ToString();
    }

    /// <summary>Mail programs find a line's direction by its first letter, which may be that of a Latin name in our sentence.</summary>
    private static string Directed(string text) =>
        string.Join(
            '\n',
            text.Split('\n')
                .Select(line => ForeignText.HasRightToLeft(Isolated().Replace(line, "")) ? $"\u200F{line}" : line)
        );

    [GeneratedRegex("\u2068[^\u2069]*\u2069")]
    private static partial Regex Isolated();

    private static void Write(StringBuilder text, Block block)
    {
        switch (block)
        {
            case Block.Heading { Rank: Rank.Order } heading:
                text.Append('\n').Append('-', Width).Append('\n').Append(Wrapped(heading.Words)).Append('\n');
                Line(text, heading.Note);
                text.Append('\n');
                break;
            case Block.Heading heading:
                text.Append('\n').Append(Wrapped(heading.Words)).Append('\n');
                text.Append('-', Math.Min(Width, heading.Words.Length)).Append('\n');
                Line(text, heading.Note);
                break;
            case Block.Passage passage:
                text.Append(Wrapped(passage.Words)).Append("\n\n");
                break;
            case Block.Card card:
                foreach (var row in card.Rows)
                {
                    text.Append(row.Label).Append(":\n");
                    Line(text, row.Words, "  ");
                    Line(text, row.Note, "  ");
                    Line(text, row.Quote.ToString(), "  ");
                    text.Append('\n');
                }
                if (card.Action is { } action)
                    Write(text, new Block.Links([action with { Rule = null }]));
                break;
            case Block.Table table:
                foreach (var row in table.Rows)
                {
                    var words = row.Note is null ? row.Words : $"{row.Words} ({row.Note})";
                    text.Append(Wrapped($"{row.Label}: {words}", "", "  ")).Append('\n');
                    if (!row.Quote.IsEmpty)
                        Line(text, $"\"{row.Quote}\"", "  ");
                }
                text.Append('\n');
                break;
            case Block.Bullets bullets:
                Line(text, bullets.Label is { } label ? $"{label}:" : null);
                foreach (var item in bullets.Items)
                    text.Append(Wrapped(item, "- ", "  ")).Append('\n');
                text.Append('\n');
                break;
            case Block.Letter letter:
                // Not wrapped: it is pasted into other people's boxes.
                text.Append("\n8< --- ")
                    .Append(letter.Title)
                    .Append(" ---\n")
                    .Append(letter.Body)
                    .Append("\n>8 ---\n");
                foreach (var note in letter.Notes)
                    Line(text, note);
                text.Append('\n');
                break;
            case Block.Journey journey:
                Write(text, journey);
                break;
            case Block.Links links:
                foreach (var link in links.Targets)
                {
                    text.Append("- ").Append(link.Name).Append(link.Rule is { } rule ? $" · {rule}" : "").Append('\n');
                    if (link.Address is { } address)
                        text.Append("  ").Append(address.AbsoluteUri).Append('\n');
                }
                text.Append('\n');
                break;
            case Block.Commands commands:
                foreach (var command in commands.Lines)
                {
                    text.Append("  ").Append(command.Line).Append('\n');
                    if (command.Meaning.Length > 0)
                        text.Append("      ").Append(command.Meaning).Append('\n');
                }
                text.Append('\n');
                break;
            case Block.Replies replies:
                foreach (var reply in replies.Lines)
                    text.Append(Wrapped($"{replies.Label}: {reply.Line} ({reply.Meaning})", "  ", "      "))
                        .Append('\n');
                Line(text, replies.To, "  ");
                text.Append('\n');
                break;
            case Block.Parcels parcels:
                foreach (var line in parcels.Lines)
                {
                    text.Append(Wrapped($"{line.Thing}: {line.Status}", "- ", "  ")).Append('\n');
                    Line(text, line.Note, "  ");
                }
                text.Append('\n');
                break;
            case Block.Strip strip:
                foreach (var day in strip.Days)
                {
                    var assumed = day.Note is { } word ? $" ({word})" : "";
                    text.Append(Wrapped($"{day.Words} ({day.Left}): {day.Thing}, {day.What}{assumed}", "- ", "  "))
                        .Append('\n');
                }
                text.Append('\n');
                break;
            default:
                throw new InvalidOperationException($"No text for {block.GetType().Name}.");
        }
    }

    private static void Write(StringBuilder text, Block.Journey journey)
    {
        if (journey.Legs.Count > 0)
            text.AppendJoin("  ", journey.Legs.Select(Leg)).Append('\n');
        text.Append(Wrapped(journey.Caption)).Append("\n\n");
        foreach (var line in journey.Lines)
        {
            var place = line.Place.IsEmpty ? "" : $", {line.Place}";
            text.Append(Wrapped($"{line.At}  {line.Status}{place}", "", "  ")).Append('\n');
            Line(text, line.Text.ToString(), "  ");
        }
        Line(text, journey.More);
        text.Append('\n');

        static string Leg(LegMark leg) =>
            leg.State switch
            {
                LegState.Passed => $"[x] {leg.Name}",
                LegState.Current => $"[>] {leg.Name}",
                _ => $"[ ] {leg.Name}",
            };
    }

    private static void Line(StringBuilder text, string? words, string indent = "")
    {
        if (!string.IsNullOrEmpty(words))
            text.Append(Wrapped(words, indent, indent)).Append('\n');
    }

    private static string Wrapped(string words, string first = "", string rest = "")
    {
        var text = new StringBuilder(first);
        var column = first.Length;
        var begins = true;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!begins && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(rest);
                column = rest.Length;
                begins = true;
            }
            if (!begins)
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
            begins = false;
        }
        return text.ToString();
    }
}
