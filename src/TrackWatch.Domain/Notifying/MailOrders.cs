using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Notifying;

public enum MailKind
{
    Alert,
    Digest,
}

/// <summary>Which of a person's orders a mail shows, and in which order.</summary>
public static class MailOrders
{
    /// <summary>An alert shows what it tells of; a digest all that is not closed beside it. The most pressing comes first.</summary>
    /// <param name="told">Ids of the orders that the mail has notices for.</param>
    public static IReadOnlyList<(T Order, CaseVerdict Verdict)> Choose<T>(
        MailKind kind,
        IEnumerable<T> orders,
        Func<T, OrderSnapshot> snapshotOf,
        IReadOnlySet<string> told,
        DateTimeOffset now
    ) =>
        [
            .. orders
                .Select(order => (Order: order, Snapshot: snapshotOf(order)))
                .Where(o =>
                    told.Contains(o.Snapshot.Order.Id) || (kind == MailKind.Digest && o.Snapshot.Facts.Closed is null)
                )
                .Select(o => (o.Order, o.Snapshot, Verdict: Ladder.Decide(o.Snapshot, now)))
                .OrderByDescending(o => o.Verdict.Due is not null)
                .ThenBy(o => o.Verdict.Due?.DoBy ?? DateOnly.MaxValue)
                .ThenByDescending(o => o.Verdict.Due?.Step)
                .ThenBy(o => o.Snapshot.Order.Id, StringComparer.Ordinal)
                .Select(o => (o.Order, o.Verdict)),
        ];

    /// <summary>What a mail tells of one order, most urgent first. Of a notice and its repeats that waited for the same mail the newest is told.</summary>
    /// <param name="notices">As they were written, oldest first.</param>
    public static IReadOnlyList<NoticeDraft> InOrder(IEnumerable<NoticeDraft> notices) =>
        [
            .. notices
                .GroupBy(n => n.Subject)
                .Select(same => same.Last())
                .OrderBy(n => n.DoBy ?? DateOnly.MaxValue)
                .ThenBy(n => n.Kind),
        ];
}
