using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Storage.Embedded;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands.Previewing;

/// <summary><c>trackwatch preview</c>: a mail exactly as it would be sent now, in files; nothing is sent and nothing changes.</summary>
internal static class PreviewCommand
{
    private static readonly Argument<PreviewKind> Kind = new("KIND")
    {
        Description = string.Join(" | ", PreviewKinds.All),
        DefaultValueFactory = _ => PreviewKind.Digest,
        HelpName = "KIND",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (PreviewKinds.TryParse(text, out var kind))
                return kind;
            var near = Spelling.Closest(text, PreviewKinds.All);
            result.AddError(
                $"'{text}' is no kind of mail. "
                    + (near is null ? $"There are: {string.Join(", ", PreviewKinds.All)}." : $"Did you mean '{near}'?")
            );
            return default;
        },
    };

    private static readonly Option<string?> Person = new("--person")
    {
        Description =
            "Whose mail: a key of the orders file, or a mail address (default: the order's first person, else the first there is)",
        HelpName = "PERSON",
    };

    private static readonly Option<string?> Order = new("--order")
    {
        Description = "For mails about one order: its id, or a tracking number of it (default: the most pressing)",
        HelpName = "ORDER",
    };

    private static readonly Option<string?> Language = new("--lang")
    {
        Description = "In this language instead of the person's own",
        HelpName = "xx",
    };

    private static readonly Option<string?> At = new("--at")
    {
        Description =
            "As of this moment, if the parcels stay silent until then; a day means its digest time (default: now)",
        HelpName = "DATE",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The folder for the files",
        DefaultValueFactory = _ => "./preview",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Open = new("--open") { Description = "Show it in the browser" };

    private static readonly Option<bool> Sample = new("--sample")
    {
        Description = "Of a made-up household; needs no orders and no database",
    };

    public static Command Create()
    {
        var command = new Command("preview", "Write a mail into files as it would be sent now; nothing is sent")
        {
            Kind,
            Person,
            Order,
            Language,
            At,
            Out,
            Open,
            Sample,
            CommandLine.Json,
        };
        command.Validators.Add(parsed =>
        {
            if (!parsed.GetValue(Sample))
                return;
            foreach (var option in (Option[])[Person, Order, At])
            {
                if (parsed.GetResult(option) is { Implicit: false })
                    parsed.AddError(
                        $"{option.Name} does not go with --sample, which has people and orders of its own."
                    );
            }
        });
        return command.Does(
            async (parsed, ct) =>
            {
                var folder = new PreviewFolder(parsed.GetValue(Out)!);
                if (parsed.GetValue(Sample))
                    await WriteSampleAsync(parsed, folder, ct);
                else
                    await WriteOwnAsync(parsed, folder, ct);
                Say(folder, parsed.GetValue(CommandLine.Json));
                if (parsed.GetValue(Open))
                    Show(folder.Html);
                return ExitCode.Fine;
            }
        );
    }

    private static async Task WriteSampleAsync(ParseResult parsed, PreviewFolder folder, CancellationToken ct)
    {
        var loaded = CommandLine.Load(parsed);
        await using var services = Session.Offline(loaded);
        var language = parsed.GetValue(Language) is { } tag
            ? Asked.Language(tag, services.GetRequiredService<LanguageFiles>())
            : null;
        await new SamplePreviews(services, loaded.Settings).WriteAsync(parsed.GetValue(Kind), language, folder, ct);
    }

    private static async Task WriteOwnAsync(ParseResult parsed, PreviewFolder folder, CancellationToken ct)
    {
        var loaded = CommandLine.Load(parsed);
        Session session;
        try
        {
            session = await Session.OpenAsync(loaded, ct);
        }
        catch (EmbeddedClusterException e)
        {
            throw new CommandException(
                ExitCode.Unreachable,
                $"{e.Message} Mails of a made-up household need no database: trackwatch preview --sample"
            );
        }
        await using (session)
        {
            var wanted = new Wanted(
                parsed.GetValue(Kind),
                parsed.GetValue(Person),
                parsed.GetValue(Order),
                parsed.GetValue(Language) is { } tag ? Asked.Language(tag, session.Get<LanguageFiles>()) : null,
                parsed.GetValue(At)
            );
            await new OwnPreviews(session).WriteAsync(wanted, folder, ct);
        }
    }

    private static void Say(PreviewFolder folder, bool json)
    {
        if (json)
            JsonOutput.Print(
                new
                {
                    subject = folder.Subject,
                    eml = folder.Eml,
                    html = folder.Html,
                }
            );
        else
        {
            Console.Error.WriteLine(folder.Subject);
            Console.WriteLine(folder.Eml);
            Console.WriteLine(folder.Html);
        }
    }

    private static void Show(string html)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(html) { UseShellExecute = true });
            // xdg-open says by its exit code that there is none; a browser that stays open says nothing.
            if (browser is null || !browser.WaitForExit(TimeSpan.FromSeconds(2)) || browser.ExitCode == 0)
                return;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            // Said below.
        }
        Console.Error.WriteLine($"No browser was found here to show it; open {html} in one yourself.");
    }
}
