using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports.Folder;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary><c>trackwatch simulate</c>: every decision and mail of a recorded or scripted journey, on virtual time.</summary>
internal static class SimulateCommand
{
    /// <summary>How far ahead silence is followed where no day is named.</summary>
    private const int LongestDays = 366;

    // For a person who waits; in a log it would be noise.
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    private static readonly Option<string?> Order = new("--order")
    {
        Description = "This order only: its id, or a tracking number of it",
        HelpName = "ORDER",
    };

    private static readonly Option<string?> From = new("--from")
    {
        Description = "Show nothing before this day; what happens before it is simulated all the same",
        HelpName = "DAY",
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description =
            "Go on in silence until the end of this day (default: until nothing more can change, at most a year)",
        HelpName = "DAY",
    };

    private static readonly Option<FileInfo?> Script = new("--script")
    {
        Description = "Simulate this journey instead of the recorded ones; needs no database",
        HelpName = "FILE",
    };

    private static readonly Option<DirectoryInfo?> Mails = new("--mails")
    {
        Description = "Write the mails into this folder, as .eml and .html",
        HelpName = "DIR",
    };

    public static Command Create() =>
        new Command("simulate", "Show every decision and mail of recorded or scripted journeys; nothing is sent")
        {
            Order,
            From,
            To,
            Script,
            Mails,
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                var loaded = CommandLine.Load(parsed);
                var from = Day(parsed.GetValue(From), "--from");
                var to = Day(parsed.GetValue(To), "--to");
                if (to < from)
                    throw new CommandException(ExitCode.Usage, "--to lies before --from.");
                if (parsed.GetValue(Script) is { } file)
                {
                    var script = Read(file, loaded.Settings);
                    if (parsed.GetValue(Order) is { } wanted)
                        script = Only(script, wanted);
                    await using var offline = Session.Offline(loaded);
                    return await RunAsync(
                        offline,
                        offline.GetRequiredService<Postmark>(),
                        script.ToJourney(),
                        Simulations.RulesOf(
                            loaded.Settings,
                            offline.GetRequiredService<RuleBook>(),
                            offline.GetServices<ITrackingProvider>(),
                            script
                        ),
                        new Span(
                            from,
                            to,
                            EndOf(to) ?? script.Until.AddTicks(-1),
                            script.Until,
                            parsed.GetValue(Order) is not null
                        ),
                        script,
                        parsed,
                        ct
                    );
                }
                await using var session = await Session.OpenAsync(loaded, ct);
                string[]? only = parsed.GetValue(Order) is { } meant
                    ? [(await session.FindAsync(meant, ct)).Row.Id]
                    : null;
                return await RunAsync(
                    session.Services,
                    // A mail that went has the name that it went by.
                    session.Get<Postmark>().Keyed(await session.Get<Secrets>().ReplyKeyAsync(ct)),
                    await RecordedJourney.ReadAsync(session, only, ct),
                    await Simulations.RulesAsync(session, ct),
                    new Span(from, to, EndOf(to), session.Now.AddDays(LongestDays), only is not null),
                    null,
                    parsed,
                    ct
                );
            }
        );

    /// <param name="From">The first day that is shown and compared; null = all are.</param>
    /// <param name="To">The last one.</param>
    /// <param name="Until">The last moment; null = when nothing more can change.</param>
    /// <param name="OneOrder">What concerns no order is left out.</param>
    private sealed record Span(
        DateOnly? From,
        DateOnly? To,
        DateTimeOffset? Until,
        DateTimeOffset AtMost,
        bool OneOrder
    )
    {
        public bool Shows(DateOnly day) => !(day < From) && !(day > To);
    }

    private static async Task<int> RunAsync(
        IServiceProvider services,
        Postmark postmark,
        Journey journey,
        SimulationRules rules,
        Span span,
        JourneyScript? script,
        ParseResult parsed,
        CancellationToken ct
    )
    {
        var settings = services.GetRequiredService<TrackWatchSettings>();
        var languages = services.GetRequiredService<LanguageFiles>();
        var mails = new SimulatedMails(
            services.GetRequiredService<MailWriter>(),
            services.GetRequiredService<MailSections>(),
            services.GetRequiredService<MailCalendar>(),
            postmark,
            languages,
            settings,
            journey.People,
            parsed.GetValue(Mails) is { } folder ? new FolderTransport(folder.FullName) : null
        );
        var simulation = new Simulation(journey, rules);
        var json = parsed.GetValue(CommandLine.Json);
        var shown = new List<SimulatedMail>();
        var watch = Stopwatch.StartNew();
        foreach (var happening in simulation.Run(span.Until, span.AtMost))
        {
            ct.ThrowIfCancellationRequested();
            if (!Console.IsErrorRedirected && watch.Elapsed > ProgressEvery)
            {
                Console.Error.WriteLine($"… {Days.In(TimeZoneInfo.Utc, happening.At):yyyy-MM-dd}");
                watch.Restart();
            }
            switch (happening)
            {
                case Happening.Decided decided when !json && span.Shows(Days.In(decided.Order.Zone, decided.At)):
                    SimulationReport.Print(decided, new Sayings(languages, decided.Order.Zone, decided.At));
                    break;
                // To write a mail costs more than to decide it.
                case Happening.Mailed mailed:
                    if (
                        await mails.WriteAsync(mailed, span.Shows(Days.In(Zones.Of(mailed.Person), mailed.At)), ct) is
                        { } written
                    )
                        Show(written);
                    break;
                case Happening.OperatorMailed told when !span.OneOrder:
                    if (await mails.WriteAsync(told, ct) is var mail && span.Shows(mail.Day))
                        Show(mail);
                    break;
            }
        }
        if (json)
            JsonOutput.Print(SimulationReport.Shape(shown));
        else if (shown.Count == 0)
            Terminal.Say("No mail would go out.");
        return script?.Expected is { } expected
            ? Compare([.. expected.Where(e => span.Shows(e.Day))], shown, script.Digests, json)
            : ExitCode.Fine;

        void Show(SimulatedMail mail)
        {
            shown.Add(mail);
            if (!json)
                SimulationReport.Print(mail);
        }
    }

    private static int Compare(
        IReadOnlyList<MailLine> expected,
        IReadOnlyList<SimulatedMail> came,
        bool digests,
        bool json
    )
    {
        var reasons = expected.Any(e => e.Reason is not null);
        var lines = came.Where(m => digests || m.Kind != "digest")
            .SelectMany(m =>
                m.Lines.Select(l => new MailLine(m.Day, m.Kind, m.Person, l.Order, l.Step, reasons ? l.Why : null))
                    .Distinct()
            );
        var comparison = Comparison.Of(expected, [.. lines.Distinct()]);
        if (comparison.IsEqual)
        {
            if (!json)
                Terminal.Say($"As expected: {Sayings.Count(expected.Count, "mail")}.");
            return ExitCode.Fine;
        }
        Console.Error.WriteLine("The mails are not those that the script expects:");
        Console.Error.Write(comparison);
        return ExitCode.Wrong;
    }

    private static JourneyScript Read(FileInfo file, TrackWatchSettings settings)
    {
        byte[] bytes;
        try
        {
            bytes = YamlText.ReadBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"the script cannot be read: {e.Message}");
        }
        var problems = new Problems();
        // As in orders.yaml, but a script means the same wherever it runs.
        var context = OrdersDesk.Context(settings, DateTimeOffset.MinValue) with
        {
            TimeZone = "Etc/UTC",
            Today = null,
        };
        var script = ScriptReader.Read(file.ToString(), bytes, context, problems);
        CommandLine.Print(problems.All.Where(p => p.Severity != Severity.Info));
        return script ?? throw new CommandException(ExitCode.Wrong, "the script has errors; nothing was simulated");
    }

    private static JourneyScript Only(JourneyScript script, string wanted)
    {
        var ids = script.Orders.Select(o => o.Order.Id).ToList();
        var number = Domain.Polling.TrackingNumber.Compact(wanted);
        var id =
            ids.Find(i => i.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? script.Orders.FirstOrDefault(o => o.Order.Tracking.Any(t => t.Number == number))?.Order.Id;
        return id is not null && script.Only(id) is { } only
            ? only
            : throw new CommandException(
                ExitCode.Usage,
                $"there is no order '{wanted}' in the script. There are: {string.Join(", ", ids)}."
            );
    }

    private static DateOnly? Day(string? text, string option) =>
        text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
        : throw new CommandException(ExitCode.Usage, $"'{text}' of {option} is no day; write 2026-12-31.");

    private static DateTimeOffset? EndOf(DateOnly? day) =>
        day is { } last ? Days.StartOf(last.AddDays(1), TimeZoneInfo.Utc).AddTicks(-1) : null;
}
