using System.CommandLine;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Commands;

/// <summary>
/// <c>trackwatch done | tell | missing | snooze | close | undo</c>: what the buyer did and what happened outside the parcel.
/// </summary>
internal static class FactCommands
{
    private static readonly Argument<string> Order = OrderFinder.Argument();

    public static IEnumerable<Command> All() =>
        Words().Select(w => w.FactOf is { } factOf ? w.Command.Notes(Order, factOf) : w.Command.Undoes());

    /// <summary>The commands without their bodies: what a line of words means, wherever it was written.</summary>
    public static IReadOnlyList<(Command Command, FactOf? FactOf)> Words() =>
        [Done(), Tell(), Missing(), Snooze(), Close(), (Undo(), null)];

    /// <summary>The order that a parsed line names.</summary>
    public static string OrderOf(ParseResult parsed) => parsed.GetValue(Order)!;

    private static (Command, FactOf?) Done()
    {
        var step = new Argument<Step>("STEP")
        {
            Description = string.Join(" | ", Steps.All.Select(s => s.Id())),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!Steps.TryParse(text, out var read))
                    result.AddError(
                        $"'{text}' is no step."
                            + (
                                Spelling.Closest(text, Steps.All.Select(s => s.Id())) is { } near
                                    ? $" Did you mean '{near}'?"
                                    : ""
                            )
                            + $" The steps are: {string.Join(", ", Steps.All.Select(s => s.Id()))}."
                    );
                return read;
            },
        };
        step.HelpName = "STEP";
        step.CompletionSources.Clear();
        step.CompletionSources.Add([.. Steps.All.Select(s => s.Id())]);
        var date = new Option<string?>("--date")
        {
            Description = "The day it was done (default: today)",
            HelpName = "DAY",
        };
        var note = new Option<string?>("--note") { Description = "Whatever is worth remembering", HelpName = "TEXT" };
        return (
            new Command("done", "Note that a step is done") { Order, step, date, note },
            (parsed, _, today) =>
                new Fact.StepDone(
                    parsed.GetValue(step),
                    parsed.GetValue(date) is { } day ? Noting.Past(day, today) : null,
                    parsed.GetValue(note)
                )
        );
    }

    private static (Command, FactOf?) Tell()
    {
        var words = new Argument<string[]>("FACT")
        {
            Description = string.Join("; ", FactWords.Forms),
            Arity = ArgumentArity.OneOrMore,
        };
        return (
            new Command("tell", "Tell what happened to an order outside its parcel") { Order, words },
            (parsed, before, today) =>
                !FactWords.TryParse(parsed.GetValue(words)!, today, out var fact, out var problem)
                    ? throw new CommandException(ExitCode.Usage, problem)
                : fact is Fact.CustomsHold hold ? hold.Over(before.CustomsHold)
                : fact
        );
    }

    private static (Command, FactOf?) Missing()
    {
        var day = new Argument<string?>("DAY")
        {
            Description = "Since when (default: today)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return (
            new Command("missing", "The scan says delivered, and you have nothing") { Order, day },
            (parsed, _, today) => new Fact.Missing(parsed.GetValue(day) is { } since ? Noting.Past(since, today) : null)
        );
    }

    private static (Command, FactOf?) Snooze()
    {
        var span = new Argument<string>("TIME") { Description = "5d, 2w, or the last quiet day: 2026-12-01" };
        return (
            new Command("snooze", "Hear no advice for a while; warnings of last days go on") { Order, span },
            (parsed, _, today) =>
                FactWords.TryParseSnooze(parsed.GetValue(span), today, out var until, out var problem)
                    ? new Fact.Snoozed(until)
                    : throw new CommandException(ExitCode.Usage, problem)
        );
    }

    private static (Command, FactOf?) Close()
    {
        var why = new Argument<ClosedWhy>("WHY") { Description = "received | refunded | cancelled | lost" };
        why.HelpName = "WHY";
        why.CompletionSources.Clear();
        why.CompletionSources.Add(["received", "refunded", "cancelled", "lost"]);
        why.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Enum.TryParse<ClosedWhy>(text, ignoreCase: true, out var read) && !char.IsAsciiDigit(text[0]))
                return read;
            result.AddError($"'{text}' is no reason to close an order; say received, refunded, cancelled or lost.");
            return default;
        };
        return (
            new Command("close", "The order is over: nothing more is advised for it") { Order, why },
            (parsed, _, today) => new Fact.Closed(parsed.GetValue(why), today)
        );
    }

    private static Command Undo() =>
        new("undo", "Take back the newest thing that a command or a mail told of an order") { Order };

    private static Command Undoes(this Command command) =>
        command.Does(
            async (parsed, ct) =>
            {
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var order = await session.FindAsync(parsed.GetValue(Order)!, ct);
                if (await session.Get<Registrar>().UndoAsync(order.Row.Id, session.Now, ct) is not { } fact)
                    throw new CommandException(
                        ExitCode.Wrong,
                        $"nothing was told of {order.Row.Id} by a command or a mail; what the orders file says is changed there."
                    );
                await Noting.SayAsync(session, order, says => $"Taken back for {order.Row.Id}: {says.Tell(fact)}.", ct);
                return ExitCode.Fine;
            }
        );
}
