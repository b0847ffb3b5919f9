using System.CommandLine;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch reload</c>: puts the orders files in force now, also where many orders went at once.</summary>
internal static class ReloadCommand
{
    private static readonly Option<bool> Confirm = new("--confirm")
    {
        Description = "Many orders are gone from the files, and that is meant",
    };

    public static Command Create() =>
        new Command("reload", "Put the orders files in force now") { Confirm }.Does(
            async (parsed, ct) =>
            {
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var desk = session.Get<OrdersDesk>();
                // Errors are for the person at the terminal: the desk itself would write to the operator too.
                var reading = desk.Read(session.Now);
                if (!reading.IsUsable)
                {
                    CommandLine.Print(reading.Problems.Where(p => p.Severity == Severity.Error));
                    throw new CommandException(
                        ExitCode.Wrong,
                        "the orders have errors; nothing was changed, the last good orders stay in force."
                    );
                }
                switch (await desk.RefreshAsync(ct, parsed.GetValue(Confirm), force: true))
                {
                    case DeskResult.Applied { Result: var result }:
                        Say(result);
                        return ExitCode.Fine;
                    case DeskResult.TooManyGone:
                        // The desk has logged how many, and the way to confirm.
                        return ExitCode.Wrong;
                    case DeskResult.Nothing nothing:
                        throw new CommandException(ExitCode.Wrong, $"{nothing.Why} Nothing was changed.");
                    case var other:
                        throw new CommandException(
                            ExitCode.Wrong,
                            $"the files changed while they were read ({other.GetType().Name}); run it again."
                        );
                }
            }
        );

    private static void Say(Registered.Applied result)
    {
        Terminal.Say(
            $"In force: {Sayings.Count(result.Orders, "order")} for {Sayings.Count(result.People, "person", "people")}, "
                + $"{Sayings.Count(result.NewShipments, "new tracking number")}."
        );
        if (result.Archived.Count > 0)
            Terminal.Say($"No longer in the files, archived with their history: {string.Join(", ", result.Archived)}.");
    }
}
