namespace TrackWatch.Worker.Commands.Previewing;

/// <summary>The kinds of mail that there are, as a person sees them.</summary>
internal enum PreviewKind
{
    Digest,
    Alert,
    Welcome,
    Weekly,
    Delivered,
    MovingAgain,
    Operator,
}

internal static class PreviewKinds
{
    public static readonly IReadOnlyList<string> All =
    [
        "digest",
        "alert",
        "welcome",
        "weekly",
        "delivered",
        "moving-again",
        "operator",
    ];

    public static bool TryParse(string text, out PreviewKind kind)
    {
        var at = All.ToList()
            .FindIndex(name => name.Equals(text.Replace('_', '-'), StringComparison.OrdinalIgnoreCase));
        kind = (PreviewKind)Math.Max(at, 0);
        return at >= 0;
    }
}
