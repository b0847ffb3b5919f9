using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>Reads journey scripts; every problem is told with its line.</summary>
internal sealed class ScriptReader
{
    /// <summary>Longer ones are typing mistakes.</summary>
    private const int LongestYears = 10;

    private readonly Problems problems;
    private readonly Places places = new();
    private readonly OrdersContext context;

    private ScriptReader(OrdersContext context, Problems problems)
    {
        this.context = context;
        this.problems = problems;
    }

    /// <returns>Null where the script has errors.</returns>
    public static JourneyScript? Read(string file, byte[] bytes, OrdersContext context, Problems problems)
    {
        var root = YamlText.Read(file, bytes, problems);
        if (root is null)
        {
            if (!problems.AnyError)
                problems.Error(new Place(file), "Nothing stands in the script; it needs 'from', 'to' and 'orders'.");
            return null;
        }
        var script = new ScriptReader(context, problems).Read(root);
        return problems.AnyError ? null : script;
    }

    private JourneyScript Read(YamlNode root)
    {
        var entries = new YamlBinder(problems, places).Bind<ScriptEntries>(root);
        var (people, orders) = Assemble(entries, entries.Orders, problems);
        if (entries.To < entries.From && places.Said(entries, nameof(entries.To)))
            problems.Error(places.Of(entries, nameof(entries.To)), "'to' is before 'from'.");
        else if (entries.From != default && entries.To > entries.From.AddYears(LongestYears))
            problems.Error(
                places.Of(entries, nameof(entries.To)),
                $"'to' is more than {LongestYears} years after 'from'."
            );
        if (entries.Orders.Count == 0 && !problems.AnyError)
            problems.Error(places.Of(entries), "The script has no orders; add 'orders:' as in orders.yaml.");
        // Without its orders an act means nothing; what is wrong with them was told.
        var acts = orders.Count == entries.Orders.Count ? Acts(entries, orders).ToList() : [];
        var filed = acts.OfType<ScriptAct.Filed>().SelectMany(f => f.Orders);
        return new JourneyScript(
            Days.StartOf(entries.From, TimeZoneInfo.Utc),
            Days.StartOf(entries.To.AddDays(1), TimeZoneInfo.Utc),
            people,
            orders,
            Events(
                entries,
                [.. orders.Concat(filed).SelectMany(o => o.Order.Tracking).Select(t => t.Number).Distinct()]
            ),
            [.. Outages(entries)],
            acts,
            entries.Digests,
            Expected(entries, people, orders)
        );
    }

    private (IReadOnlyList<Person>, IReadOnlyList<OrderInFile>) Assemble(
        ScriptEntries entries,
        IReadOnlyList<OrderEntry> orders,
        Problems into
    ) =>
        new OrdersAssembler(context, places, into).Assemble([
            new OrdersEntries { People = entries.People, Orders = orders },
        ]);

    private IEnumerable<Outage> Outages(ScriptEntries entries)
    {
        foreach (var (provider, source) in entries.Sources)
        {
            CheckProvider(provider, places.Of(entries.Sources, provider));
            foreach (
                var blocked in source.Blocked.Where(b =>
                    b.To < b.From && places.Said(b, nameof(b.To)) && places.Said(b, nameof(b.From))
                )
            )
                problems.Error(
                    places.Of(blocked, nameof(blocked.To)),
                    $"sources.{provider}.blocked: 'to' is before 'from'."
                );
            foreach (var outage in JourneyScript.Blocked(provider, source.Blocked.Where(b => b.To < DateOnly.MaxValue)))
                yield return outage;
        }
    }

    private void CheckProvider(string provider, Place at)
    {
        if (!context.Providers.Contains(provider))
            problems.Error(
                at,
                $"'{provider}' is no provider; known are {Spelling.List(context.Providers)}.",
                Spelling.Closest(provider, context.Providers)
            );
    }

    private Dictionary<string, IReadOnlyList<ScriptedEvent>> Events(
        ScriptEntries entries,
        IReadOnlyList<string> tracked
    )
    {
        var events = new Dictionary<string, IReadOnlyList<ScriptedEvent>>();
        tracked =
        [
            .. tracked,
            .. entries
                .Events.Values.SelectMany(said => said)
                .Where(e => e.HandedOverAs is not null)
                .Select(e => TrackingNumber.Compact(e.HandedOverAs)),
        ];
        foreach (var (written, said) in entries.Events)
        {
            var number = TrackingNumber.Compact(written);
            if (!tracked.Contains(number))
                problems.Error(
                    places.Of(entries.Events, written),
                    $"events: no order of the script tracks '{written}'.",
                    Spelling.Closest(number, tracked)
                );
            foreach (var e in said)
            {
                if (places.Said(e, nameof(e.Provider)))
                    CheckProvider(e.Provider, places.Of(e, nameof(e.Provider)));
                if (e.Known < e.At)
                    problems.Error(
                        places.Of(e, nameof(e.Known)),
                        $"events.{written}: 'known' is before 'at'; a source cannot tell of what has not happened."
                    );
            }
            events[number] =
            [
                .. said.Select(e => new ScriptedEvent(e.At, e.Known ?? e.At, e.Code, e.Text, e.Place, e.Provider)
                {
                    HandedOverAs = e.HandedOverAs is { } number ? TrackingNumber.Compact(number) : null,
                }),
            ];
        }
        return events;
    }

    private List<MailLine>? Expected(
        ScriptEntries entries,
        IReadOnlyList<Person> people,
        IReadOnlyList<OrderInFile> orders
    )
    {
        if (!places.Said(entries, nameof(entries.Expect)))
            return null;
        var persons = people.Select(p => p.Id).ToList();
        var ids = orders.Select(o => o.Order.Id).ToList();
        var lines = new List<MailLine>();
        foreach (var line in entries.Expect)
        {
            Known(line, nameof(line.Person), line.Person, persons, "person");
            Known(line, nameof(line.Order), line.Order, ids, "order");
            if (line.Kind == ExpectedKind.Digest && !entries.Digests && places.Said(line, nameof(line.Kind)))
                problems.Error(
                    places.Of(line, nameof(line.Kind)),
                    "expect: digests are compared only where the script says 'digests: true'."
                );
            var who =
                line.Kind == ExpectedKind.Operator ? Outbox.Operator : line.Person ?? persons.FirstOrDefault() ?? "";
            lines.Add(
                new MailLine(
                    line.Day,
                    ValueForms.Word(line.Kind),
                    who,
                    line.Order,
                    line.Step?.Id(),
                    line.Reason is { } why ? ValueForms.Word(why) : null
                )
            );
        }
        return lines;

        void Known(ExpectedEntry line, string key, string? said, List<string> known, string what)
        {
            if (said is not null && !known.Contains(said))
                problems.Error(
                    places.Of(line, key),
                    $"expect: there is no {what} '{said}' in the script.",
                    Spelling.Closest(said, known)
                );
        }
    }

    /// <summary>In the order of time; each is understood by what was said and done before it.</summary>
    private IEnumerable<ScriptAct> Acts(ScriptEntries entries, IReadOnlyList<OrderInFile> orders)
    {
        var words = new ActWords();
        var told = new Dictionary<string, Stack<Fact>>();
        var zones = entries.People.ToDictionary(p => p.Key, p => p.Value.Timezone);
        var file = entries.Orders.Zip(orders).ToDictionary(o => o.Second.Order.Id, o => o.First);
        foreach (var act in entries.Acts.OrderBy(a => a.At))
        {
            if ((act.Command is null) == (act.Set.Count == 0))
                problems.Error(
                    places.Of(act),
                    "acts: each act has either a 'command' or a 'set' with an order's changes."
                );
            if (places.Said(act, nameof(act.At)) && act.At < Days.StartOf(entries.From, TimeZoneInfo.Utc))
                problems.Error(places.Of(act, nameof(act.At)), "acts: this is before the script begins.");
            if (act.Command is { } line && Command(line, places.Of(act, nameof(act.Command)), act.At) is { } done)
                yield return done;
            if (act.Set.Count > 0 && Filed(act) is { } filed)
                yield return filed;
        }

        ScriptAct? Command(string line, Place at, DateTimeOffset now)
        {
            try
            {
                var said = words.Read(line);
                if (!file.ContainsKey(said.Order))
                {
                    problems.Error(
                        at,
                        $"acts: there is no order '{said.Order}' in the script.",
                        Spelling.Closest(said.Order, file.Keys)
                    );
                    return null;
                }
                if (!told.TryGetValue(said.Order, out var before))
                    told[said.Order] = before = new Stack<Fact>();
                var entry = orders.First(o => o.Order.Id == said.Order);
                if (said.FactOf is null)
                {
                    if (before.TryPop(out _))
                        return new ScriptAct.Undone(now, said.Order);
                    problems.Error(at, $"acts: no command told anything of '{said.Order}' that could be taken back.");
                    return null;
                }
                var facts = OrderFacts.Unite(
                    before
                        .Reverse()
                        .Select((fact, i) => new ToldFact(fact, FactOrigin.Command, now.AddTicks(i - 1000)))
                        .Concat(entry.Facts.Select(f => new ToldFact(f, FactOrigin.File, DateTimeOffset.MinValue)))
                );
                var fact = said.FactOf(facts, Days.In(ZoneOf(entry), now));
                before.Push(fact);
                return new ScriptAct.Told(now, said.Order, fact);
            }
            catch (CommandException wrong)
            {
                problems.Error(at, $"acts: {wrong.Message}");
                return null;
            }
        }

        TimeZoneInfo ZoneOf(OrderInFile order) =>
            order.Order.People is [var first, ..]
            && zones.GetValueOrDefault(first) is { } zone
            && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
                ? found
                : TimeZoneInfo.Utc;

        ScriptAct? Filed(ActEntry act)
        {
            foreach (var (id, changes) in act.Set)
            {
                if (file.TryGetValue(id, out var entry))
                    file[id] = entry.With(changes, places);
                else
                    problems.Error(
                        places.Of(act.Set, id),
                        $"acts: there is no order '{id}' in the script.",
                        Spelling.Closest(id, file.Keys)
                    );
            }
            var found = new Problems();
            (_, orders) = Assemble(entries, [.. file.Values], found);
            // What was wrong before was told before.
            foreach (var problem in found.All.Except(problems.All).Where(p => p.Severity != Severity.Info))
                problems.Add(problem);
            return new ScriptAct.Filed(act.At, orders);
        }
    }
}
