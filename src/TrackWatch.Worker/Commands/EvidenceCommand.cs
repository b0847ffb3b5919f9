using System.CommandLine;
using System.Globalization;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Evidence;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch evidence</c>: an order's whole record in a folder or a zip file, to print, send and keep.</summary>
internal static class EvidenceCommand
{
    private static readonly Argument<string> Order = OrderFinder.Argument();

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "A folder, or a file that ends in .zip (default: ./evidence-ORDER.zip)",
        HelpName = "DIR|FILE.zip",
    };

    private static readonly Option<string?> Language = new("--lang")
    {
        Description = "The record's language (default: that of the order's first person)",
        HelpName = "xx",
    };

    private static readonly Option<string?> At = new("--at")
    {
        Description = "The moment that the record and its letters bear, UTC (default: the newest entry's)",
        HelpName = "TIME",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Overwrite files that are there and differ",
    };

    public static Command Create() =>
        new Command("evidence", "Put an order's whole record into a folder or a zip file")
        {
            Order,
            Out,
            Language,
            At,
            Force,
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                var at = parsed.GetValue(At) is { } moment ? Instant(moment) : (DateTimeOffset?)null;
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var language = parsed.GetValue(Language) is { } tag ? Known(tag, session.Get<LanguageFiles>()) : null;
                var order = await session.FindAsync(parsed.GetValue(Order)!, ct);
                await using var db = await session.OpenDbAsync(ct);
                EvidencePack pack;
                try
                {
                    pack = await session.Get<EvidenceMaker>().MakeAsync(db, order, order.People[0], language, at, ct);
                }
                catch (EvidenceException refused)
                {
                    throw new CommandException(ExitCode.Usage, refused.Message);
                }
                var target = parsed.GetValue(Out) ?? $"./{pack.Name}.zip";
                var written = Write(pack, target, parsed.GetValue(Force));
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(
                        new
                        {
                            order = order.Row.Id,
                            asOf = JsonOutput.Utc(pack.AsOf),
                            @out = target,
                            written,
                            files = pack.Files.Select(f => new
                            {
                                name = f.Name,
                                bytes = f.Bytes.Length,
                                sha256 = f.Sha256,
                            }),
                        }
                    );
                else
                    await Console.Error.WriteLineAsync(
                        written
                            ? $"The evidence of {order.Row.Id} as of {JsonOutput.Utc(pack.AsOf)} lies in {target} ({Sayings.Count(pack.Files.Count, "file")})."
                            : $"{target} holds exactly this already; nothing was written."
                    );
                return ExitCode.Fine;
            }
        );

    /// <returns>False where the same is there already.</returns>
    private static bool Write(EvidencePack pack, string target, bool force)
    {
        var isZip = target.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
        List<(string Path, byte[] Bytes)> files = isZip
            ? [(target, pack.ToZip())]
            : [.. pack.Files.Select(f => (Path.Combine(target, f.Name), f.Bytes))];
        try
        {
            var fresh = files.Where(f => !IsThere(f.Path, f.Bytes)).ToList();
            if (!force && fresh.FirstOrDefault(f => Path.Exists(f.Path)) is { Path: { } taken })
                throw new CommandException(
                    ExitCode.Wrong,
                    $"{taken} is there and differs; nothing was written. Name another place with --out, or overwrite it with --force."
                );
            foreach (var (path, bytes) in fresh)
                Save(path, bytes);
            return fresh.Count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Unreachable, $"{target} cannot be written: {e.Message}");
        }
    }

    private static bool IsThere(string path, byte[] bytes) =>
        File.Exists(path)
        && new FileInfo(path).Length == bytes.Length
        && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);

    /// <summary>Never half a file: a new one takes the old one's place.</summary>
    private static void Save(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var fresh = $"{path}.tmp";
        File.WriteAllBytes(fresh, bytes);
        File.Move(fresh, path, overwrite: true);
    }

    private static string Known(string tag, LanguageFiles languages) =>
        LanguageFiles.Closest(tag, LanguageFiles.Tags) is not null
            ? tag
            : throw new CommandException(
                ExitCode.Usage,
                $"there is no language '{tag}'; there are {string.Join(", ", languages.All.Select(l => l.Tag).Order(StringComparer.Ordinal))}."
            );

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : throw new CommandException(
                ExitCode.Usage,
                $"'{text}' is no moment; write 2026-11-22 or 2026-11-22T14:36Z."
            );
}
