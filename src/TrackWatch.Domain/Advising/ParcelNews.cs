using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Advising;

/// <summary>
/// News of a parcel that is no step of the ladder: delivered (asked once, and once more), to be fetched, trouble, on its way
/// back, given up by its source.
/// </summary>
internal static class ParcelNews
{
    private const int AskAgainAfter = 5;

    /// <summary>A delivery this much older than the registration is the past: nobody is asked about it.</summary>
    private const int PastDays = 15;

    /// <summary>With less than this until the last day for a dispute, a delivery scan that may be wrong is told in time.</summary>
    private const int DisputeIsNear = 21;

    public static IEnumerable<NoticeDraft> Of(Case c) => c.Shipments.SelectMany(s => Of(c, s));

    private static IEnumerable<NoticeDraft> Of(Case c, ShipmentView s)
    {
        var day = c.Day(s.LastProgressAt ?? s.LastEventAt ?? s.RegisteredAt);
        switch (s.Status)
        {
            case ParcelStatus.Delivered
                when c.Missing is null
                    && c.DeliveredElsewhere?.Shipment.Id != s.Id
                    && day >= c.Day(s.RegisteredAt).AddDays(-PastDays):
                var unseen = c.Doubts.Any(d => d.Kind == DoubtKind.DeliveredUnseen && d.Shipment.Id == s.Id);
                var asked = unseen
                    ? Tell(s, "delivered", ReasonCode.DeliveredUnseen, day, Channel.Alert)
                    : Tell(s, "delivered", ReasonCode.Delivered, day, Channel.Digest);
                yield return asked with
                {
                    TellBy = LastDayToDispute(c),
                };
                if (c.Advised.TryGetValue(asked.Instance, out var at) && c.Today >= c.Day(at).AddDays(AskAgainAfter))
                    yield return asked with
                    {
                        Instance = $"{asked.Instance}/again",
                        Channel = Channel.Digest,
                    };
                break;
            case ParcelStatus.AvailableForPickup:
                yield return Tell(s, $"pickup/{Case.Iso(day)}", ReasonCode.ReadyForPickup, day, Channel.Digest);
                if (Closing(c, s) is { } closing)
                    yield return closing;
                break;
            case ParcelStatus.AttemptFailed:
                yield return Tell(s, $"attempt/{Case.Iso(day)}", ReasonCode.AttemptFailed, day, Channel.Alert);
                break;
            case ParcelStatus.Exception:
                yield return Tell(
                    s,
                    $"trouble/{Case.Iso(day)}",
                    s.CustomsTrouble ? ReasonCode.CustomsTrouble : ReasonCode.Trouble,
                    day,
                    Channel.Alert
                );
                break;
            case ParcelStatus.Returning or ParcelStatus.Returned:
                yield return Tell(s, "going-back", ReasonCode.GoingBack, day, Channel.Alert);
                break;
            case ParcelStatus.Expired:
                yield return Tell(s, $"given-up/{Case.Iso(day)}", ReasonCode.GivenUp, day, Channel.Digest);
                break;
        }
    }

    /// <summary>It goes back before long: said when the wait at the point is unusual, and once more when it is critical.</summary>
    private static NoticeDraft? Closing(Case c, ShipmentView s) =>
        c.Assessments.FirstOrDefault(a => a.Shipment.Id == s.Id) is { Level: >= StallLevel.Stalled } waiting
            ? new(
                $"news/{s.Id}/pickup-closing/{(waiting.Level == StallLevel.Critical ? "last" : "first")}/{Case.Iso(c.Day(waiting.CountedFrom))}",
                NoticeKind.News,
                Channel.Alert,
                new(ReasonCode.PickupClosing, waiting.SilentDays),
                Shipment: s.Number
            )
            : null;

    private static NoticeDraft Tell(ShipmentView s, string what, ReasonCode code, DateOnly day, Channel channel) =>
        new($"news/{s.Id}/{what}", NoticeKind.News, channel, new(code, Date: day), Shipment: s.Number);

    /// <summary>Null = far ahead, over, or not known.</summary>
    private static DateOnly? LastDayToDispute(Case c) =>
        c.Window?.LastSafeDay is { } last && last >= c.Today && last < c.Today.AddDays(DisputeIsNear) ? last : null;
}
