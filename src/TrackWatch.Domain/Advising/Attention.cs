using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Advising;

/// <summary>What an order's verdict means for how its parcels are asked about.</summary>
/// <param name="Urgent">Where a source cannot be asked about all, it is asked about these.</param>
/// <param name="AskUntil">A silent parcel is asked about no longer: nothing could be done any more. null = no such day is known.</param>
public sealed record Attention(long Shipment, bool Urgent, DateOnly? AskUntil)
{
    /// <summary>A last day in so many days makes a parcel urgent.</summary>
    private const int NearDays = 21;

    public static IReadOnlyList<Attention> Of(OrderSnapshot order, CaseVerdict verdict, DateTimeOffset now)
    {
        var today = Days.In(order.Zone, now);
        var nearsLastDay =
            !order.Facts.AreFinal
            && verdict.Deadlines.Any(d =>
                d.IsForAction && today <= d.LastSafeDay && d.LastSafeDay <= today.AddDays(NearDays)
            );
        return
        [
            .. order.Shipments.Select(s => new Attention(
                s.Id,
                !order.Facts.AreFinal
                    && !s.Status.IsFinal()
                    && (
                        nearsLastDay
                        || s.Status == ParcelStatus.OutForDelivery
                        || verdict.Assessments.Any(a => a.Shipment.Id == s.Id && a.Level >= StallLevel.Stalled)
                    ),
                verdict.LastUsableDay
            )),
        ];
    }
}
