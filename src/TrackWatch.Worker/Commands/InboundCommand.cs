using System.CommandLine;
using Npgsql;
using TrackWatch.Worker.Registering.Replying;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch inbound</c>: takes one message from standard input, for the pipes of Postfix, Exim and sieve.</summary>
internal static class InboundCommand
{
    /// <summary>
    /// EX_TEMPFAIL of sysexits.h, the one word mail servers know for "keep it and come again". Any other failure makes them
    /// send the message back to whoever answered.
    /// </summary>
    private const int ComeAgain = 75;

    public static Command Create()
    {
        var command = new Command(
            "inbound",
            "Take an answer or a bounce from standard input, as a mail server hands it over. Ends with 0 for every message, "
                + $"also for one that is passed over, and with {ComeAgain} (not 1, 3 or 70) when it should be handed over again later"
        )
        {
            CommandLine.Json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                try
                {
                    var message = await Bounded.ReadAsync(Console.OpenStandardInput(), ct);
                    await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                    var heard = await session.Get<Inbox>().TakeAsync(message, session.Now, ct);
                    if (parsed.GetValue(CommandLine.Json))
                        Console.Error.WriteLine(JsonOutput.Line(Shape(heard)));
                    else
                        Console.Error.WriteLine($"trackwatch: {Say(heard)}");
                    return ExitCode.Fine;
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    return ComeAgain;
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine(
                        e is CommandException or EmbeddedClusterException or NpgsqlException or TimeoutException
                            ? $"trackwatch: {e.Message}"
                            : $"trackwatch: This should not have happened, please report it: {e}"
                    );
                    return ComeAgain;
                }
            }
        );
        return command;
    }

    private static string Say(Heard heard) =>
        heard switch
        {
            Heard.Done done => $"{done.Order}: told by {done.Person}; the next digest confirms it.",
            Heard.Refused refused => $"nothing was done ({refused.Why}); {refused.Person}'s next digest says so.",
            Heard.Bounced { Dead.Count: 0 } bounced =>
                $"mail {bounced.MessageId} came back; its addresses stay in use.",
            Heard.Bounced bounced =>
                $"mail {bounced.MessageId} came back; not used any more: {string.Join(", ", bounced.Dead)}.",
            Heard.Ignored ignored => $"passed over: {ignored.Why}.",
            _ => throw new ArgumentOutOfRangeException(nameof(heard), heard, "an end without words"),
        };

    private static object Shape(Heard heard) =>
        heard switch
        {
            Heard.Done done => new
            {
                outcome = "done",
                person = done.Person,
                order = done.Order,
            },
            Heard.Refused refused => new
            {
                outcome = "refused",
                person = refused.Person,
                order = refused.Order,
                why = refused.Why.ToString(),
            },
            Heard.Bounced bounced => new
            {
                outcome = "bounced",
                mail = bounced.MessageId,
                dead = bounced.Dead,
            },
            Heard.Ignored ignored => new { outcome = "ignored", why = ignored.Why },
            _ => throw new ArgumentOutOfRangeException(nameof(heard), heard, "an end without a shape"),
        };
}
