using System.CommandLine;
using Spectre.Console;
using TrackWatch.Domain;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Rules;
using Command = System.CommandLine.Command;
using Rule = TrackWatch.Domain.Rules.Rule;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch rules</c>: what the advice rests on. No database is needed.</summary>
internal static class RulesCommand
{
    /// <summary>So many days before the last listed holiday the next years are asked for.</summary>
    private const int CalendarNotice = 60;

    public static Command Create() =>
        new Command("rules", "Show and check the rules of marketplaces, banks, customs and law")
        {
            List(),
            Show(),
            Check(),
        };

    private static Command List()
    {
        var only = new Option<string?>("--pack")
        {
            Description = "One pack, or all of a kind: marketplace/aliexpress, country",
            HelpName = "PACK",
        };
        return new Command("list", "List every rule with its validity, confidence and last check")
        {
            only,
            CommandLine.Json,
        }.Does(
            (parsed, _) =>
            {
                var (rules, today) = Read(parsed);
                var packs = Select(rules, parsed.GetValue(only));
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(packs.SelectMany(p => p.Rules).Select(r => Shape(rules.Book, r.Rule, today)));
                else
                    PrintList(rules, packs, today);
                return Task.FromResult(ExitCode.Fine);
            }
        );
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "The rule's id, as mails and explain name it: AE-DISP-02" };
        return new Command("show", "Show one rule: what it says, its versions and its sources")
        {
            id,
            CommandLine.Json,
        }.Does(
            (parsed, _) =>
            {
                var (rules, today) = Read(parsed);
                var wanted = parsed.GetValue(id)!;
                var rule =
                    rules.Book.Find(wanted).FirstOrDefault()
                    ?? throw NoSuch("rule", wanted, rules.Book.All.Select(r => r.Id));
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(Shape(rules.Book, rule, today));
                else
                    PrintRule(rules, rule, today);
                return Task.FromResult(ExitCode.Fine);
            }
        );
    }

    private static Command Check()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Rule packs to try before they go into rules.d (default: those in it)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new Command("check", "Check rule packs, and list the rules that nobody has looked at lately")
        {
            files,
            CommandLine.Json,
        }.Does(
            (parsed, _) =>
            {
                var (rules, today) = Read(parsed, parsed.GetValue(files) ?? []);
                var old = rules
                    .Book.All.Where(r => rules.Book.NotVerifiedSince(r, today) is not null)
                    .OrderBy(r => r.Id, StringComparer.Ordinal)
                    .ToList();
                var calendars = rules
                    .Book.Calendars.Where(c => today > c.KnownUntil.AddDays(-CalendarNotice))
                    .OrderBy(c => c.Country, StringComparer.Ordinal)
                    .ToList();
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(
                        new
                        {
                            ok = rules.IsFine,
                            problems = rules.Problems.Select(CheckCommand.Shape),
                            notVerified = old.Select(r => Shape(rules.Book, r, today)),
                            calendars = calendars.Select(c => new { country = c.Country, knownUntil = c.KnownUntil }),
                        }
                    );
                else
                    PrintCheck(rules, old, calendars, today);
                return Task.FromResult(rules.IsFine ? ExitCode.Fine : ExitCode.Wrong);
            }
        );
    }

    /// <param name="files">Packs to hold against the program's instead of those in the folder; none = the folder's.</param>
    private static (LoadedRules Rules, DateOnly Today) Read(ParseResult parsed, params string[] files)
    {
        var loaded = CommandLine.Load(parsed);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(loaded.Settings.TimeZone ?? TimeZoneInfo.Local.Id);
        var today = Days.In(zone, TimeProvider.System.GetUtcNow());
        if (files.Length == 0)
            return (RuleBooks.Load(loaded.Settings.Rules.Folder), today);
        var problems = new Problems();
        var packs = new List<RulePack>();
        foreach (var file in files)
        {
            if (
                RuleBooks.ReadBytes(file, problems) is { } bytes
                && RulePackLoader.Load(file, bytes, problems) is { } pack
            )
                packs.Add(pack);
        }
        return (RuleBooks.Merge(packs, problems), today);
    }

    private static List<RulePack> Select(LoadedRules rules, string? only)
    {
        var withRules = rules.Packs.Where(p => p.Rules.Count > 0).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        if (only is null)
            return withRules;
        var chosen = withRules.FindAll(p =>
            p.Name.Equals(only, StringComparison.OrdinalIgnoreCase)
            || p.Name.StartsWith(only.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase)
        );
        return chosen.Count > 0 ? chosen : throw NoSuch("pack", only, withRules.Select(p => p.Name));
    }

    private static CommandException NoSuch(string what, string wanted, IEnumerable<string> known)
    {
        var near = Spelling.Closest(wanted, known);
        return new CommandException(
            ExitCode.Usage,
            $"there is no {what} '{wanted}'."
                + (near is null ? " trackwatch rules list shows all." : $" Did you mean '{near}'?")
        );
    }

    private static object Shape(RuleBook book, Rule rule, DateOnly today) =>
        new
        {
            id = rule.Id,
            pack = rule.Pack,
            kind = rule.Kind(),
            role = rule.Role(),
            title = rule.Title,
            says = rule.Says,
            step = rule.Step is { } step ? Domain.Advising.Steps.Id(step) : null,
            figures = rule.Figures(),
            regions = rule.Regions,
            inForce = rule.IsInForce(today),
            effectiveFrom = rule.EffectiveFrom,
            effectiveTo = rule.EffectiveTo,
            follows = rule.Follows,
            confidence = ValueForms.Word(rule.Confidence),
            unsourced = rule.IsUnsourced,
            conflict = rule.Conflict,
            sources = rule.Sources,
            @checked = rule.Checked,
            notVerifiedSince = book.NotVerifiedSince(rule, today),
        };

    private static void PrintList(LoadedRules rules, List<RulePack> packs, DateOnly today)
    {
        foreach (var pack in packs)
        {
            Terminal.Heading($"{pack.Name}, {Origin(pack)}");
            var table = new Table { Border = TableBorder.None, ShowHeaders = pack == packs[0] };
            foreach (var column in (string[])["id", "rule", "in force", "confidence", "checked"])
                table.AddColumn(new TableColumn(column).Padding(0, 0, 2, 0));
            table.Columns[0].NoWrap().Width(14);
            table.Columns[2].Width(12);
            table.Columns[3].Width(11);
            table.Columns[4].Width(12);
            foreach (var rule in pack.Rules.Select(r => r.Rule))
                table.AddRow(
                    Terminal.Text($"{rule.Id}"),
                    Terminal.Text($"{rule.Title}"),
                    Terminal.Text($"{rule.InForce(today)}"),
                    Terminal.Text($"{rule.Evidence()}"),
                    Terminal.Text($"{Checked(rules.Book, rule, today)}")
                );
            Terminal.Out.Write(table);
        }
    }

    private static void PrintRule(LoadedRules rules, Rule rule, DateOnly today)
    {
        var grid = Terminal.Pairs();
        Row("id", rule.Id);
        Row("pack", $"{rule.Pack}, {Origin(rules.Packs.First(p => p.Name == rule.Pack))}");
        Row("kind", rule.Role() is { } role ? $"{rule.Kind()}, {role}" : rule.Kind());
        Row("title", rule.Title);
        Row("says", rule.Says);
        Row("step", rule.Step is { } step ? Domain.Advising.Steps.Id(step) : null);
        foreach (var (figure, i) in rule.Figures().Select((f, i) => (f, i)))
            Row(
                i == 0 ? "figures"
                    : rule is DayRule ? "or"
                    : "",
                figure
            );
        if (rule is DayRule day)
        {
            Row("warns", day.WarnBefore.Count == 0 ? null : $"{string.Join(", ", day.WarnBefore)} days before");
            Row("printed in", day.PrintedIn);
        }
        Row("where", rule.Regions.Count == 0 ? "everywhere" : string.Join(" ", rule.Regions));
        Row("in force", $"{rule.InForce(today)}, by the day of {ValueForms.Word(rule.AppliesBy)}");
        Row("confidence", rule.Evidence());
        Row("conflict", rule.Conflict);
        Row("checked", Checked(rules.Book, rule, today));
        foreach (var (source, i) in rule.Sources.Select((s, i) => (s, i)))
            Row(i == 0 ? "sources" : "", $"- {source}");
        var versions = rules.Book.Versions(rule);
        foreach (var (version, i) in versions.Select((v, i) => (v, i)).Where(_ => versions.Count > 1))
            Row(
                i == 0 ? "versions" : "",
                $"{version.Id}, {version.InForce(today)}: {string.Join("; ", Short(version))}"
            );
        Terminal.Out.Write(grid);

        void Row(string name, string? text)
        {
            if (text is not null)
                grid.AddRow(Terminal.Text($"{name}"), Terminal.Text($"{text}"));
        }
    }

    private static IReadOnlyList<string> Short(Rule rule) =>
        rule.Figures() is { Count: > 0 } figures ? figures : [rule.Title];

    private static void PrintCheck(LoadedRules rules, List<Rule> old, List<WorkCalendar> calendars, DateOnly today)
    {
        foreach (var problem in rules.Problems)
            Console.WriteLine(problem);
        foreach (var rule in old)
            Console.WriteLine(
                $"{rule.Id} ({rule.Pack}), {rule.InForce(today)}: {Checked(rules.Book, rule, today)}. {rule.Title}"
            );
        foreach (var calendar in calendars)
            Console.WriteLine(
                $"holidays/{calendar.Country}: holidays are listed until {calendar.KnownUntil:yyyy-MM-dd} only."
            );
        var own = rules.Packs.Count(p => !RuleBooks.Embedded.Contains(p));
        Console.WriteLine(
            $"{(rules.IsFine ? "Fine" : "Not fine")}: {Sayings.Count(rules.Book.All.Count, "rule")} in "
                + $"{Sayings.Count(rules.Packs.Count, "pack")}, {own} of them yours; "
                + $"{Sayings.Count(rules.Problems.Count(p => p.Severity == Severity.Error), "error")}, "
                + $"{Sayings.Count(rules.Problems.Count(p => p.Severity == Severity.Warning), "warning")}, "
                + $"{old.Count} not verified lately."
        );
    }

    private static string Checked(RuleBook book, Rule rule, DateOnly today) =>
        book.NotVerifiedSince(rule, today) is { } since
            ? $"not verified since {since:yyyy-MM-dd}"
            : $"{rule.Checked:yyyy-MM-dd}";

    private static string Origin(RulePack pack) =>
        RuleBooks.Embedded.Contains(pack)
            ? $"built in, of {pack.Version:yyyy-MM-dd}"
            : $"{pack.File}, of {pack.Version:yyyy-MM-dd}";
}
