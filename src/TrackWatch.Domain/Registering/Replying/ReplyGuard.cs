using System.Text.RegularExpressions;

namespace TrackWatch.Domain.Registering.Replying;

/// <summary>
/// Tells what a machine wrote from what a person wrote. TrackWatch answers no mail by a mail; this keeps it from acting on
/// what other programs send, its own included.
/// </summary>
public static partial class ReplyGuard
{
    private static readonly string[] Bulk = ["bulk", "list", "junk", "auto_reply", "auto-reply"];

    private static readonly string[] Marks =
    [
        "X-Auto-Response-Suppress",
        "X-Autoreply",
        "X-Autorespond",
        "X-Autoresponder",
        "List-Id",
        "List-Unsubscribe",
    ];

    /// <param name="values">All values of a header, unfolded.</param>
    /// <param name="isOurs">Whether an address is one that TrackWatch sends from or reads at.</param>
    /// <returns>Why it is taken for a machine's; null = a person wrote it.</returns>
    public static string? WhyAutomatic(
        Func<string, IReadOnlyList<string>> values,
        IReadOnlyList<string> from,
        string? messageId,
        Func<string, bool> isOurs
    )
    {
        if (values("Auto-Submitted").Any(v => FirstWord(v) is not ("" or "no")))
            return "Auto-Submitted";
        if (values("Precedence").Any(v => Bulk.Contains(FirstWord(v))))
            return "Precedence";
        if (Array.Find(Marks, mark => values(mark).Count > 0) is { } found)
            return found;
        if (values("Return-Path").Any(v => v.Replace(" ", "", StringComparison.Ordinal) is "<>"))
            return "an empty Return-Path";
        if (messageId is not null && OurId().IsMatch(messageId))
            return "a Message-ID of our own";
        return from.Any(isOurs) ? "it comes from our own address" : null;
    }

    private static string FirstWord(string value) => value.Split([';', ' ', '('], 2)[0].Trim().ToLowerInvariant();

    [GeneratedRegex("^(?:alert|digest|operator|test|welcome|weekly)[a-z]*\\.[0-9a-f]{32}@")]
    private static partial Regex OurId();
}
