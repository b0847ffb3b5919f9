using System.Text.RegularExpressions;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using Reading = TrackWatch.Domain.Rules.Reading;

namespace TrackWatch.Worker.Rules;

/// <summary>Reads one rule pack and holds each of its rules against itself. What spans rules is <see cref="RulePackChecks"/>'s.</summary>
internal sealed partial class RulePackLoader
{
    /// <summary>The kinds of packs: the part of a name before its slash.</summary>
    private static readonly string[] Kinds = ["marketplace", "payment", "country", "customs", "stall", "holidays"];

    private const string Holidays = "holidays/";

    /// <summary>The keys that only some kinds of rules have.</summary>
    private static readonly Dictionary<RuleKind, string[]> OwnKeys = new()
    {
        [RuleKind.Day] =
        [
            nameof(RuleEntry.Role),
            nameof(RuleEntry.Value),
            nameof(RuleEntry.Unit),
            nameof(RuleEntry.Clock),
            nameof(RuleEntry.ClockFallback),
            nameof(RuleEntry.Or),
            nameof(RuleEntry.WarnBefore),
            nameof(RuleEntry.PrintedIn),
        ],
        [RuleKind.Money] =
        [
            nameof(RuleEntry.Role),
            nameof(RuleEntry.Over),
            nameof(RuleEntry.UpTo),
            nameof(RuleEntry.Amount),
        ],
        [RuleKind.Contact] = [nameof(RuleEntry.Role), nameof(RuleEntry.Contacts)],
        [RuleKind.Statement] = [],
        [RuleKind.StallLimits] =
        [
            nameof(RuleEntry.Leg),
            nameof(RuleEntry.Held),
            nameof(RuleEntry.Fast),
            nameof(RuleEntry.Standard),
            nameof(RuleEntry.Slow),
        ],
        [RuleKind.StallFactor] =
        [
            nameof(RuleEntry.Factor),
            nameof(RuleEntry.Legs),
            nameof(RuleEntry.Destinations),
            nameof(RuleEntry.Season),
            nameof(RuleEntry.Spans),
            nameof(RuleEntry.AfterPromise),
        ],
    };

    private static readonly ILookup<string, RuleKind> KindsOfKey = OwnKeys
        .SelectMany(k => k.Value, (kind, key) => (kind.Key, Name: key))
        .ToLookup(k => k.Name, k => k.Key);

    private readonly Problems problems;
    private readonly Places places;
    private readonly PackEntry pack;

    private RulePackLoader(PackEntry pack, Places places, Problems problems) =>
        (this.pack, this.places, this.problems) = (pack, places, problems);

    /// <summary>The JSON Schema of a rule pack.</summary>
    public static string Schema() => JsonSchemaWriter.Write(typeof(PackEntry), "TrackWatch rule pack (rules.d/*.yaml)");

    /// <param name="file">The name that problems carry.</param>
    /// <returns>The pack, without the rules that could not be read; null where not even its name is known.</returns>
    public static RulePack? Load(string file, ReadOnlySpan<byte> bytes, Problems problems)
    {
        if (YamlText.Read(file, bytes, problems) is not { } root)
        {
            if (!problems.All.Any(p => p.File == file && p.Severity == Severity.Error))
                problems.Error(new Place(file), "The file is empty. A rule pack begins with 'pack:' and 'version:'.");
            return null;
        }
        var places = new Places();
        var entry = new YamlBinder(problems, places).Bind<PackEntry>(root);
        return new RulePackLoader(entry, places, problems).Assemble();
    }

    private RulePack? Assemble()
    {
        // A missing name or version has its problem already.
        if (pack.Pack is not { } name || pack.Version == default)
            return null;
        var at = places.Of(pack, nameof(pack.Pack));
        if (!PackName().IsMatch(name) || !Kinds.Contains(name.Split('/')[0]))
        {
            problems.Error(
                at,
                $"pack: '{name}' is no name of a pack; write it like marketplace/aliexpress or country/TR "
                    + $"(the first part is one of {string.Join(", ", Kinds)}).",
                Spelling.Closest(name.Split('/')[0], Kinds) is { } near && name.Contains('/', StringComparison.Ordinal)
                    ? $"{near}/{name.Split('/', 2)[1]}"
                    : null
            );
            return null;
        }
        var rules = new List<PlacedRule>();
        foreach (var entry in pack.Rules)
        {
            if (Read(entry) is { } rule)
                rules.Add(new PlacedRule(rule, places.Of(entry), places.Of(entry, nameof(entry.Follows))));
        }
        return new RulePack(name, pack.Version, at, rules, ReadCalendar(name));
    }

    private WorkCalendar? ReadCalendar(string name)
    {
        var wanted = name.StartsWith(Holidays, StringComparison.Ordinal);
        if (pack.Calendar is not { } calendar)
        {
            if (wanted)
                problems.Error(places.Of(pack), "'calendar' is missing; a pack of holidays is nothing else.");
            return null;
        }
        var at = places.Of(pack, nameof(pack.Calendar));
        if (!wanted)
        {
            problems.Error(at, $"calendar: only packs named {Holidays}… have one.");
            return null;
        }
        if (!Countries.TryParse(name[Holidays.Length..], out var country))
            problems.Error(places.Of(pack, nameof(pack.Pack)), $"pack: after {Holidays} a country is wanted, like TR.");
        if (pack.Rules.Count > 0)
            problems.Error(places.Of(pack, nameof(pack.Rules)), "rules: a pack of holidays has none.");
        if (calendar.Sources.Count == 0)
            problems.Error(at, "calendar: 'sources' is missing; say where the days were read.");
        if (calendar is not { Holidays: { } days, Weekend: { } weekend })
            return null;
        var seen = new HashSet<DateOnly>();
        foreach (var holiday in days)
        {
            if (!seen.Add(holiday.Day))
                problems.Error(
                    places.Of(holiday),
                    $"calendar: {holiday.Day:yyyy-MM-dd} stands twice; put both names into one line."
                );
            if (holiday.Day > calendar.KnownUntil)
                problems.Error(
                    places.Of(holiday),
                    $"calendar: {holiday.Day:yyyy-MM-dd} lies after known_until; list that year whole, or leave the day out."
                );
        }
        return new WorkCalendar(country, weekend.ToHashSet(), seen, calendar.KnownUntil);
    }

    private Rule? Read(RuleEntry entry)
    {
        // What the binder could not read has its problem; more of them would only confuse.
        if (entry is not { Id: not null, Title: not null, Kind: { } kind, Confidence: not null })
            return null;
        CheckKeys(entry, kind);
        CheckEvidence(entry);
        if (entry.EffectiveFrom > entry.EffectiveTo)
            Error(entry, nameof(entry.EffectiveTo), "effective_to lies before effective_from.");
        Rule? rule = kind switch
        {
            RuleKind.Day => ReadDay(entry),
            RuleKind.Money => ReadMoney(entry),
            RuleKind.Contact => ReadContact(entry),
            RuleKind.Statement => ReadStatement(entry),
            RuleKind.StallLimits => ReadStallLimits(entry),
            _ => ReadStallFactor(entry),
        };
        return rule is null
            ? null
            : rule with
            {
                Says = entry.Says,
                Step = entry.Step,
                AppliesBy = entry.AppliesBy ?? ClockEvent.OrderPlaced,
                EffectiveFrom = entry.EffectiveFrom,
                EffectiveTo = entry.EffectiveTo,
                Follows = entry.Follows,
                Regions = Expand(places.Said(entry, nameof(entry.Regions)) ? entry.Regions : pack.Regions),
                IsUnsourced = entry.Unsourced,
                Conflict = entry.Conflict,
                Sources = entry.Sources,
            };
    }

    /// <summary>EU stands for its members.</summary>
    private static IReadOnlyList<string> Expand(IReadOnlyList<string> regions) =>
        [.. regions.SelectMany(r => r == "EU" ? Countries.EuropeanUnion : Enumerable.Repeat(r, 1)).Distinct()];

    private void CheckKeys(RuleEntry entry, RuleKind kind)
    {
        foreach (var kinds in KindsOfKey)
        {
            if (!kinds.Contains(kind) && places.Said(entry, kinds.Key))
                Error(entry, kinds.Key, $"a rule of kind {ValueForms.Word(kind)} has no '{KeyOf(kinds.Key)}'.");
        }
    }

    private void CheckEvidence(RuleEntry entry)
    {
        if (entry is { Sources.Count: 0, Unsourced: false })
            Error(entry, "", "'sources' is missing; say where it was read, or 'unsourced: true'.");
        if (entry is { Confidence: Confidence.Conflicting, Conflict: null })
            Error(entry, nameof(entry.Confidence), "'conflict' is missing; say what the sources disagree about.");
        if (entry is { Confidence: Confidence.Certain, Unsourced: true })
            Error(entry, nameof(entry.Unsourced), "what no page says is not certain; confidence is likely at most.");
    }

    private DayRule? ReadDay(RuleEntry entry)
    {
        var role = RoleOf<DayRole>(entry);
        Wanted(entry, nameof(entry.Value), entry.Value);
        Wanted(entry, nameof(entry.Unit), entry.Unit);
        Wanted(entry, nameof(entry.Clock), entry.Clock);
        for (var i = 0; i < entry.WarnBefore.Count; i++)
        {
            if (entry.WarnBefore[i] < 0 || i > 0 && entry.WarnBefore[i] >= entry.WarnBefore[i - 1])
            {
                Error(entry, nameof(entry.WarnBefore), "warn_before: whole days, furthest first, like [14, 7, 3, 1].");
                break;
            }
        }
        if (role is null || entry is not { Value: { } value, Unit: { } unit, Clock: { } clock })
            return null;
        return new DayRule
        {
            Id = entry.Id,
            Pack = pack.Pack,
            Title = entry.Title,
            Confidence = entry.Confidence!.Value,
            Checked = entry.Checked ?? pack.Version,
            Role = role.Value,
            Readings =
            [
                ReadingOf(value, unit, clock, entry.ClockFallback),
                .. entry
                    .Or.Where(o => o.Clock is not null)
                    .Select(o => ReadingOf(o.Value, o.Unit, o.Clock, o.ClockFallback)),
            ],
            WarnBefore = entry.WarnBefore,
            PrintedIn = entry.PrintedIn,
        };
    }

    private static Reading ReadingOf(int value, UnitWord unit, ClockEntry clock, IReadOnlyList<ClockEntry> fallback) =>
        new(
            new Period(
                value,
                unit switch
                {
                    UnitWord.D => PeriodUnit.CalendarDays,
                    UnitWord.Bd => PeriodUnit.BusinessDays,
                    UnitWord.H => PeriodUnit.Hours,
                    UnitWord.Mo => PeriodUnit.Months,
                    _ => PeriodUnit.Years,
                }
            ),
            [.. fallback.Prepend(clock).Select(c => new Clock(c.Event, c.Assumed))]
        );

    private MoneyRule? ReadMoney(RuleEntry entry)
    {
        var role = RoleOf<MoneyRole>(entry);
        Money[] amounts = [.. new[] { entry.Over, entry.UpTo, entry.Amount }.OfType<Money>()];
        if (amounts.Length == 0)
            Error(entry, "", "a rule of kind money wants 'over', 'up_to' or 'amount'.");
        if (amounts.Select(a => a.Currency).Distinct().Count() > 1)
            Error(entry, "", "its amounts are in different currencies.");
        else if (entry is { Over: { } over, UpTo: { } upTo } && over.Amount >= upTo.Amount)
            Error(entry, nameof(entry.UpTo), "up_to is not more than over.");
        if (role is null || amounts.Length == 0)
            return null;
        return new MoneyRule
        {
            Id = entry.Id,
            Pack = pack.Pack,
            Title = entry.Title,
            Confidence = entry.Confidence!.Value,
            Checked = entry.Checked ?? pack.Version,
            Role = role.Value,
            Over = entry.Over,
            UpTo = entry.UpTo,
            Amount = entry.Amount,
        };
    }

    private ContactRule? ReadContact(RuleEntry entry)
    {
        var role = RoleOf<ContactRole>(entry);
        if (entry.Contacts.Count == 0)
            Error(entry, nameof(entry.Contacts), "a rule of kind contact wants 'contacts'.");
        foreach (var contact in entry.Contacts.Where(c => c.Address is { Scheme: not "https" }))
            problems.Error(
                places.Of(contact, nameof(contact.Address)),
                $"{entry.Id}: an address people are sent to begins with https://."
            );
        if (role is null)
            return null;
        return new ContactRule
        {
            Id = entry.Id,
            Pack = pack.Pack,
            Title = entry.Title,
            Confidence = entry.Confidence!.Value,
            Checked = entry.Checked ?? pack.Version,
            Role = role.Value,
            Contacts = [.. entry.Contacts.Where(c => c.Name is not null).Select(c => new Contact(c.Name, c.Address))],
        };
    }

    private StatementRule ReadStatement(RuleEntry entry)
    {
        if (entry.Says is null)
            Error(entry, "", "a statement wants 'says'.");
        return new StatementRule
        {
            Id = entry.Id,
            Pack = pack.Pack,
            Title = entry.Title,
            Confidence = entry.Confidence!.Value,
            Checked = entry.Checked ?? pack.Version,
        };
    }

    private StallLimitsRule? ReadStallLimits(RuleEntry entry)
    {
        Wanted(entry, nameof(entry.Leg), entry.Leg);
        Wanted(entry, nameof(entry.Fast), entry.Fast);
        Wanted(entry, nameof(entry.Standard), entry.Standard);
        Wanted(entry, nameof(entry.Slow), entry.Slow);
        if (entry is not { Leg: { } leg, Fast: { } fast, Standard: { } standard, Slow: { } slow })
            return null;
        return new StallLimitsRule
        {
            Id = entry.Id,
            Pack = pack.Pack,
            Title = entry.Title,
            Confidence = entry.Confidence!.Value,
            Checked = entry.Checked ?? pack.Version,
            Leg = leg,
            Held = entry.Held,
            Fast = Limits(entry, fast),
            Standard = Limits(entry, standard),
            Slow = Limits(entry, slow),
        };
    }

    private LevelLimits Limits(RuleEntry entry, LimitsEntry limits)
    {
        if (limits.Notice > limits.Stalled || limits.Stalled > limits.Critical)
            problems.Error(
                places.Of(limits),
                $"{entry.Id}: notice comes first, then stalled, then critical; these days do not rise."
            );
        return new LevelLimits(limits.Notice, limits.Stalled, limits.Critical);
    }

    private StallFactorRule? ReadStallFactor(RuleEntry entry)
    {
        Wanted(entry, nameof(entry.Factor), entry.Factor);
        if (entry is { Season: not null, Spans.Count: > 0 })
            Error(entry, nameof(entry.Spans), "'season' or 'spans', not both.");
        if (entry.Factor is not { } factor)
            return null;
        return new StallFactorRule
        {
            Id = entry.Id,
            Pack = pack.Pack,
            Title = entry.Title,
            Confidence = entry.Confidence!.Value,
            Checked = entry.Checked ?? pack.Version,
            Factor = factor,
            Legs = entry.Legs,
            Destinations = Expand(entry.Destinations),
            Season = entry.Season,
            Spans = entry.Spans,
            AfterPromise = entry.AfterPromise,
        };
    }

    private TRole? RoleOf<TRole>(RuleEntry entry)
        where TRole : struct, Enum
    {
        if (entry.Role is not { } word)
        {
            Wanted(entry, nameof(entry.Role), entry.Role);
            return null;
        }
        var form = ValueForms.For(typeof(TRole))!;
        var reading = form.Read(word);
        if (!reading.Fits)
            problems.Error(
                places.Of(entry, nameof(entry.Role)),
                $"{entry.Id}: role: {form.Explain(word, reading)}",
                reading.Suggestion
            );
        return (TRole?)reading.Value;
    }

    private void Wanted(RuleEntry entry, string property, object? value)
    {
        if (value is null && !places.Said(entry, property))
            Error(entry, "", $"a rule of kind {ValueForms.Word(entry.Kind!)} wants '{KeyOf(property)}'.");
    }

    private void Error(RuleEntry entry, string property, string message) =>
        problems.Error(places.Of(entry, property), $"{entry.Id}: {message}");

    private static string KeyOf(string property) =>
        Shape.Of(typeof(RuleEntry)).Keys.Single(k => k.Property.Name == property).Name;

    [GeneratedRegex("^[a-z]+/[A-Za-z0-9][A-Za-z0-9_-]*$")]
    private static partial Regex PackName();
}
