using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands;

/// <summary>What several commands are asked with: a person, a language, a moment.</summary>
internal static class Asked
{
    /// <summary>People who are on file, by their ids.</summary>
    public static async Task<IReadOnlyList<Person>> PeopleAsync(TrackWatchDb db, CancellationToken ct) =>
        await db.People.Where(p => p.ArchivedAt == null).OrderBy(p => p.Id).Select(p => p.Profile).ToListAsync(ct);

    /// <param name="meant">A key of the orders file, or a mail address.</param>
    /// <exception cref="CommandException">There is no such person.</exception>
    public static Person Among(this IReadOnlyList<Person> people, string meant) =>
        people.FirstOrDefault(p => p.Id == meant || p.Reads(meant))
        ?? throw new CommandException(
            ExitCode.Usage,
            $"there is no person '{meant}'. {Instead(meant, [.. people.Select(p => p.Id)])}"
        );

    /// <exception cref="CommandException">There is no such language.</exception>
    public static string Language(string tag, LanguageFiles languages)
    {
        var tags = languages.All.Select(l => l.Tag).Order(StringComparer.Ordinal).ToList();
        return LanguageFiles.Closest(tag, tags)
            ?? throw new CommandException(ExitCode.Usage, $"there is no language '{tag}'. {Instead(tag, tags)}");
    }

    /// <summary>In UTC where no zone is named.</summary>
    /// <exception cref="CommandException">It is no moment.</exception>
    public static DateTimeOffset Instant(string text) =>
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

    private static string Instead(string meant, IReadOnlyList<string> known) =>
        Spelling.Closest(meant, known) is { } near
            ? $"Did you mean '{near}'?"
            : $"There are: {string.Join(", ", known)}.";
}
