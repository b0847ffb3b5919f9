using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Advising;

/// <summary>What one look at an order comes to.</summary>
/// <param name="Verdict">With all that is to be told by now.</param>
/// <param name="Next">When the verdict could change by itself; null = not before something happens to the order.</param>
public sealed record OrderRound(CaseVerdict Verdict, StallChanges Stalls, DateTimeOffset? Next)
{
    /// <summary>A stall that ended this long ago is no news any more.</summary>
    private static readonly TimeSpan News = TimeSpan.FromDays(7);

    /// <summary>Stalls closed after this may still be told of.</summary>
    public static DateTimeOffset NewsSince(DateTimeOffset now) => now - News;

    /// <param name="closed">The order's stalls that were closed since <see cref="NewsSince"/>.</param>
    public static OrderRound Of(OrderSnapshot order, IEnumerable<ClosedStall> closed, DateTimeOffset now)
    {
        var verdict = Ladder.Decide(order, now);
        var next = Ladder.NextChange(order, verdict, now);
        var stalls = StallBook.Keep(order.OpenStalls, verdict.Assessments, now);
        var ended = closed.Concat(stalls.Closed).Where(s => s.At > NewsSince(now));
        return new OrderRound(
            verdict with
            {
                Notices = [.. verdict.Notices, .. MovedAgain(order, ended).DistinctBy(n => n.Instance)],
            },
            stalls,
            next
        );
    }

    /// <summary>That it moves again is news to a buyer who had been told of the stall.</summary>
    private static IEnumerable<NoticeDraft> MovedAgain(OrderSnapshot order, IEnumerable<ClosedStall> ended) =>
        from stall in ended
        where stall is { Why: StallEnd.Progress, Stall.Level: >= StallLevel.Stalled }
        from shipment in order.Shipments
        where shipment.Id == stall.Stall.ShipmentId
        let since = Days.In(order.Zone, stall.Stall.LastProgressAt)
        let until = Days.In(order.Zone, shipment.LastProgressAt ?? stall.At)
        select new NoticeDraft(
            $"news/{shipment.Id}/moving-again/{Case.Iso(since)}",
            NoticeKind.News,
            Channel.Digest,
            new Reason(ReasonCode.MovingAgain, Math.Max(0, until.DayNumber - since.DayNumber), until),
            Shipment: shipment.Number
        );
}
