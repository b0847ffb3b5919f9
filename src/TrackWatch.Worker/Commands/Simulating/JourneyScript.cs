using TrackWatch.Domain;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>Something that a buyer does in a script.</summary>
internal abstract record ScriptAct(DateTimeOffset At)
{
    /// <summary>A command told a fact.</summary>
    internal sealed record Told(DateTimeOffset At, string Order, Fact Fact) : ScriptAct(At);

    /// <summary>The newest fact that a command told was taken back.</summary>
    internal sealed record Undone(DateTimeOffset At, string Order) : ScriptAct(At);

    /// <summary>The orders file was saved anew.</summary>
    internal sealed record Filed(DateTimeOffset At, IReadOnlyList<OrderInFile> Orders) : ScriptAct(At);
}

/// <summary>A line that a mail is expected to be, or was.</summary>
/// <param name="Reason">null = not compared, or none.</param>
internal sealed record MailLine(
    DateOnly Day,
    string Kind,
    string Person,
    string? Order,
    string? Step,
    string? Reason = null
)
{
    public override string ToString() =>
        string.Join(
            ' ',
            new[] { $"{Day:yyyy-MM-dd}", Kind, Person, Order, Step, Reason }.Where(word => !string.IsNullOrEmpty(word))
        );
}

/// <summary>What a source will say of a number.</summary>
internal sealed record ScriptedEvent(
    DateTimeOffset At,
    DateTimeOffset Known,
    string Code,
    string Text,
    string? Place,
    string Provider
)
{
    /// <summary>The number of the last mile that the source tells with it; null = none.</summary>
    public string? HandedOverAs { get; init; }
}

/// <summary>A scripted journey (design: orders, what sources say, what the buyer does, and the mails to be seen). Days are UTC.</summary>
/// <param name="Until">Exclusive.</param>
/// <param name="Expected">null = the script does not say.</param>
internal sealed record JourneyScript(
    DateTimeOffset From,
    DateTimeOffset Until,
    IReadOnlyList<Person> People,
    IReadOnlyList<OrderInFile> Orders,
    IReadOnlyDictionary<string, IReadOnlyList<ScriptedEvent>> Events,
    IReadOnlyList<Outage> Outages,
    IReadOnlyList<ScriptAct> Acts,
    bool Digests,
    IReadOnlyList<MailLine>? Expected
)
{
    private static readonly PollOutcome BlockPage = new PollOutcome.Blocked("shows a block page");

    /// <summary>The sources that it speaks of.</summary>
    public IReadOnlyList<string> Providers =>
        [
            .. Events
                .Values.SelectMany(said => said)
                .Select(e => e.Provider)
                .Concat(Outages.Select(o => o.Provider))
                .Concat(Orders.SelectMany(o => o.Order.Tracking).Select(t => t.Provider).OfType<string>())
                .Append(ProviderIds.Cainiao)
                .Distinct(),
        ];

    /// <summary>A carrier's own service knows its own numbers; the others may know any.</summary>
    public bool Covers(string provider, string number) =>
        ProviderIds.KindOf(provider) != SourceKind.Carrier
        || Events.GetValueOrDefault(number, []).Any(e => e.Provider == provider);

    /// <summary>What the source says instead of an answer; null = it answers.</summary>
    public PollOutcome? TroubleOf(string provider, DateTimeOffset now) =>
        Outages.FirstOrDefault(o => o.Provider == provider && o.From <= now && now < o.Until)?.Outcome;

    /// <summary>What a source knows of a number by then, newest first.</summary>
    public IReadOnlyList<ScriptedEvent> KnownOf(string provider, string number, DateTimeOffset now) =>
        [
            .. Events
                .GetValueOrDefault(number, [])
                .Where(e => e.Provider == provider && e.Known <= now)
                .OrderByDescending(e => e.At),
        ];

    /// <summary>The script with one of its orders only, and what it expects of that one; null = there is no such order.</summary>
    public JourneyScript? Only(string order) =>
        Orders.Any(o => o.Order.Id == order)
            ? this with
            {
                Orders = [.. Orders.Where(o => o.Order.Id == order)],
                Acts =
                [
                    .. Acts.Where(a => a is ScriptAct.Filed || OrderOf(a) == order)
                        .Select(a =>
                            a is ScriptAct.Filed filed
                                ? filed with
                                {
                                    Orders = [.. filed.Orders.Where(o => o.Order.Id == order)],
                                }
                                : a
                        ),
                ],
                Expected = Expected is null ? null : [.. Expected.Where(e => e.Order == order)],
            }
            : null;

    private static string? OrderOf(ScriptAct act) =>
        act switch
        {
            ScriptAct.Told told => told.Order,
            ScriptAct.Undone undone => undone.Order,
            _ => null,
        };

    public static IReadOnlyList<Outage> Blocked(string provider, IEnumerable<AbsenceEntry> days) =>
        [
            .. days.Select(d => new Outage(
                provider,
                Days.StartOf(d.From, TimeZoneInfo.Utc),
                Days.StartOf(d.To.AddDays(1), TimeZoneInfo.Utc),
                BlockPage
            )),
        ];

    /// <summary>The same for the simulation: what comes of files and commands, and what each source says when.</summary>
    public Journey ToJourney()
    {
        var orders = new List<OrderSaid>();
        var facts = new Book();
        File(Orders, From);
        foreach (var act in Acts)
        {
            switch (act)
            {
                case ScriptAct.Filed filed:
                    File(filed.Orders, filed.At);
                    break;
                case ScriptAct.Told told:
                    facts.Tell(told.Order, told.Fact, FactOrigin.Command, told.At);
                    break;
                case ScriptAct.Undone undone:
                    facts.Undo(undone.Order, undone.At);
                    break;
            }
        }
        return new Journey
        {
            People = People,
            Orders = orders,
            Facts = facts.All,
            Outages = Outages,
            Sayings = Events
                .SelectMany(e => e.Value.Select(said => new SourceKey(said.Provider, e.Key)))
                .Distinct()
                .ToDictionary(source => source, Sayings),
        };

        void File(IReadOnlyList<OrderInFile> said, DateTimeOffset at)
        {
            foreach (var entry in said)
            {
                if (
                    orders.LastOrDefault(o => o.Order.Id == entry.Order.Id)?.Order is not { } before
                    || !Same(before, entry.Order)
                )
                    orders.Add(new OrderSaid(at, entry.Order));
                facts.File(entry.Order.Id, entry.Facts, at);
            }
        }
    }

    private static bool Same(Order one, Order other) =>
        Storage.DomainJson.Write(one) == Storage.DomainJson.Write(other);

    private IReadOnlyList<Saying> Sayings(SourceKey source) =>
        [
            .. Events[source.Number]
                .Where(e => e.Provider == source.Provider)
                .Select(e => e.Known)
                .Distinct()
                .Order()
                .Select(at => new Saying(
                    at,
                    ScriptedAnswer.Read(source.Number, KnownOf(source.Provider, source.Number, at), at)
                )),
        ];

    /// <summary>Facts by the file and by commands, each from its telling to its taking back.</summary>
    private sealed class Book
    {
        public List<FactSaid> All { get; } = [];

        public void Tell(string order, Fact fact, FactOrigin origin, DateTimeOffset at) =>
            All.Add(new FactSaid(order, new ToldFact(fact, origin, at)));

        public void Undo(string order, DateTimeOffset at)
        {
            var newest = All.FindLastIndex(f =>
                f.Order == order && f is { UndoneAt: null, Told.Origin: not FactOrigin.File }
            );
            if (newest >= 0)
                All[newest] = All[newest] with { UndoneAt = at };
        }

        public void File(string order, IReadOnlyList<Fact> said, DateTimeOffset at)
        {
            var before = All.Where(f => f.Order == order && f is { UndoneAt: null, Told.Origin: FactOrigin.File })
                .ToList();
            var change = FileFacts.Change([.. before.Select(f => f.Told.Fact)], said);
            foreach (var gone in before.Where(f => change.Gone.Contains(f.Told.Fact)))
                All[All.IndexOf(gone)] = gone with { UndoneAt = at };
            foreach (var fact in change.Told)
                Tell(order, fact, FactOrigin.File, at);
        }
    }
}
