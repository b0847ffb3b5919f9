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
    private const int MostChanges = 15;
    private static readonly string[] Counted = ["open", "moving", "waiting", "delivered"];

    /// <summary>A moving parcel without a new line for so long is no news.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(7);

    public static Page Tell(MailContent content, Words words, Detail detail)
    {
        var all = content
            .Orders.Select(section => new Entry(section, new OrderStory(words, section, content)))
            .ToList();
        var groups = all.ToLookup(entry => GroupOf(entry.Section));
        var open = groups[Group.Open].OrderBy(e => e, Urgency).ToList();
        var moving = groups[Group.Moving]
            .OrderByDescending(e => e.Story.NeedsAHand)
            .ThenByDescending(e => LastEvent(e.Section))
            .ToList();
        var waiting = groups[Group.Waiting].ToList();
        var told = groups[Group.Delivered].Where(e => e.Section.Notices.Count > 0).Take(LinesPerGroup).ToList();
        var changes = Changes(all.Except(told), words);
        var isFirst = content.LastDigestAt is null;
        // Nothing happened: the parcels themselves are all there is to show, the silent ones too.
        var isStill = !isFirst && open.Count == 0 && told.Count == 0 && changes.Count == 0 && all.Count > 0;
        var fresh = moving
            .Where(e =>
                isStill
                || isFirst
                || e.Section.Notices.Count > 0
                || e.Story.NeedsAHand
                || content.Now - LastEvent(e.Section) < Fresh
            )
            .Take(LinesPerGroup)
            .ToList();
        var shownWaiting = waiting.Take(LinesPerGroup).ToList();
        var quiet = all.Except([.. open, .. fresh, .. shownWaiting, .. told]).ToList();
        var days = all.SelectMany(e => e.Story.Days(words.Today.AddDays(StripDays)))
            .OrderBy(d => d.Day)
            .Take(LinesPerGroup)
            .ToList();
        var values = new Values
        {
            { "n", all.Count },
            { "open", Some(open.Count) },
            { "moving", Some(moving.Count) },
            { "waiting", Some(waiting.Count) },
            { "delivered", Some(told.Count) },
            { "do_by", open.Min(e => DoBy(e)) },
            { "since", content.LastDigestAt is { } last ? Domain.Days.In(content.Zone, last) : null },
        };

        var blocks = new List<Block>();
        if (isFirst && all.Count > 0)
            blocks.Add(new Block.Passage(words.Say("welcome.lead", values)));
        if (all.Count == 0)
            blocks.Add(new Block.Passage(words.Say("digest.nothing")));
        else if (isStill)
            blocks.Add(new Block.Passage(words.Say("still.words", values)));
        else
            blocks.Add(new Block.Passage(Counts(words, values)));
        AddHeard(blocks, content.Heard, words);
        AddOpen(blocks, open, words, detail);
        AddChanges(blocks, changes, words, values);
        AddGroup(blocks, "digest.moving", fresh, words);
        AddGroup(blocks, "digest.waiting", shownWaiting, words);
        AddDelivered(blocks, told, words);
        AddQuiet(blocks, quiet, words);
        AddStrip(blocks, days, words);
        AddSources(blocks, content, words);
        if (isFirst && all.Count > 0)
            AddWelcome(blocks, content, words);
        AddTexts(blocks, open.Take(detail.InFull), words);
        AddRules(blocks, all, days, words);

        var (subject, title) = Called(open.Count, told.Count, moving.Count + waiting.Count, isFirst, isStill);
        return new Page(
            words.Language.Tag,
            words.Language.Direction,
            words.Say(subject, values.With("moving", Some(moving.Count + waiting.Count))),
            Preview(open, changes, words, values),
            isFirst ? words.Say("welcome.kicker") : words.Day(words.Today, "day"),
            words.Say(title, values),
            blocks,
            Footers.Of(words, content, [.. open.Concat(told).Select(e => e.Story)])
        )
        {
            Ends = Footers.Ends(words, open.Select(e => e.Story)),
        };
    }

    /// <summary>Keys of the subject and the title.</summary>
    private static (string Subject, string Title) Called(int open, int told, int under, bool isFirst, bool isStill) =>
        open > 0 ? ("digest.subject-needs", "digest.title-needs")
        : under + told == 0 ? ("digest.subject-nothing", "digest.title-quiet")
        : isFirst ? ("welcome.subject", "welcome.title")
        : isStill ? ("still.title", "still.title")
        : told > 0 ? ("digest.subject-delivered", "digest.title-quiet")
        : ("digest.subject-quiet", "digest.title-quiet");

    /// <summary>Beside the subject: the first thing that it does not say.</summary>
    private static string Preview(List<Entry> open, List<string> changes, Words words, Values values) =>
        open is [{ Story: { Happened.Length: > 0 } first }, ..] ? $"{first.Thing}: {first.Happened}"
        : changes is [var change, ..] ? change
        : Counts(words, values);

    /// <summary>Of what there is none is not spoken.</summary>
    private static int? Some(int count) => count > 0 ? count : null;

    private static string Counts(Words words, Values values) =>
        string.Join(" · ", Counted.Where(values.Has).Select(what => words.Say($"digest.count-{what}", values)));

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

    /// <summary>What came in by mail: what was done about it, or why nothing was.</summary>
    private static void AddHeard(List<Block> blocks, IReadOnlyList<HeardReply> heard, Words words)
    {
        if (heard.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("replies.heard"), Rank.Section));
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

    private static List<string> Changes(IEnumerable<Entry> entries, Words words) =>
        [
            .. entries.SelectMany(e =>
                (IsTold(e) ? [] : e.Story.News())
                    .Concat(e.Story.Changes())
                    .Select(what =>
                        words.Say("digest.news-line", new Values { { "thing", e.Story.Thing }, { "what", what } })
                    )
            ),
        ];

    /// <summary>Its news is what its own card begins with.</summary>
    private static bool IsTold(Entry entry) =>
        GroupOf(entry.Section) == Group.Open && entry.Story is { Asks: false, Lead: not null };

    private static void AddChanges(List<Block> blocks, List<string> changes, Words words, Values values)
    {
        if (changes.Count == 0)
            return;
        blocks.Add(
            new Block.Heading(
                values.Has("since") ? words.Say("changes.title", values) : words.Say("digest.news"),
                Rank.Section
            )
        );
        blocks.Add(new Block.Bullets(null, [.. changes.Take(MostChanges)]));
    }

    /// <summary>Several at a glance by urgency, then those that have something new to say with all of it.</summary>
    private static void AddOpen(List<Block> blocks, List<Entry> open, Words words, Detail detail)
    {
        var inDetail = open.Take(detail.WithCard).Where(e => e.Story.Asks).ToList();
        if (open.Count > 1 || inDetail.Count < open.Count)
        {
            blocks.Add(new Block.Heading(words.Say("digest.needs"), Rank.Section));
            blocks.Add(new Block.Parcels([.. open.Select(e => e.Story.Asked())]));
        }
        foreach (var (entry, i) in inDetail.Select((entry, i) => (entry, i)))
        {
            blocks.Add(new Block.Heading(entry.Story.Thing.ToString(), Rank.Order, entry.Story.Title));
            blocks.Add(entry.Story.Card);
            blocks.AddRange(entry.Story.Lines());
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
            blocks.AddRange(entry.Story.Answers(explained: i > 0));
        }
    }

    private static void AddGroup(List<Block> blocks, string title, List<Entry> entries, Words words)
    {
        if (entries.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say(title), Rank.Section));
        blocks.Add(new Block.Parcels([.. entries.Select(e => e.Story.Line())]));
    }

    private static void AddDelivered(List<Block> blocks, List<Entry> entries, Words words)
    {
        if (entries.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("digest.delivered"), Rank.Section));
        // What to do is long, and mostly the same for all: it is said once, below one parcel or above several.
        var explained = blocks.OfType<Block.Replies>().Any();
        foreach (var same in entries.GroupBy(e => e.Story.Do).Select(g => g.ToList()))
        {
            var what = new Block.Passage(same[0].Story.Do);
            if (same.Count > 1)
                blocks.Add(what);
            foreach (var entry in same)
            {
                blocks.Add(new Block.Parcels([entry.Story.Line()]));
                if (same.Count == 1)
                    blocks.Add(what);
                blocks.AddRange(entry.Story.Answers(explained).Where(block => block is not Block.Heading));
                explained = true;
            }
        }
    }

    private static void AddQuiet(List<Block> blocks, List<Entry> quiet, Words words)
    {
        if (quiet.Count == 0)
            return;
        var things = AlertStory.Things(quiet.Select(e => e.Story.Thing), words, ThingsInQuietLine);
        blocks.Add(new Block.Heading(words.Say("digest.quiet"), Rank.Section));
        blocks.Add(
            new Block.Passage(
                words.Say("digest.quiet-line", new Values { { "n", quiet.Count }, { "things", things } }),
                IsQuiet: true
            )
        );
    }

    /// <summary>What comes when, and how to answer: told once, in a person's first mail.</summary>
    private static void AddWelcome(List<Block> blocks, MailContent content, Words words)
    {
        var digest = content.Person.Digest;
        var values = new Values
        {
            { "rhythm", words.Say($"test.rhythm-{digest.Rhythm}") },
            { "time", digest.At.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) },
        };
        blocks.Add(new Block.Heading(words.Say("welcome.when"), Rank.Section));
        blocks.Add(
            new Block.Bullets(
                null,
                [words.Say("welcome.alert"), words.Say("welcome.digest", values), words.Say("welcome.silence")]
            )
        );
        blocks.Add(new Block.Heading(words.Say("welcome.answer"), Rank.Section));
        blocks.Add(new Block.Passage(words.Say(content.Reply is null ? "welcome.by-shell" : "welcome.by-mail")));
    }

    private static void AddStrip(List<Block> blocks, List<StripDay> days, Words words)
    {
        if (days.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("digest.strip"), Rank.Section));
        blocks.Add(
            new Block.Strip(
                [
                    .. Enumerable
                        .Range(0, StripDays)
                        .Select(ahead => words.Today.AddDays(ahead))
                        .Select((day, i) => new SpanDay(day, i % 7 == 0 ? words.Day(day, "short") : null)),
                ],
                days
            )
        );
    }

    private static void AddSources(List<Block> blocks, MailContent content, Words words)
    {
        if (content.Sources.Count == 0)
            return;
        blocks.Add(new Block.Heading(words.Say("digest.sources"), Rank.Section));
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
        blocks.Add(new Block.Heading(words.Say("labels.rules"), Rank.Section));
        blocks.Add(new Block.Bullets(null, [.. ids.Select(all[0].Story.RuleLine)]));
    }

    private static void AddTexts(List<Block> blocks, IEnumerable<Entry> open, Words words)
    {
        foreach (var entry in open.Where(e => e.Story is { Asks: true, HasTexts: true }))
        {
            blocks.AddRange(entry.Story.Texts($"{words.Say("labels.letters")}: {entry.Story.Thing}", Rank.Order));
            blocks.AddRange(entry.Story.ToPrepare());
        }
    }
}
