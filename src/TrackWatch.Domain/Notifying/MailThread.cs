using System.Globalization;
using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Notifying;

/// <summary>Which mails to one person belong together: the alerts of one case of one order, and the digests.</summary>
public static class MailThread
{
    /// <summary>So many of the newest are named beside the first: enough to find the thread where some were deleted.</summary>
    public const int Newest = 5;

    /// <param name="lead">The order that the mail shows first: the thread is the one of its newest case.</param>
    public static string Of(MailKind kind, OrderSnapshot? lead) =>
        kind == MailKind.Digest ? "digest"
        : lead?.Case is { } open
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{lead.Order.Id}/{open.OpenedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"
            )
        : lead?.Order.Id ?? "";

    /// <summary>The mails that the next one refers to, oldest first; the last one is what it answers.</summary>
    /// <param name="earlier">Message-IDs of the thread, oldest first.</param>
    public static IReadOnlyList<string> References(IReadOnlyList<string> earlier) =>
        [.. earlier.Take(1).Union(earlier.TakeLast(Newest))];
}
