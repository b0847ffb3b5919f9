using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.TrackingMore;

/// <summary>The codes of <c>meta.code</c> and <c>errorCode</c> (facts.md 5).</summary>
internal static class TrackingMoreRefusal
{
    public const long Exists = 4101;
    public const long NotRegistered = 4102;
    public const long QuotaUsedUp = 4190;
    public const long NoCourier = 4121;

    /// <summary>What their documents ask for after too many questions; no header says it.</summary>
    private static readonly TimeSpan AfterTooMany = TimeSpan.FromSeconds(120);

    public static readonly Deferral NoQuota = new(
        "the TrackingMore quota is used up; numbers registered there before are still followed",
        TimeSpan.FromDays(1)
    );

    public static readonly PollOutcome.Failed Unauthorised = new(
        "TrackingMore does not take the key. Compare providers: trackingmore: key with the one shown in your account at "
            + "my.trackingmore.com, and look there whether your plan includes the API."
    );

    /// <summary>True where a code is about the number at hand, not about the call.</summary>
    public static bool IsOfNumber(long code) =>
        code is Exists or NotRegistered or QuotaUsedUp or 4110 or 4111 or (>= 4120 and <= 4122);

    public static bool IsOfKey(long code) => code is 401 or 403 or 4001 or 4002;

    public static PollOutcome.Throttled TooMany(TimeSpan? retryAfter) =>
        new("TrackingMore wants fewer questions.", retryAfter ?? AfterTooMany);

    public static PollOutcome OfCall(long code, string? said) =>
        code switch
        {
            QuotaUsedUp => new PollOutcome.Throttled("The TrackingMore quota is used up.", NoQuota.Wait),
            >= 511 and <= 513 => new PollOutcome.Failed($"TrackingMore has trouble of its own ({code})."),
            _ => new PollOutcome.Failed(
                $"TrackingMore refuses the question ({code}): {Words.Shown(said)}".TrimEnd(' ', ':')
            ),
        };

    public static PollOutcome OfNumber(long code, string? said) =>
        code switch
        {
            4110 or 4111 => new PollOutcome.Rejected(
                "TrackingMore says that this is no tracking number: check how it is written"
            ),
            4120 or NoCourier => new PollOutcome.Rejected(
                "TrackingMore cannot tell the carrier from the number: name it in the order (carrier: …)"
            ),
            4122 => new PollOutcome.Rejected(
                "TrackingMore does not support this carrier, or wants a postcode for it: add ship_to: {country: …, postcode: …} "
                    + "to the order"
            ),
            _ => OfCall(code, said),
        };
}
