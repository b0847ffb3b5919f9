using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

/// <summary>What needs a person now: one order, or a few.</summary>
internal static class AlertStory
{
    private const int ThingsInSubject = 3;

    public static Page Tell(MailContent content, Words words, Detail detail)
    {
        var orders = content.Orders.Select(section => new OrderStory(words, section, content)).ToList();
        var blocks = new List<Block>();
        if (orders is [var only])
            blocks.AddRange(Whole(only, words, detail.InFull > 0));
        else
        {
            foreach (var (order, i) in orders.Take(detail.WithCard).Select((order, i) => (order, i)))
            {
                blocks.Add(new Block.Heading(order.Thing.ToString(), Rank.Order, order.Title));
                blocks.AddRange(Whole(order, words, i < detail.InFull));
            }
            if (orders.Count > detail.WithCard)
            {
                blocks.Add(new Block.Heading(words.Say("labels.also"), Rank.Section));
                blocks.Add(new Block.Parcels([.. orders.Skip(detail.WithCard).Select(o => o.Asked())]));
            }
        }
        var (subject, title) = orders is [var one] ? (one.Subject, one.Title) : Several(orders, words);
        return new Page(
            words.Language.Tag,
            words.Language.Direction,
            subject,
            orders is [var lead, ..] ? lead.Happened : "",
            orders is [var single] ? single.Thing.ToString() : null,
            title,
            blocks,
            Footers.Of(words, content, orders)
        )
        {
            Ends = Footers.Ends(words, orders),
        };
    }

    private static IEnumerable<Block> Whole(OrderStory order, Words words, bool inFull)
    {
        yield return order.Card;
        foreach (var block in order.Advice())
            yield return block;
        if (inFull)
        {
            foreach (var block in order.Texts(words.Say("labels.letters")))
                yield return block;
        }
        foreach (var block in order.Answers())
            yield return block;
        if (!inFull)
        {
            yield return new Block.Passage(
                words.Say("digest.details", new Values { { "order", new ForeignText(order.Order.Id) } }),
                IsQuiet: true
            );
            yield break;
        }
        foreach (var block in order.Background())
            yield return block;
    }

    private static (string Subject, string Title) Several(List<OrderStory> orders, Words words)
    {
        var asking = orders.Where(o => o.Asks).ToList();
        var told = asking.Count > 0 ? asking : orders;
        var values = new Values
        {
            { "n", told.Count },
            { "things", Things(told.Select(o => o.Thing), words, ThingsInSubject) },
            { "do_by", told.Min(o => o.DoBy) },
        };
        var kind = asking.Count > 0 ? "needs" : "news";
        return (words.Say($"mail.{kind}-subject", values), words.Say($"mail.{kind}-title", values));
    }

    /// <summary>Names in a row, the rest counted.</summary>
    public static string Things(IEnumerable<ForeignText> things, Words words, int atMost)
    {
        var all = things.Select(t => t.Within(words.Language.Direction == "rtl")).ToList();
        var named = string.Join(", ", all.Take(atMost));
        return all.Count <= atMost
            ? named
            : words.Say("mail.more-things", new Values { { "things", named }, { "n", all.Count - atMost } });
    }
}
