using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

/// <summary>Everything at a glance, the most pressing first.</summary>
internal static class DigestStory
{
    private const int StripDays = 30;
    private const int LinesPerGroup = 12;
    private const int ThingsInQuietLine = 20;

    /// <summary>A moving parcel without a new line for so long is no news.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(7);

    public static Page Tell(MailContent content, Words words, Detail detail)
    {
        var all = content
            .Orders.Select(section => new Entry(
                section,
                new OrderStory(words, section, content.Person, content.Rules, content.Zone, content.Now)
            ))
            .ToList();
        var groups = all.ToLookup(entry => GroupOf(entry.Section));
        var open = groups[Group.Open].OrderBy(e => e, Urgency).ToList();
        var moving = groups[Group.Moving]
            .OrderByDescending(e => e.Story.NeedsAHand)
            .ThenByDescending(e => LastEvent(e.Section))
            .ToList();
        var waiting = groups[Group.Waiting].ToList();
        var delivered = groups[Group.Delivered].ToList();
        var fresh = moving
            .Where(e => e.Section.Notices.Count > 0 || e.Story.NeedsAHand || content.Now - LastEvent(e.Section) < Fresh)
            .Take(LinesPerGroup)
            .ToList();
        var told = delivered.Where(e => e.Section.Notices.Count > 0).Take(LinesPerGroup).ToList();
        var shownWaiting = waiting.Take(LinesPerGroup).ToList();
        var quiet = all.Except([.. open, .. fresh, .. shownWaiting, .. told]).ToList();

        var counts = new Values
        {
            { "open", open.Count },
            { "moving", moving.Count },
            { "waiting", waiting.Count },
            { "delivered", told.Count },
            { "do_by", open.Min(e => DoBy(e)) },
        };
        var blocks = new List<Block> { new Block.Passage(words.Say("digest.counts", counts)) };
        if (open.Count == 0)
            blocks.Add(new Block.Passage(words.Say(all.Count == 0 ? "digest.nothing" : "digest.still")));
        AddHeard(blocks, content.Heard, words);
        AddOpen(blocks, open, words, detail);
        AddNews(blocks, all, words);
        AddGroup(blocks, "digest.moving", fresh, words);
        AddGroup(blocks, "digest.waiting", shownWaiting, words);
        AddDelivered(blocks, told, words);
        if (quiet.Count > 0)
        {
            blocks.Add(new Block.Heading(words.Say("digest.quiet")));
            blocks.Add(
                new Block.Passage(
                    words.Say(
                        "digest.quiet-line",
                        new Values
                        {
                            { "n", quiet.Count },
                            { "things", AlertStory.Things(quiet.Select(e => e.Story.Thing), words, ThingsInQuietLine) },
                        }
                    ),
                    IsQuiet: true
                )
            );
        }
        var days = all.SelectMany(e => e.Story.Days(words.Today.AddDays(StripDays)))
            .OrderBy(d => d.Day)
            .Take(LinesPerGroup)
            .ToList();
        AddStrip(blocks, days, words);
        AddSources(blocks, content, words);
        AddRules(blocks, all, days, words);
        AddLetters(blocks, open.Take(detail.InFull), words);

        return new Page(
            words.Language.Tag,
            words.Language.Direction,
            Subject(open.Count, moving.Count, told.Count, waiting.Count, words, counts),
            words.Say("digest.counts", counts),
            words.Day(words.Today, "day"),
            words.Say(open.Count > 0 ? "digest.title-needs" : "digest.title-quiet", counts),
            blocks,
            Footers.Of(words, content.Person, [.. open.Concat(told).Select(e => e.Story)])
        );
    }

    private enum Group
    {
        Open,
        Moving,
        Waiting,
        Delivered,
    }

    private sealed record Entry(OrderSection Section, OrderStory Story);

    private static Group GroupOf(OrderSection section) =>
        section.Verdict.Due is not null
        || section.Notices.Any(n => n.Kind != NoticeKind.News)
        || (section.Verdict.Open && section.Verdict.Assessments.Any(a => a.Level > Domain.Assessing.StallLevel.Notice))
            ? Group.Open
        : section.Shipments.Count > 0 && section.Shipments.All(s => s.View.Status.IsFinal()) ? Group.Delivered
        : section.Shipments.All(s => !s.View.Status.IsScanned()) ? Group.Waiting
        : Group.Moving;

    /// <summary>The nearest last day first, then the longest ladder, then the longest silence.</summary>
    private static readonly Comparer<Entry> Urgency = Comparer<Entry>.Create(
        (a, b) =>
            (DoBy(a) ?? DateOnly.MaxValue, -(int)(a.Section.Verdict.Due?.Step ?? 0), -Silence(a)).CompareTo(
                (DoBy(b) ?? DateOnly.MaxValue, -(int)(b.Section.Verdict.Due?.Step ?? 0), -Silence(b))
            )
    );

    private static DateOnly? DoBy(Entry entry) => entry.Story.DoBy;

    private static int Silence(Entry entry) =>
        entry.Section.Verdict.Assessments.Select(a => a.SilentDays).DefaultIfEmpty(0).Max();

    private static DateTimeOffset LastEvent(OrderSection section) =>
        section.Shipments.Max(s => s.View.LastEventAt) ?? DateTimeOffset.MinValue;

    private static string Subject(int open, int moving, int delivered, int waiting, Words words, Values counts) =>
        words.Say(
            open > 0 ? "digest.subject-needs"
                : delivered > 0 ? "digest.subject-delivered"
                : moving + waiting > 0 ? "digest.subject-quiet"
                : "digest.subject-nothing",
            counts.With("moving", moving + waiting)
        );

    /// <summary>What came in by mail: what was done about it, or why nothing was.</summary>
    private static void AddHeard(List<Block> blocks, IReadOnlyList<HeardReply> heard, Words words)
    {
        if (heard.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("replies.heard")));
        blocks.Add(new Block.Bullets(null, [.. heard.Select(Line)]));
        blocks.Add(new Block.Passage(words.Say("replies.undo"), IsQuiet: true));

        string Line(HeardReply reply) =>
            words.Say(
                reply.Trouble is { } why ? $"replies.not-{why}"
                    : reply.TakenBack ? "replies.taken-back"
                    : reply.Fact is Fact.Mails mails ? $"replies.{(mails.Wanted ? "resumed" : "stopped")}"
                    : "replies.noted",
                new Values
                {
                    { "thing", reply.Thing is { } thing ? new ForeignText(thing, ForeignText.NameLimit) : null },
                    { "words", reply.Words.Length > 0 ? new ForeignText(reply.Words, ForeignText.NameLimit) : null },
                    {
                        "days",
                        reply.RunningOn.Count > 0
                            ? string.Join(", ", reply.RunningOn.Select(d => words.Day(d, "short")))
                            : null
                    },
                }
            );
    }

    private static void AddNews(List<Block> blocks, List<Entry> all, Words words)
    {
        var news = all.SelectMany(e =>
                e.Section.Notices.Where(n => n.Kind == NoticeKind.News)
                    .Select(n =>
                        words.Say(
                            "digest.news-line",
                            new Values { { "thing", e.Story.Thing }, { "what", e.Story.Reason(n) } }
                        )
                    )
            )
            .ToList();
        if (news.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("digest.news")));
        blocks.Add(new Block.Bullets(null, news));
    }

    /// <summary>Several at a glance by urgency, then those that have something new to say with all of it.</summary>
    private static void AddOpen(List<Block> blocks, List<Entry> open, Words words, Detail detail)
    {
        if (open.Count > 1 || open.Count > detail.WithCard || open.Any(e => !e.Story.Asks))
        {
            blocks.Add(new Block.Heading(words.Say("digest.needs")));
            blocks.Add(new Block.Parcels([.. open.Select(e => e.Story.Asked())]));
        }
        foreach (
            var (entry, i) in open.Take(detail.WithCard).Select((entry, i) => (entry, i)).Where(e => e.entry.Story.Asks)
        )
        {
            blocks.Add(new Block.Heading(entry.Story.Thing.ToString(), IsOrder: true, Note: entry.Story.Title));
            blocks.Add(entry.Story.Card);
            blocks.AddRange(entry.Story.Advice());
            blocks.Add(
                new Block.Passage(
                    i < detail.InFull && entry.Story.HasTexts
                        ? words.Say("digest.letters-below")
                        : words.Say(
                            "digest.details",
                            new Values { { "order", new ForeignText(entry.Section.Order.Id) } }
                        ),
                    IsQuiet: true
                )
            );
        }
    }

    private static void AddGroup(List<Block> blocks, string title, List<Entry> entries, Words words)
    {
        if (entries.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say(title)));
        blocks.Add(new Block.Parcels([.. entries.Select(e => e.Story.Line())]));
    }

    private static void AddDelivered(List<Block> blocks, List<Entry> entries, Words words)
    {
        if (entries.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("digest.delivered")));
        foreach (var entry in entries)
        {
            blocks.Add(new Block.Parcels([entry.Story.Line()]));
            blocks.Add(new Block.Passage(entry.Story.Do));
            blocks.Add(new Block.Commands(entry.Story.Commands()));
        }
    }

    private static void AddStrip(List<Block> blocks, List<StripDay> days, Words words)
    {
        if (days.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("digest.strip")));
        blocks.Add(new Block.Strip(days));
    }

    private static void AddSources(List<Block> blocks, MailContent content, Words words)
    {
        if (content.Sources.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("digest.sources")));
        blocks.Add(
            new Block.Bullets(
                null,
                [
                    .. content.Sources.Select(source =>
                        words.Say(
                            "digest.source-line",
                            new Values
                            {
                                { "provider", Names.OfProvider(source.Provider) },
                                {
                                    "moment",
                                    source.LastSuccess is { } at
                                        ? new Moment(TimeZoneInfo.ConvertTime(at, content.Zone).DateTime)
                                        : null
                                },
                            }
                        )
                    ),
                ]
            )
        );
    }

    /// <summary>What the advice and the days above rest on, each rule once.</summary>
    private static void AddRules(List<Block> blocks, List<Entry> all, List<StripDay> days, Words words)
    {
        var ids = all.Where(e => e.Section.Notices.Count > 0)
            .SelectMany(e => e.Story.Rules())
            .Concat(days.Select(d => d.Rule).OfType<string>())
            .Distinct()
            .ToList();
        if (ids.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("labels.rules")));
        blocks.Add(new Block.Bullets(null, [.. ids.Select(all[0].Story.RuleLine)]));
    }

    private static void AddLetters(List<Block> blocks, IEnumerable<Entry> open, Words words)
    {
        foreach (var entry in open.Where(e => e.Story.Asks))
            blocks.AddRange(entry.Story.Texts($"{words.Say("labels.letters")}: {entry.Story.Thing}"));
    }
}
