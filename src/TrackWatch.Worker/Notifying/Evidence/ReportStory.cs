using System.Globalization;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>Puts a dossier into the words of the printed record.</summary>
internal sealed class ReportStory(Dossier dossier, Words words)
{
    private const int FingerprintShown = 8;
    private const int ReasonLimit = 120;

    private Order Order => dossier.Order.Row.Definition;

    private static Values Days(int n) => new() { { "n", n } };

    public Values Heading =>
        new()
        {
            { "thing", LetterValues.Thing(Order) },
            { "moment", MomentOf(dossier.AsOf) },
            { "zone", dossier.Zone.Id },
        };

    public Report Tell() =>
        new(
            words.Language.Tag,
            words.Language.Direction,
            Say("title", Heading),
            Say("as-of", Heading),
            Say("about", Heading),
            Say("in-short"),
            [.. dossier.Parcels.SelectMany(Summary)],
            [.. Chapters()]
        );

    private IEnumerable<Chapter> Chapters()
    {
        yield return new Chapter(Say("order"), [new Part.Pairs([.. OrderRows()])]);
        foreach (var parcel in dossier.Parcels.Where(p => p.Events.Count > 0))
            yield return new Chapter(
                Say("picture", About(parcel)),
                [new Part.Drawing(TimeLineDrawing.Of(parcel, dossier.Zone, dossier.AsOf, words)), .. Silences(parcel)]
            );
        foreach (var parcel in dossier.Parcels)
            yield return new Chapter(Say("history", About(parcel)), [.. History(parcel)]);
        if (Stated() is { Count: > 0 } stated)
            yield return new Chapter(
                Say("stated"),
                [new Part.Grid([Say("what"), Say("told-at"), Say("origin")], [46, 27, 27], stated)]
            );
        if (Anomalies() is { Count: > 0 } anomalies)
            yield return new Chapter(
                Say("anomalies"),
                [new Part.Grid([Say("seen"), Say("event"), Say("note")], [22, 38, 40], anomalies)]
            );
        yield return new Chapter(Say("polls"), [.. Polls()]);
        if (Answers() is { Count: > 0 } answers)
            yield return new Chapter(
                Say("answers"),
                [
                    new Part.Passage(Say("answers-about")),
                    new Part.Grid([Say("fetched"), Say("file"), Say("fingerprint")], [20, 36, 44], answers),
                    new Part.Passage(Say("check")),
                ]
            );
    }

    private IEnumerable<string> Summary(ParcelRecord parcel)
    {
        var about = About(parcel);
        var polls = parcel.Polls;
        yield return Say("status", about);
        yield return polls.Asked == 0
            ? Say("never-asked", about)
            : Say(
                "asked",
                about
                    .With("asked", polls.Asked)
                    .With("answered", polls.Answered)
                    .With("from", MomentOf(polls.Polls[0].At))
            );
        if (parcel.Silences is [.., { EndedBy: null } open])
            yield return Say(
                "silent",
                about.With("from", new Moment(open.After.Wall)).With("to", MomentOf(open.Until)).With("n", open.Days)
            );
        else if (parcel.Events.LastOrDefault(e => e.IsProgress) is { } last)
            yield return Say("delivered", about.With("from", new Moment(last.Event.Wall)));
        if (polls.Outages.Count > 0)
            yield return Say("outages", Days(polls.Outages.Count));
    }

    private IEnumerable<Pair> OrderRows()
    {
        var (person, file) = (dossier.Person, Say("said-by-buyer"));
        (string Key, ForeignText Words, string? Origin)[] rows =
        [
            ("buyer", Name(person.Name), null),
            ("address", ForeignText.OfLines(person.Address), null),
            (
                "marketplace",
                Name(Names.OfMarketplace(Order.Marketplace)),
                Order.Assumed.Contains("marketplace") ? Say("assumed") : file
            ),
            ("order-number", Name(Order.OrderNumber), file),
            ("item", new ForeignText(Order.Item), file),
            ("seller", Name(Order.Seller), file),
            ("value", Money(Order.Value), file),
            ("charged", Money(Order.Charged), file),
            ("paid-on", Day(Order.PaidOn), file),
            ("numbers", new ForeignText(string.Join(", ", dossier.Parcels.Select(p => p.Row.Number))), file),
        ];
        foreach (var (key, said, origin) in rows.Where(r => !r.Words.IsEmpty))
            yield return new Pair(Say(key), said, origin);
        (string Key, DateOnly? Day, string Field)[] days =
        [
            ("ordered", Order.Ordered, "ordered"),
            ("shipped", Order.Shipped, "shipped"),
            ("promised", Order.PromisedBy, ""),
            ("refund-if", Order.RefundIfUndeliveredBy, ""),
            ("coupon", Order.CouponIfDelayedBy, ""),
        ];
        foreach (var (key, day, field) in days.Where(d => d.Day is not null))
            yield return new Pair(
                words.Say($"facts.{key}"),
                Day(day),
                Order.Assumed.Contains(field) ? Say("assumed") : file
            );
    }

    private IEnumerable<Part> Silences(ParcelRecord parcel)
    {
        var least = Days(ParcelRecord.ShownSilence);
        yield return new Part.Passage(Say("silences-about", least));
        var rows = parcel
            .LongSilences.Select(s =>
                (IReadOnlyList<Cell>)
                    [
                        new Cell(words.At(s.After.Wall)),
                        new Cell(
                            s.EndedBy is { } end
                                ? words.At(end.Wall)
                                : Say("goes-on", new Values { { "moment", MomentOf(s.Until) } })
                        ),
                        new Cell(Say("days", Days(s.Days)), IsStrong: true),
                        new Cell(s.Leg is { } leg ? words.Say($"legs.{leg}") : ""),
                    ]
            )
            .ToList();
        yield return rows.Count == 0
            ? new Part.Passage(Say("no-silences", least))
            : new Part.Grid([Say("from"), Say("until"), Say("length"), Say("leg")], [25, 33, 14, 28], rows);
    }

    private IEnumerable<Part> History(ParcelRecord parcel)
    {
        if (parcel.Events.Count == 0)
        {
            yield return new Part.Passage(Say("no-history"));
            yield break;
        }
        yield return new Part.Passage(Say("history-about"));
        yield return new Part.Grid(
            [Say("when"), Say("event"), Say("source"), Say("fetched"), Say("fingerprint")],
            [18, 37, 20, 14, 11],
            [
                .. parcel.Events.Select(e =>
                    (IReadOnlyList<Cell>)
                        [
                            new Cell(
                                words.At(e.Event.Wall),
                                Note: e.Event.Offset is { } offset ? Offset(offset) : null
                            ),
                            new Cell(
                                Join(
                                    words.Say($"statuses.{e.Event.Status}"),
                                    new ForeignText(e.Event.Place, ForeignText.NameLimit)
                                ),
                                new ForeignText(e.Event.Text),
                                e.Wordings.Count > 0
                                    ? Say("reworded", new Values { { "text", new ForeignText(e.Row.Text) } })
                                    : null,
                                e.IsProgress
                            ),
                            new Cell(Names.OfProvider(e.Row.Provider), new ForeignText(e.Event.Code, 40)),
                            new Cell(Short(e.Row.RecordedAt)),
                            new Cell(
                                e.Answer is { } hash ? Convert.ToHexStringLower(hash)[..FingerprintShown] : "",
                                IsCode: true
                            ),
                        ]
                ),
            ]
        );
    }

    private List<IReadOnlyList<Cell>> Stated() =>
        [
            .. dossier
                .Told.Where(t => t.Fact is not (Fact.Snoozed or Fact.Mails))
                .Select(t =>
                    (IReadOnlyList<Cell>)
                        [Statement(t.Fact), new Cell(words.Day(DayOf(t.ToldAt))), new Cell(Origin(t.Origin))]
                ),
        ];

    private Cell Statement(Fact fact)
    {
        return fact switch
        {
            Fact.StepDone done => Told(
                words.Say("facts.done", new Values { { "step", words.Say($"steps.{done.Step.Id()}.name") } }),
                done.On,
                done.Note
            ),
            Fact.ProtectionEnds ends => Told(words.Say("facts.protection"), ends.On),
            Fact.CustomsHold hold => Told(
                words.Say("facts.hold"),
                hold.Until,
                string.Join(", ", new[] { hold.Notice, hold.AskedFor }.OfType<string>())
            ),
            Fact.DisputeOpened opened => Told(words.Say("facts.dispute-opened"), opened.On, opened.Id),
            Fact.DisputeDecided decided => Told(
                words.Say(
                    "facts.dispute-decided",
                    new Values { { "dispute_outcome", new Phrase($"values.outcome-{decided.Outcome}") } }
                ),
                decided.On,
                Amount(decided.Amount)
            ),
            Fact.RefundApproved approved => Told(
                words.Say("facts.refund-approved"),
                approved.On,
                Amount(approved.Amount)
            ),
            Fact.RefundReceived received => Told(Say("refund-received"), received.On, Amount(received.Amount)),
            Fact.Missing missing => Told(words.Say("facts.missing"), missing.On),
            Fact.Closed closed => Told(Say("closed"), closed.On),
            // A fact that has no words yet is still on record.
            _ => Told(fact.Key, null),
        };

        Cell Told(string what, DateOnly? on, string? note = null) =>
            new(on is { } day ? $"{what}: {words.Day(day)}" : what, new ForeignText(note));
    }

    private List<IReadOnlyList<Cell>> Anomalies()
    {
        var several = dossier.Parcels.Count > 1;
        return
        [
            .. dossier.Parcels.SelectMany(parcel =>
                parcel.Anomalies.Select(anomaly =>
                    (IReadOnlyList<Cell>)
                        [
                            new Cell(Short(anomaly.SeenAt), Note: several ? parcel.Row.Number : null),
                            parcel.Events.FirstOrDefault(e => e.Row.Id == anomaly.EventId) is { } e
                                ? new Cell(
                                    $"{words.At(e.Event.Wall)} · {words.Say($"statuses.{e.Event.Status}")}",
                                    new ForeignText(e.Event.Text)
                                )
                                : new Cell(parcel.Row.Number),
                            new Cell(
                                words.Has($"evidence.anomaly-{anomaly.Kind}")
                                    ? Say($"anomaly-{anomaly.Kind}")
                                    : new ForeignText(anomaly.Detail).ToString()
                            ),
                        ]
                )
            ),
        ];
    }

    private IEnumerable<Part> Polls()
    {
        yield return new Part.Grid(
            [Say("numbers"), Say("source"), Say("first"), Say("last"), Say("polls-asked"), Say("polls-answered")],
            [24, 14, 20, 20, 11, 11],
            [
                .. dossier.Parcels.Select(parcel =>
                {
                    var log = parcel.Polls;
                    return (IReadOnlyList<Cell>)
                        [
                            new Cell(parcel.Row.Number),
                            new Cell(Names.OfProvider(parcel.Row.Provider)),
                            new Cell(log.Polls is [var first, ..] ? Short(first.At) : ""),
                            new Cell(log.Polls is [.., var last] ? Short(last.At) : ""),
                            new Cell(Number(log.Asked)),
                            new Cell(Number(log.Answered)),
                        ];
                }),
            ]
        );
        var outages = dossier
            .Parcels.SelectMany(p => p.Polls.Outages)
            .DistinctBy(o => o.From)
            .OrderBy(o => o.From)
            .Select(o =>
                (IReadOnlyList<Cell>)
                    [
                        new Cell(Short(o.From)),
                        new Cell(Short(o.LastAsked)),
                        new Cell(o.Until is { } until ? Short(until) : Say("still")),
                        new Cell(Number(o.Asked)),
                        new Cell(o.Outcome.ToString(), new ForeignText(o.Detail, ReasonLimit)),
                    ]
            )
            .ToList();
        if (outages.Count > 0)
        {
            yield return new Part.Passage(Say("outages-title"));
            yield return new Part.Grid(
                [Say("first"), Say("last"), Say("next-answer"), Say("questions"), Say("why")],
                [20, 20, 20, 10, 30],
                outages
            );
        }
        yield return new Part.Passage(Say("polls-about"));
    }

    private List<IReadOnlyList<Cell>> Answers() =>
        [
            .. dossier.Parcels.SelectMany(parcel =>
                parcel.Answers.Select(answer =>
                    (IReadOnlyList<Cell>)
                        [
                            new Cell(Short(answer.FetchedAt)),
                            new Cell(EvidenceMaker.AnswerName(parcel, answer), IsCode: true),
                            new Cell(Convert.ToHexStringLower(answer.Hash), IsCode: true),
                        ]
                )
            ),
        ];

    private static Values About(ParcelRecord parcel) =>
        new()
        {
            { "tracking_no", new ForeignText(parcel.Row.Number, ForeignText.NameLimit) },
            { "provider", Names.OfProvider(parcel.Row.Provider) },
            { "status", new Phrase($"statuses.{parcel.Row.Status}") },
        };

    private string Say(string key) => words.Say($"evidence.{key}");

    private string Say(string key, Values values) => words.Say($"evidence.{key}", values);

    private string Origin(FactOrigin origin) =>
        Say(
            origin switch
            {
                FactOrigin.File => "from-file",
                FactOrigin.Command => "from-command",
                _ => "from-mail",
            }
        );

    private Moment MomentOf(DateTimeOffset at) => new(TimeZoneInfo.ConvertTime(at, dossier.Zone).DateTime);

    private string Short(DateTimeOffset at) => words.At(MomentOf(at).Wall);

    private DateOnly DayOf(DateTimeOffset at) => Domain.Days.In(dossier.Zone, at);

    private ForeignText Day(DateOnly? day) => new(day is { } on ? words.Day(on) : null);

    private ForeignText Money(Money? money) => new(Amount(money));

    private string? Amount(Money? money) => money is { } known ? words.Write(known) : null;

    private string Number(int n) => n.ToString("N0", words.Language.Culture);

    private static ForeignText Name(string? name) => new(name, ForeignText.NameLimit);

    private static string Join(string ours, ForeignText place) => place.IsEmpty ? ours : $"{ours} · {place}";

    private static string Offset(TimeSpan offset) =>
        $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture)}";
}
