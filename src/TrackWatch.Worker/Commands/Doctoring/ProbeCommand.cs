using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Spectre.Console;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Polling;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands.Doctoring;

/// <summary>
/// <c>trackwatch provider-probe</c>: asks one source about one number and shows what it says and how that is read. The request
/// is counted; nothing of the answer goes into the database.
/// </summary>
internal static class ProbeCommand
{
    private const string DefaultFolder = "probes";

    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "A source's id: cainiao, or one of yours",
    };

    private static readonly Argument<string> Number = new("NUMBER") { Description = "A tracking number" };

    private static readonly Option<string?> Save = new("--save")
    {
        Description = $"Write the answer, without what it says about a person, below FOLDER (default: {DefaultFolder})",
        HelpName = "FOLDER",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Country = new("--country")
    {
        Description = "Where the parcel goes, for sources that ask: TR",
        HelpName = "CODE",
    };

    private static readonly Option<string?> Postcode = new("--postcode")
    {
        Description = "Its postcode there, for sources that ask",
        HelpName = "CODE",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Ask although the source is being left alone after trouble",
    };

    public static Command Create() =>
        new Command("provider-probe", "Ask one source about one number, and show what it says and how it is read")
        {
            Name,
            Number,
            Save,
            Country,
            Postcode,
            Force,
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                var loaded = CommandLine.Load(parsed);
                var id = Source(parsed.GetValue(Name)!, loaded.Settings.Providers);
                if (!TrackingNumber.TryParse(parsed.GetValue(Number), out var number))
                    throw new CommandException(
                        ExitCode.Usage,
                        $"'{parsed.GetValue(Number)}' is no tracking number: 6 to 40 letters and digits."
                    );
                await using var session = await Session.OpenAsync(loaded, ct);
                var provider = session.Services.GetServices<ITrackingProvider>().Single(p => p.Id == id);
                // A month is what the made-up parcels need to have moved.
                var question = new PollQuestion(
                    number.Value,
                    session.Now.AddDays(-30),
                    Country: parsed.GetValue(Country)?.ToUpperInvariant(),
                    Postcode: parsed.GetValue(Postcode)
                )
                {
                    // Somebody asks by hand: what quota there is, is for this.
                    IsUrgent = true,
                };
                var probe = await AskAsync(session, provider, question, parsed.GetValue(Force), ct);
                var saved =
                    probe.Kept is not null && parsed.GetResult(Save) is not null
                        ? SaveTo(parsed.GetValue(Save) ?? DefaultFolder, id, number.Value, probe.Kept)
                        : null;
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(Shape(probe, saved));
                else
                    Print(probe, saved);
                return probe.Outcome?.Kind.IsAnswer() != false ? ExitCode.Fine : ExitCode.Wrong;
            }
        );

    /// <param name="Outcome">Null = the source put the number off, or left it out.</param>
    /// <param name="Note">What is to be said where there is no outcome.</param>
    /// <param name="Kept">The entry as it would be kept; null = there is none.</param>
    private sealed record Probe(
        string Provider,
        string Number,
        IReadOnlyList<Exchange> Http,
        int Requests,
        PollOutcome? Outcome,
        string? Note,
        string? Kept
    )
    {
        public ParcelReading? Reading => (Outcome as PollOutcome.Ok)?.Reading;
        public ParcelState? State => Reading is { } r ? History.StatusOf(r.Events, r.Summary) : null;

        public IEnumerable<string> UnknownCodes =>
            Reading
                ?.Events.Where(e => e is { Status: ParcelStatus.Unknown, Code.Length: > 0 })
                .Select(e => e.Code)
                .Distinct()
            ?? [];
    }

    private static string Source(string name, ProvidersSettings settings)
    {
        var sources = SourceList.Of(settings);
        var found = sources.FirstOrDefault(s => s.Id.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            var near = Spelling.Closest(name, sources.Select(s => s.Id));
            throw new CommandException(
                ExitCode.Usage,
                $"there is no source '{name}'. "
                    + (
                        near is null
                            ? $"Known are {string.Join(", ", sources.Select(s => s.Id))}."
                            : $"Did you mean '{near}'?"
                    )
            );
        }
        return found.WhyOff is null
            ? found.Id
            : throw new CommandException(ExitCode.Usage, $"the source '{found.Id}' is {found.WhyOff}.");
    }

    private static async Task<Probe> AskAsync(
        Session session,
        ITrackingProvider provider,
        PollQuestion question,
        bool force,
        CancellationToken ct
    )
    {
        var trial = new SourceTrial(session.Get<ProviderGate>(), session.Get<NpgsqlDataSource>());
        if (await trial.TakeAsync(provider, force, session.Now, ct) is Leave.Refused refused)
            throw new CommandException(
                ExitCode.Wrong,
                $"{provider.Id} was not asked. {refused.Why} --force asks all the same."
            );
        using var wire = new WireWatch();
        var reply = await provider.AskAsync([question], ct);
        var probe = new Probe(provider.Id, question.Number, wire.Exchanges, reply.Requests, null, null, null);
        return reply switch
        {
            ProviderReply.Trouble trouble => probe with { Outcome = trouble.Outcome },
            ProviderReply.Entries entries when entries.ByNumber.TryGetValue(question.Number, out var entry) =>
                probe with
                {
                    Outcome = provider.Read(question, entry, session.Get<TimeProvider>().GetUtcNow()),
                    Kept = provider.Keep(entry),
                },
            ProviderReply.Entries entries when entries.Deferred.TryGetValue(question.Number, out var later) =>
                probe with
                {
                    Note = $"It put the number off: {later.Why}",
                },
            _ => probe with { Note = "The answer left this number out." },
        };
    }

    private static string SaveTo(string folder, string provider, string number, string kept)
    {
        var path = Path.GetFullPath(Path.Combine(folder, provider, $"{number}.json"));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Indented(kept) + "\n");
            var readme = Path.Combine(folder, "README.md");
            if (!File.Exists(readme))
                File.WriteAllText(
                    readme,
                    "What sources answered to `trackwatch provider-probe`, without the fields that are known to speak of a person. Read a file "
                        + "through before you give it away: texts may still hold a name, and the tracking number is in it. A code that TrackWatch "
                        + "does not know is worth a report; for a source of your own, add it to its `status_map`.\n"
                );
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Unreachable, $"the answer cannot be saved: {e.Message}");
        }
    }

    private static string Indented(string kept) => Parsed(kept)?.ToJsonString(JsonOutput.Options) ?? kept;

    /// <summary>Null where what is kept is no JSON that can be written anew.</summary>
    private static JsonNode? Parsed(string kept)
    {
        try
        {
            var node = JsonNode.Parse(kept);
            // A name that stands twice shows only when the node is written.
            _ = node?.ToJsonString();
            return node;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static object Shape(Probe probe, string? saved) =>
        new
        {
            provider = probe.Provider,
            number = probe.Number,
            requests = probe.Requests,
            http = probe.Http.Select(x => new
            {
                host = x.Host,
                status = x.Status,
                trouble = x.Trouble,
                milliseconds = (int)x.Took.TotalMilliseconds,
            }),
            outcome = probe.Outcome?.Kind.Id(),
            trouble = probe.Outcome?.Trouble ?? probe.Note,
            status = probe.State?.Status.Id(),
            leg = probe.State?.Leg?.Id(),
            events = (probe.Reading?.Events ?? []).Select(e => new
            {
                at = JsonOutput.Utc(e.At),
                wall = e.Wall.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                offset = e.Offset?.ToString(),
                code = e.Code,
                status = e.Status.Id(),
                leg = e.Leg?.Id(),
                text = e.Text,
                place = e.Place,
            }),
            unknownCodes = probe.UnknownCodes,
            entry = probe.Kept is null ? null : Parsed(probe.Kept),
            saved,
        };

    private static void Print(Probe probe, string? saved)
    {
        foreach (var x in probe.Http)
            Terminal.Tell(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{x.Host}: {(x.Status is { } status ? $"HTTP {status}" : x.Trouble ?? "no answer")} after {x.Took.TotalSeconds:0.0} s."
                )
            );
        Terminal.Tell(
            probe switch
            {
                { Outcome: null } => probe.Note ?? "",
                { Outcome: PollOutcome.NotFound } => $"{probe.Provider} does not know {probe.Number}.",
                { State: { } state } =>
                    $"Read as {state.Status.Id()}{(state.Leg is { } leg ? $", {leg.Id()}" : "")}, with {Sayings.Count(probe.Reading!.Events.Count, "event")}.",
                _ => $"{probe.Outcome.Kind}: {probe.Outcome.Trouble}",
            }
        );
        if (probe.Reading is { } reading)
            Print(reading);
        if (probe.UnknownCodes.ToList() is { Count: > 0 } unknown)
            Terminal.Tell(
                $"No table knows {string.Join(", ", unknown)}. Please report them; for a source of your own, add them to its status_map."
            );
        if (probe.Kept is { } kept)
        {
            Terminal.Heading("as it would be kept");
            Console.WriteLine(Indented(kept));
        }
        if (saved is not null)
            Terminal.Say($"Saved as {saved}.");
    }

    private static void Print(ParcelReading reading)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in (string[])["time", "code", "status", "place", "text"])
            table.AddColumn(new TableColumn(column).Padding(0, 0, 2, 0));
        foreach (var e in reading.Events)
            table.AddRow(
                Terminal.Text($"{e.Wall:yyyy-MM-dd HH:mm}"),
                Terminal.Text($"{e.Code}"),
                Terminal.Text($"{e.Status.Id()}"),
                Terminal.Text($"{e.Place ?? ""}"),
                Terminal.Text($"{e.Text}")
            );
        Terminal.Out.Write(table);
    }
}
