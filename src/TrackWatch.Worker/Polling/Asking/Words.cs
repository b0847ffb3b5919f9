namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Other people's names and sentences, brought into a form that can be compared or shown.</summary>
internal static class Words
{
    /// <summary>A carrier's name or id without case, blanks and signs: "La Poste", <c>la_poste</c> and <c>la-poste</c> are one.</summary>
    public static string Name(string? name) =>
        string.Concat((name ?? "").Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>A sentence of the source for a message of ours: no longer than a line or two.</summary>
    public static string? Shown(string? text) => text is { Length: > 200 } ? text[..200] : text;
}
