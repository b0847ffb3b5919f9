using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.SeventeenTrack;

/// <summary>The error codes of facts.md 2.2, of a whole call and of one number in it.</summary>
internal static class SeventeenTrackRefusal
{
    public const long AlreadyRegistered = -18019901;
    public const long NotRegistered = -18019902;
    public const long OnlyStoppedMayBeRetracked = -18019904;
    public const long DayLimit = -18019907;
    public const long QuotaUsedUp = -18019908;
    public const long NothingYet = -18019909;

    /// <summary>When their day ends is not told; reading goes on, and the quota is looked at again after this.</summary>
    private static readonly TimeSpan UntilTheirNextDay = TimeSpan.FromHours(6);

    /// <summary>Nor when the period ends, or that the account has one.</summary>
    private static readonly TimeSpan UntilTheQuotaIsSeenAgain = TimeSpan.FromDays(1);

    public static readonly Deferral NoQuota = new(
        "the 17TRACK quota is used up; numbers registered there before are still followed",
        UntilTheQuotaIsSeenAgain
    );

    public static readonly Deferral NoQuotaToday = new(
        "the 17TRACK quota of the day is used up; numbers registered there before are still followed",
        UntilTheirNextDay
    );

    /// <summary>What an HTTP 401 without a code of theirs says.</summary>
    public static readonly PollOutcome.Failed Unauthorised = new(
        "17TRACK does not take the key. Compare providers: 17track: key with the one shown in your account at api.17track.net, "
            + "and look there whether only some addresses may ask."
    );

    /// <summary>Of a whole call.</summary>
    public static PollOutcome OfCall(long code, string? said) =>
        code switch
        {
            -18010001 => new PollOutcome.Failed(
                "17TRACK does not know this machine's address. Add it to the addresses that may ask, in your account at "
                    + "api.17track.net, or empty that list."
            ),
            -18010002 or -18010005 => Unauthorised,
            -18010004 => new PollOutcome.Failed(
                "Your 17TRACK account is disabled. See your account at api.17track.net, or take the key out of the settings."
            ),
            DayLimit => new PollOutcome.Throttled("17TRACK's limit of the day is reached.", UntilTheirNextDay),
            QuotaUsedUp => new PollOutcome.Throttled("The 17TRACK quota is used up.", UntilTheQuotaIsSeenAgain),
            _ => new PollOutcome.Failed(
                $"17TRACK refuses the question ({code}): {Words.Shown(said)}".TrimEnd(' ', ':')
            ),
        };

    /// <summary>Of one number among others.</summary>
    public static PollOutcome OfNumber(long code, string? said) =>
        code switch
        {
            NothingYet => PollOutcome.NotFound.Instance,
            -18010012 => Rejected("17TRACK says that this is no tracking number: check how it is written"),
            -18019903 => Rejected("17TRACK cannot tell the carrier from the number: name it in the order (carrier: …)"),
            -18019910 => Rejected(
                "17TRACK says that the number is none of this carrier's: check carrier: in the order"
            ),
            -18019911 => Rejected("17TRACK does not follow numbers of this carrier"),
            -18010016 => Rejected("17TRACK does not take this carrier for the last mile of this number"),
            -18010018 => Rejected(
                "this carrier tells 17TRACK nothing without country and postcode: add ship_to: {country: …, postcode: …} to the order"
            ),
            -18010019 => Rejected(
                "this carrier tells 17TRACK nothing without a postcode: add ship_to: {country: …, postcode: …} to the order"
            ),
            -18010020 => Rejected(
                "this carrier tells 17TRACK nothing without a phone number, which TrackWatch does not keep: use the carrier's own page"
            ),
            -18010022 => Rejected("this carrier wants to know more than TrackWatch keeps: use the carrier's own page"),
            -18010011 or -18010013 or -18010015 => Rejected(
                $"17TRACK does not take the number with what the order says of it ({code}): {Words.Shown(said)}"
            ),
            _ => OfCall(code, said),
        };

    private static PollOutcome.Rejected Rejected(string why) => new(why);
}
