using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

internal static class Footers
{
    private const int MostEnds = 5;

    /// <summary>The standing lines below every mail to a buyer.</summary>
    public static IReadOnlyList<string> Of(Words words, MailContent content, IReadOnlyCollection<OrderStory> orders)
    {
        var ids = string.Join(", ", orders.SelectMany(o => o.Rules()).Distinct());
        var values = new Values
        {
            { "rule_id", ids },
            // Of several the one that was looked at longest ago.
            { "rule_checked", orders.SelectMany(o => o.Grounds()).Select(r => (DateOnly?)r.Checked).Min() },
            { "email", new ForeignText(content.Person.Email) },
            { "file", content.Calendar?.Name },
        };
        return
        [
            .. values.Has("file") ? [words.Say("footer.calendar", values)] : Array.Empty<string>(),
            words.Say("footer.tip", values),
            words.Say("footer.why", values),
        ];
    }

    /// <summary>Ways out of the mails about single orders; null where replies are not read.</summary>
    public static Block.Replies? Ends(Words words, IEnumerable<OrderStory> orders)
    {
        var ends = orders.Take(MostEnds).Select(o => o.End()).OfType<Command>().ToList();
        return ends.Count == 0 ? null : (Block.Replies)OrderStory.Offer(words, ends, null);
    }
}
