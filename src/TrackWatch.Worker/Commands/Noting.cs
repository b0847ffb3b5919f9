using System.CommandLine;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Assessing;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands;

/// <summary>Finds the fact that a command line tells.</summary>
/// <param name="before">What is told of the order already.</param>
/// <param name="today">The day in the zone of the order's first person.</param>
/// <exception cref="CommandException">The words make no fact.</exception>
internal delegate Fact FactOf(ParseResult parsed, OrderFacts before, DateOnly today);

/// <summary>What all commands do that change an order's facts: note it, weigh the order anew, say what comes next.</summary>
internal static class Noting
{
    /// <summary>Gives a command whose first argument is <paramref name="order"/> its body.</summary>
    public static Command Notes(this Command command, Argument<string> order, FactOf factOf) =>
        command.Does(
            async (parsed, ct) =>
            {
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var before = await session.FindAsync(parsed.GetValue(order)!, ct);
                var fact = factOf(parsed, before.Snapshot.Facts, Days.In(before.Snapshot.Zone, session.Now));
                if (fact is Fact.Mails { Person: { } who } && before.People.All(p => p.Id != who))
                    throw new CommandException(
                        ExitCode.Usage,
                        $"'{who}' is none of its people: {string.Join(", ", before.People.Select(p => p.Id))}."
                    );
                if (!await session.Get<Registrar>().TellAsync(before.Row.Id, fact, FactOrigin.Command, session.Now, ct))
                    throw new CommandException(ExitCode.Usage, $"the order '{before.Row.Id}' was archived just now.");
                await SayAsync(session, before, says => $"Noted for {before.Row.Id}: {says.Tell(fact)}.", ct);
                return ExitCode.Fine;
            }
        );

    /// <summary>Assesses what is due, this order among it, and says what was noted and what happens next.</summary>
    public static async Task SayAsync(
        Session session,
        StoredOrder order,
        Func<Sayings, string> noted,
        CancellationToken ct
    )
    {
        // Rows are claimed under lock: a worker beside this command takes the other orders, or has taken this one already.
        await session.Get<OrderAssessor>().AssessDueAsync(session.Now, ct);
        var after = await session.ReloadAsync(order, ct);
        var says = Sayings.Of(session, after, session.Now);
        Terminal.Say(noted(says));
        Terminal.Say(says.Next(after.Snapshot, Ladder.Decide(after.Snapshot, session.Now)));
    }

    /// <summary>Reads a day that has come already.</summary>
    public static DateOnly Past(string text, DateOnly today)
    {
        if (!FactWords.TryParseDay(text, today, out var day))
            throw new CommandException(
                ExitCode.Usage,
                $"'{text}' is no day; write {today:yyyy-MM-dd}, today or yesterday."
            );
        return day <= today
            ? day
            : throw new CommandException(
                ExitCode.Usage,
                $"{day:yyyy-MM-dd} lies ahead (today is {today:yyyy-MM-dd}); tell it when it has happened."
            );
    }
}
