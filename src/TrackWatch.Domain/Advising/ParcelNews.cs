using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Advising;

/// <summary>News of a parcel that asks for little: delivered (asked once, and once more), trouble, on its way back.</summary>
internal static class ParcelNews
{
    private const int AskAgainAfter = 5;

    /// <summary>A delivery this much older than the registration is the past: nobody is asked about it.</summary>
    private const int PastDays = 15;

    public static IEnumerable<NoticeDraft> Of(Case c) => c.Shipments.SelectMany(s => Of(c, s));

    private static IEnumerable<NoticeDraft> Of(Case c, ShipmentView s)
    {
        var day = c.Day(s.LastProgressAt ?? s.LastEventAt ?? s.RegisteredAt);
        switch (s.Status)
        {
            case ParcelStatus.Delivered when c.Missing is null && day >= c.Day(s.RegisteredAt).AddDays(-PastDays):
                var asked = Tell(s, "delivered", ReasonCode.Delivered, day, Channel.Digest);
                yield return asked;
                if (c.Advised.TryGetValue(asked.Instance, out var at) && c.Today >= c.Day(at).AddDays(AskAgainAfter))
                    yield return asked with
                    {
                        Instance = $"{asked.Instance}/again",
                    };
                break;
            case ParcelStatus.Exception:
                yield return Tell(s, $"trouble/{Case.Iso(day)}", ReasonCode.Trouble, day, Channel.Alert);
                break;
            case ParcelStatus.Returning or ParcelStatus.Returned:
                yield return Tell(s, "going-back", ReasonCode.GoingBack, day, Channel.Alert);
                break;
        }
    }

    private static NoticeDraft Tell(ShipmentView s, string what, ReasonCode code, DateOnly day, Channel channel) =>
        new($"news/{s.Id}/{what}", NoticeKind.News, channel, new(code, Date: day), Shipment: s.Number);
}
