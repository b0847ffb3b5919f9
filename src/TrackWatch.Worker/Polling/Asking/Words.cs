using System.Diagnostics.CodeAnalysis;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Other people's codes and names, brought into a form that can be compared.</summary>
internal static class Words
{
    private const int MaxCode = 100;

    /// <summary>A code in normal form: trimmed, upper case, runs of blanks as one underscore, at most 100 long; empty for none.</summary>
    public static string Code(string? code)
    {
        var normal = string.Join('_', (code ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return (normal.Length > MaxCode ? normal[..MaxCode] : normal).ToUpperInvariant();
    }

    /// <summary>A carrier's name or id without case, blanks and signs: "La Poste", <c>la_poste</c> and <c>la-poste</c> are one.</summary>
    public static string Name(string? name) =>
        string.Concat((name ?? "").Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>True for an id of a source that may go into an address as it is.</summary>
    public static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= 64 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>A sentence of the source for a message of ours: no longer than a line or two.</summary>
    public static string? Shown(string? text) => text is { Length: > 200 } ? text[..200] : text;
}
