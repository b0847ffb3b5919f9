using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch number</c>: what tracking numbers say of themselves. Needs no files and no database.</summary>
internal static class NumberCommand
{
    private const string Lines = "-";

    public static Command Create()
    {
        var numbers = new Argument<string[]>("NUMBER")
        {
            Description = "Tracking numbers, as written anywhere; - reads one per line from standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Command(
            "number",
            "Say whose a tracking number may be, whether its check digit fits, and what was meant where it does not. "
                + "Ends with 1 where a number is certainly mistyped or is none"
        )
        {
            numbers,
            CommandLine.Json,
        }.Does(
            (parsed, ct) =>
            {
                var asked = parsed.GetValue(numbers)!;
                var sources = Sources(parsed);
                var looks = Texts(asked, ct).Select(text => Look.At(text, sources));
                if (parsed.GetValue(CommandLine.Json))
                    return Task.FromResult(PrintJson(looks));
                if (asked is [not Lines])
                    return Task.FromResult(Print(looks.Single()));
                return Task.FromResult(PrintLines(looks));
            }
        );
    }

    /// <summary>The sources that are switched on; with broken settings those that are on without any.</summary>
    private static SourceOffer Sources(ParseResult parsed)
    {
        var loaded = SettingsLoader.Load(
            SettingsRequest.OfThisProcess(parsed.GetValue(CommandLine.Config), parsed.GetValue(CommandLine.Orders))
        );
        if (!loaded.IsUsable)
            return SourceOffer.Of(ProviderIds.Cainiao);
        // They live as long as the command: what a source covers is asked for every number.
        var rooms = Session.Offline(loaded);
        return SourcePlanner.Offer(rooms.GetServices<ITrackingProvider>(), loaded.Settings.Polling);
    }

    private static IEnumerable<string> Texts(string[] asked, CancellationToken ct) =>
        asked.SelectMany(text => text == Lines ? StandardInput() : [text]).TakeWhile(_ => !ct.IsCancellationRequested);

    private static IEnumerable<string> StandardInput()
    {
        while (Console.In.ReadLine() is { } line)
            if (!string.IsNullOrWhiteSpace(line))
                yield return line;
    }

    /// <summary>A list that grows while lines come in.</summary>
    private static int PrintJson(IEnumerable<Look> looks)
    {
        using var output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(
            output,
            new JsonWriterOptions { Indented = true, Encoder = JsonOutput.Options.Encoder }
        );
        var worst = ExitCode.Fine;
        json.WriteStartArray();
        foreach (var look in looks)
        {
            JsonSerializer.Serialize(json, look.Shape(), JsonOutput.Options);
            json.Flush();
            worst = Math.Max(worst, look.ExitCode);
        }
        json.WriteEndArray();
        json.Flush();
        output.Write("\n"u8);
        return worst;
    }

    private static int PrintLines(IEnumerable<Look> looks)
    {
        var worst = ExitCode.Fine;
        foreach (var look in looks)
        {
            Console.WriteLine(look.Line());
            worst = Math.Max(worst, look.ExitCode);
        }
        return worst;
    }

    private static int Print(Look look)
    {
        var verdict = look.Verdict;
        var pairs = Terminal.Pairs();
        pairs.AddRow(Terminal.Text($"[bold]{look.Shown}[/]"), Terminal.Text($"{look.Said()}"));
        foreach (var c in verdict.Candidates)
            pairs.AddRow(Terminal.Text($"  {c.Name}"), Terminal.Text($"{Describe(c)}"));
        if (verdict.Corrections.Count > 0)
            pairs.AddRow(
                Terminal.Text($"{(verdict.LooksWrong ? "did you mean" : "if its check digit is wrong")}"),
                Terminal.Text($"{string.Join(", ", verdict.Corrections)}")
            );
        if (verdict.MayBeOrderNumber)
            pairs.AddRow(
                Terminal.Text($"or"),
                Terminal.Text($"an order number: the tracking number stands on the order's tracking page")
            );
        if (look.Provider is { } provider)
            pairs.AddRow(Terminal.Text($"asked at"), Terminal.Text($"{provider}"));
        Terminal.Out.Write(pairs);
        return look.ExitCode;
    }

    private static string Describe(NumberCandidate c) =>
        string.Join("; ", Words(c).Where(word => !string.IsNullOrEmpty(word)));

    private static IEnumerable<string?> Words(NumberCandidate c)
    {
        yield return $"{c.Confidence.Id()}, {CheckDigitOf(c)}";
        yield return c.Service;
        yield return c.Scans switch
        {
            ScansPromised.ToTheDoor => "scanned to the door",
            ScansPromised.Partly => "scanned with gaps",
            ScansPromised.None => "no scans promised after the hand-over",
            _ => null,
        };
        yield return (c.Issuer, c.Origin) switch
        {
            ({ } issuer, { } origin) => $"given out by {issuer} ({origin})",
            (null, { } origin) => $"from {origin}",
            _ => null,
        };
        yield return c.Form;
    }

    private static string CheckDigitOf(NumberCandidate c) =>
        c.CheckDigit switch
        {
            CheckDigit.Right => "check digit right",
            CheckDigit.Wrong => "check digit wrong",
            _ => "no check digit",
        };

    /// <param name="Normal">The normal form, also of what is no number.</param>
    /// <param name="Provider">Who would be asked; null = nobody, it is no number.</param>
    private sealed record Look(string Input, string Normal, NumberVerdict Verdict, string? Provider)
    {
        public static Look At(string text, SourceOffer sources) =>
            TrackingNumber.TryParse(text, out var number) && NumberCheck.Look(number) is var verdict
                ? new Look(
                    text,
                    number.Value,
                    verdict,
                    verdict.Kind == NumberVerdictKind.NotANumber ? null
                        : sources.For(number.Value, null, null) is [var first, ..] ? first
                        : null
                )
                : new Look(text, TrackingNumber.Compact(text), NumberCheck.Look(text), null);

        public int ExitCode =>
            Verdict.LooksWrong || Verdict.Kind == NumberVerdictKind.NotANumber
                ? Commands.ExitCode.Wrong
                : Commands.ExitCode.Fine;

        public string Shown => Sayings.Foreign(Normal);

        public string Said() =>
            Verdict.Kind switch
            {
                NumberVerdictKind.RightCheckDigit => "its check digit fits",
                NumberVerdictKind.WrongCheckDigit => "its check digit does not fit",
                NumberVerdictKind.WrongForm => $"too long, too short or a wrong character ({Verdict.FormMeant})",
                NumberVerdictKind.NotANumber => "no tracking number",
                _ when Verdict.Candidates.Count == 0 => "a form that is not known here",
                _ => "no check digit to go by",
            };

        public string Line()
        {
            var said = Verdict is { Kind: not NumberVerdictKind.WrongForm, Candidates: [var first, ..] }
                ? $"{Said()}; {first.Name}: {Describe(first)}"
                : Said();
            var meant = Verdict is { LooksWrong: true, Corrections.Count: > 0 }
                ? $"; did you mean {string.Join(", ", Verdict.Corrections)}?"
                : "";
            return $"{Shown}  {said}{meant}{(Verdict.MayBeOrderNumber ? "; may be an order number" : "")}";
        }

        public object Shape() =>
            new
            {
                input = Input,
                normal = Normal,
                kind = Verdict.Kind.Id(),
                candidates = Verdict.Candidates.Select(c => new
                {
                    carrier = c.Carrier,
                    name = c.Name,
                    confidence = c.Confidence.Id(),
                    checkDigit = c.CheckDigit.Id(),
                    service = c.Service,
                    origin = c.Origin,
                    issuer = c.Issuer,
                    scans = c.Scans.Id(),
                    form = c.Form,
                }),
                corrections = Verdict.Corrections,
                formMeant = Verdict.FormMeant,
                mayBeOrderNumber = Verdict.MayBeOrderNumber,
                provider = Provider,
            };
    }
}
