using System.CommandLine;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Registering;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch add</c>: one more order in <c>orders.d/_added.yaml</c>; needs no database.</summary>
internal static class AddCommand
{
    private static readonly Argument<string> Number = new("NUMBER") { Description = "The tracking number" };

    private static readonly Argument<string?> Item = new("ITEM")
    {
        Description = "What it is, in a few words",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Person = new("--person")
    {
        Description =
            "Whose it is: a person's key of the orders file, or a mail address (default: the only person there is)",
        HelpName = "P",
    };

    public static Command Create() =>
        new Command("add", "Add an order to orders.d/_added.yaml") { Number, Item, Person }.Does(
            (parsed, _) =>
            {
                var loaded = CommandLine.Load(parsed);
                if (!TrackingNumber.TryParse(parsed.GetValue(Number), out var number))
                    throw new CommandException(
                        ExitCode.Usage,
                        $"'{parsed.GetValue(Number)}' is no tracking number: {TrackingNumber.MinLength} to {TrackingNumber.MaxLength} letters and digits."
                    );
                var before = Read(loaded);
                if (!before.IsUsable)
                {
                    CommandLine.Print(before.Problems.Where(p => p.Severity == Severity.Error));
                    throw new CommandException(
                        ExitCode.Wrong,
                        "the orders have errors; mend them first, nothing was added."
                    );
                }
                var found = before as OrdersReading.Found;
                if (found?.Orders.FirstOrDefault(o => o.Order.Tracking.Any(t => t.Number == number.Value)) is { } there)
                    throw new CommandException(
                        ExitCode.Wrong,
                        $"{number} is a number of the order '{there.Order.Id}' already ({there.At})."
                    );
                var owner = Owner(parsed.GetValue(Person), found);

                switch (AddedOrders.Add(loaded.Orders, number.Value, parsed.GetValue(Item), owner))
                {
                    case Adding.Refused refused:
                        throw new CommandException(ExitCode.Wrong, refused.Why);
                    case Adding.Written written:
                        // What is doubtful about the new one, and of it alone.
                        CommandLine.Print(
                            Read(loaded)
                                .Problems.Except(before.Problems)
                                .Where(p => p.File == written.File && p.Severity != Severity.Info)
                        );
                        Terminal.Say($"Added {written.Number} to {written.File}.");
                        Terminal.Say(
                            "A running worker takes it up by itself within seconds; without one: trackwatch run --once."
                        );
                        break;
                }
                return Task.FromResult(ExitCode.Fine);
            }
        );

    private static OrdersReading Read(LoadedSettings loaded) =>
        OrdersFile.Read(loaded.Orders, OrdersDesk.Context(loaded.Settings, TimeProvider.System.GetUtcNow()));

    /// <returns>A person's key, or a mail address. Never left to be guessed: one day there may be a second person.</returns>
    private static string Owner(string? named, OrdersReading.Found? found)
    {
        var people = found?.People ?? [];
        if (named is null)
            return people is [var only]
                ? only.Id
                : throw new CommandException(
                    ExitCode.Usage,
                    people.Count == 0
                        ? "nobody is known yet who gets the mails: add --person me@example.org"
                        : $"there are several people; add --person with one of: {string.Join(", ", people.Select(p => p.Id))}"
                );
        if (people.Any(p => p.Id == named || p.Reads(named)))
            return named;
        if (MimeAddress.ToWire(named) is null)
            throw new CommandException(
                ExitCode.Usage,
                $"there is no person '{named}'. "
                    + (
                        Spelling.Closest(named, people.Select(p => p.Id)) is { } near
                            ? $"Did you mean '{near}'?"
                            : "Name a key of the orders file, or a mail address."
                    )
            );
        if (found?.Orders.FirstOrDefault(o => o.Order.Assumed.Contains("person")) is { } vague)
            throw new CommandException(
                ExitCode.Wrong,
                $"{named} would be a second person, and the order '{vague.Order.Id}' ({vague.At}) does not say whose it is: "
                    + "write 'person: …' or 'email: …' there first."
            );
        return named;
    }
}
