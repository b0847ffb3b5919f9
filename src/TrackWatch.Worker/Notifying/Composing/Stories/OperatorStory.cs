using TrackWatch.Domain;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

/// <summary>News of TrackWatch itself, for the one who runs it; and the mail that only proves that mail works.</summary>
internal static class OperatorStory
{
    private const int Problems = 20;

    public static Page Tell(IReadOnlyList<OperatorNews> news, Words words, TimeZoneInfo zone)
    {
        var told = news.Select(one => Tell(one, words, zone)).ToList();
        var blocks = new List<Block>();
        foreach (var (subject, parts) in told)
        {
            if (told.Count > 1)
                blocks.Add(new Block.Heading(subject, Rank.Order));
            blocks.AddRange(parts);
        }
        var one = told is [var (only, _)] ? only : null;
        var values = new Values { { "what", one }, { "n", told.Count } };
        return new Page(
            words.Language.Tag,
            words.Language.Direction,
            words.Say(one is null ? "operator.subject-many" : "operator.subject-one", values),
            one ?? words.Say("operator.title"),
            words.Say("operator.title"),
            one ?? words.Say("operator.subject-many", values),
            blocks,
            []
        );
    }

    public static Page TellTest(Person person, Words words, TimeZoneInfo zone, DateTimeOffset now)
    {
        var digest = new Values
        {
            { "rhythm", words.Say($"test.rhythm-{person.Digest.Rhythm}") },
            { "time", person.Digest.At.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) },
        };
        return new Page(
            words.Language.Tag,
            words.Language.Direction,
            words.Say("test.subject"),
            words.Say("test.title"),
            null,
            words.Say("test.title"),
            [
                new Block.Passage(
                    words.Say(
                        "test.words",
                        new Values { { "name", new ForeignText(person.Name, ForeignText.NameLimit) } }
                    )
                ),
                new Block.Heading(words.Say("test.settings")),
                new Block.Table([
                    new(words.Say("test.language"), words.Say("test.language-name")),
                    new(words.Say("test.zone"), new ForeignText(person.TimeZone, ForeignText.NameLimit).ToString()),
                    new(words.Say("test.today"), words.At(TimeZoneInfo.ConvertTime(now, zone).DateTime)),
                    new(words.Say("test.digest"), words.Say("test.digest-at", digest)),
                ]),
            ],
            [words.Say("footer.why", new Values { { "email", new ForeignText(person.Email) } })]
        );
    }

    private static (string Subject, IReadOnlyList<Block> Blocks) Tell(OperatorNews news, Words words, TimeZoneInfo zone)
    {
        var (key, tone, detail, command) = news switch
        {
            OperatorNews.SourceSilent silent => ("silent", Tone.Attention, silent.Detail, "trackwatch doctor"),
            OperatorNews.SourceBack => ("back", Tone.Good, null, null),
            OperatorNews.MailRefused refused => ("refused", Tone.Attention, refused.Reply, "trackwatch doctor"),
            OperatorNews.AddressDead dead => (
                dead.WorkingLeft ? "address" : "unreachable",
                Tone.Urgent,
                dead.Reply,
                $"trackwatch mail enable {new ForeignText(dead.Address)}"
            ),
            OperatorNews.MailBounced bounced => ("bounced", Tone.Attention, bounced.Reply, "trackwatch doctor"),
            OperatorNews.AddressRefused refused => (
                "address-refused",
                Tone.Attention,
                refused.Reply,
                $"trackwatch mail test {refused.Person}"
            ),
            OperatorNews.ReloadFailed => ("reload", Tone.Attention, null, "trackwatch check"),
            OperatorNews.RulesRefused => ("rules", Tone.Attention, null, "trackwatch rules check"),
            OperatorNews.MailsHeld => ("held", Tone.Attention, null, "trackwatch status"),
            OperatorNews.OrderGone => ("gone", Tone.Attention, null, (string?)null),
            _ => throw new InvalidOperationException($"No words for {news.GetType().Name}."),
        };
        var values = news switch
        {
            OperatorNews.SourceSilent silent => new Values
            {
                { "provider", Names.OfProvider(silent.Provider) },
                { "moment", At(silent.LastSuccess, zone) },
                { "n", silent.Shipments },
            },
            OperatorNews.SourceBack back => new Values
            {
                { "provider", Names.OfProvider(back.Provider) },
                { "moment", At(back.SilentSince, zone) },
            },
            OperatorNews.MailRefused refused => new Values
            {
                { "person", new ForeignText(refused.Person, ForeignText.NameLimit) },
                { "subject", new ForeignText(refused.Subject, ForeignText.NameLimit) },
            },
            OperatorNews.AddressDead dead => Returned(dead.Person, dead.Address, dead.Subject),
            OperatorNews.MailBounced bounced => Returned(bounced.Person, bounced.Address, bounced.Subject),
            OperatorNews.AddressRefused refused => new Values
            {
                { "person", new ForeignText(refused.Person, ForeignText.NameLimit) },
                { "address", new ForeignText(refused.Address, ForeignText.NameLimit) },
                { "subject", new ForeignText(refused.Subject, ForeignText.NameLimit) },
            },
            OperatorNews.ReloadFailed failed => new Values { { "file", new ForeignText(failed.File) } },
            OperatorNews.RulesRefused refused => new Values { { "file", new ForeignText(refused.Folder) } },
            OperatorNews.MailsHeld held => new Values { { "n", held.Cap }, { "date", held.Day } },
            OperatorNews.OrderGone gone => new Values
            {
                { "order", new ForeignText(gone.Order, ForeignText.NameLimit) },
                { "date", gone.LastDay },
            },
            _ => Values.None,
        };
        var rows = new List<Row> { new(words.Say("labels.happened"), words.Say($"operator.{key}", values)) };
        if (detail is not null)
            rows.Add(new(words.Say("operator.detail"), "", Quote: new ForeignText(detail)));
        if (words.Has($"operator.{key}-do"))
            rows.Add(new(words.Say("labels.do"), words.Say($"operator.{key}-do")));
        var blocks = new List<Block> { new Block.Card(tone, rows) };
        if (command is not null)
            blocks.Add(new Block.Commands([new(command, "")]));
        var problems = news switch
        {
            OperatorNews.ReloadFailed failed => failed.Problems,
            OperatorNews.RulesRefused refused => refused.Problems,
            _ => [],
        };
        if (problems.Count > 0)
            blocks.Add(
                new Block.Bullets(null, [.. problems.Take(Problems).Select(p => new ForeignText(p).ToString())])
            );
        return (words.Say($"operator.{key}-subject", values), blocks);
    }

    private static Values Returned(string person, string address, string subject) =>
        new()
        {
            { "person", new ForeignText(person, ForeignText.NameLimit) },
            { "email", new ForeignText(address, ForeignText.NameLimit) },
            { "subject", new ForeignText(subject, ForeignText.NameLimit) },
        };

    private static Moment? At(DateTimeOffset? at, TimeZoneInfo zone) =>
        at is { } instant ? new Moment(TimeZoneInfo.ConvertTime(instant, zone).DateTime) : null;
}
