using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Folder;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch mail test</c>: one mail right now, past the outbox; needs no database. And <c>mail enable</c>.</summary>
internal static class MailCommand
{
    private static readonly Argument<string> Who = new("PERSON")
    {
        Description = "A person's key of the orders file, or a mail address",
    };

    public static Command Create() =>
        new("mail", "Try the mail settings")
        {
            new Command("test", "Send one mail now, and say what the server said") { Who }.Does(
                async (parsed, ct) =>
                {
                    var loaded = CommandLine.Load(parsed);
                    var now = TimeProvider.System.GetUtcNow();
                    var person = Person(parsed.GetValue(Who)!, loaded, now);
                    await using var services = Notifying(loaded.Settings);
                    var transport = services.GetRequiredService<IMailTransport>();
                    return Say(await SendAsync(services, transport, person, now, ct), person, transport);
                }
            ),
            Enable(),
        };

    /// <summary><c>trackwatch mail enable</c>: an address that mails came back from is used again.</summary>
    private static Command Enable()
    {
        var address = new Argument<string>("ADDRESS") { Description = "An address that nothing is sent to any more" };
        return new Command("enable", "Use an address again that mails came back from") { address }.Does(
            async (parsed, ct) =>
            {
                var meant = parsed.GetValue(address)!.Trim();
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                await using var db = await session.OpenDbAsync(ct);
                var key = RefusedAddresses.KeyOf(meant);
                if (await db.RefusedAddresses.Where(r => r.Address == key).ExecuteDeleteAsync(ct) > 0)
                {
                    Terminal.Say($"Mails go to {meant} again, from the next one on.");
                    return ExitCode.Fine;
                }
                var dead = (await RefusedAddresses.InUseAsync(db, ct)).Select(r => r.Address).ToList();
                throw new CommandException(
                    ExitCode.Usage,
                    $"'{meant}' is in use already. "
                        + (
                            dead.Count == 0
                                ? "No address is switched off."
                                : $"Switched off: {string.Join(", ", dead)}."
                        )
                );
            }
        );
    }

    private static async Task<Delivery> SendAsync(
        IServiceProvider services,
        IMailTransport transport,
        Person person,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var zone = Zones.Of(person);
        var written = await services.GetRequiredService<MailWriter>().WriteTestAsync(person, zone, now);
        // Never the same mail twice: a server may keep the second one back.
        var identity = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var mail = services.GetRequiredService<Postmark>().Compose("Test", identity, person, zone, written, now);
        return await transport.SendAsync(
            new OutgoingMail(mail.MessageId, mail.Sender, mail.Recipients, mail.Body) { Subject = mail.Subject },
            ct
        );
    }

    private static int Say(Delivery delivery, Person person, IMailTransport transport)
    {
        if (person.Emails.Count > 1)
            foreach (var email in person.Emails)
                Terminal.Say($"{email}: {Fate(delivery, email)}");
        switch (delivery)
        {
            case Delivery.Accepted:
                Terminal.Say($"Taken for {Takers(delivery, person)} by {transport.Name}: {delivery.Reply}");
                if (transport is FolderTransport)
                    Terminal.Say(
                        "No mail server is set, so mails lie there as files; set one under mail in trackwatch.yaml."
                    );
                else
                    Terminal.Say("If it does not arrive, look among the spam; a bounce would go to the sender.");
                if (delivery.Refused is not [])
                    throw new CommandException(
                        ExitCode.Unreachable,
                        $"not taken for {string.Join(", ", delivery.Refused.Select(r => r.To))}: "
                            + "look at these addresses in the orders file."
                    );
                return ExitCode.Fine;
            case Delivery.RefusedForGood:
                throw new CommandException(
                    ExitCode.Unreachable,
                    $"{transport.Name} refused the mail for {Takers(delivery, person)}: {delivery.Reply} "
                        + "Trying again will not help: look at the address and at mail.from."
                );
            default:
                throw new CommandException(
                    ExitCode.Unreachable,
                    $"{transport.Name} did not take the mail for {Takers(delivery, person)}: {delivery.Reply} "
                        + "Look at the mail settings (trackwatch check, trackwatch doctor), then try again."
                );
        }
    }

    private static string Fate(Delivery delivery, string email) =>
        delivery.Refused.FirstOrDefault(r => r.To == email) is { } refusal
            ? $"{(refusal.ForGood ? "refused for good" : "not taken for now")}: {refusal.Reply}"
        : delivery is Delivery.Accepted ? "taken"
        : delivery is Delivery.RefusedForGood ? "refused for good"
        : "not taken for now";

    /// <summary>Whom the outcome is about.</summary>
    private static string Takers(Delivery delivery, Person person) =>
        string.Join(
            ", ",
            delivery is Delivery.Accepted ? person.Emails.Except(delivery.Refused.Select(r => r.To)) : person.Emails
        );

    /// <summary>The one room this command needs, so that mail can be set up before there is a database.</summary>
    private static ServiceProvider Notifying(TrackWatchSettings settings)
    {
        if (MailServer.Resolve(settings.Mail).Problems is { Count: > 0 } problems)
            throw new CommandException(
                ExitCode.Wrong,
                string.Join('\n', problems.Select(p => $"{p.Setting}: {p.Message}"))
            );
        var log = settings.Log.Level < LogLevel.Warning ? settings.Log with { Level = LogLevel.Warning } : settings.Log;
        return new ServiceCollection()
            .AddLogging(logging => logging.AddTrackWatchConsole(log))
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(settings)
            .AddNotifying(settings)
            .BuildServiceProvider();
    }

    private static Person Person(string meant, LoadedSettings loaded, DateTimeOffset now)
    {
        var context = OrdersDesk.Context(loaded.Settings, now);
        var people = OrdersFile.Read(loaded.Orders, context) is OrdersReading.Found found ? found.People : [];
        if (people.FirstOrDefault(p => p.Id == meant || p.Reads(meant)) is { } known)
            return known;
        if (MimeAddress.ToWire(meant) is not null)
            return new Person
            {
                Id = meant,
                Email = meant,
                TimeZone = context.TimeZone,
            };
        var near = Spelling.Closest(meant, people.Select(p => p.Id));
        throw new CommandException(
            ExitCode.Usage,
            $"there is no person '{meant}'. "
                + (near is not null ? $"Did you mean '{near}'?" : "Name a key of the orders file, or a mail address.")
        );
    }
}
