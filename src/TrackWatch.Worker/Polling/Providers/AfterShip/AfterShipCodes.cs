using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Providers.AfterShip;

/// <summary>What a subtag means in our words.</summary>
internal sealed record AfterShipCode(ParcelStatus Status, bool ActionNeeded = false, bool CustomsTrouble = false);

/// <summary>The tags and subtags of facts.md 1.</summary>
internal static class AfterShipCodes
{
    /// <summary>The van is out; the two below it are only about it.</summary>
    public const string OnTheVan = "OUTFORDELIVERY_001";
    public const string CustomerContacted = "OUTFORDELIVERY_003";
    public const string AppointmentMade = "OUTFORDELIVERY_004";
    public const string InDestinationCountry = "INTRANSIT_004";
    public const string CustomsFinished = "INTRANSIT_005";

    /// <summary>The highest subtag of each tag that a table has, and what lies between without a meaning known here.</summary>
    private static readonly Dictionary<string, (ParcelStatus Status, int Known, int[] Gaps)> Tags = new()
    {
        ["PENDING"] = (ParcelStatus.NotFound, 6, []),
        ["INFORECEIVED"] = (ParcelStatus.InfoReceived, 1, []),
        ["INTRANSIT"] = (ParcelStatus.InTransit, 9, []),
        ["OUTFORDELIVERY"] = (ParcelStatus.OutForDelivery, 4, [2]),
        ["ATTEMPTFAIL"] = (ParcelStatus.AttemptFailed, 3, []),
        ["AVAILABLEFORPICKUP"] = (ParcelStatus.AvailableForPickup, 1, []),
        ["DELIVERED"] = (ParcelStatus.Delivered, 5, []),
        ["EXCEPTION"] = (ParcelStatus.Exception, 21, [14, 15]),
        ["EXPIRED"] = (ParcelStatus.Expired, 1, []),
    };

    /// <summary>By the subtag where a table has it, else by the tag; null where neither is known.</summary>
    /// <param name="tag">In normal form, like <paramref name="subtag"/>.</param>
    public static AfterShipCode? Meaning(string tag, string subtag) =>
        subtag switch
        {
            "INTRANSIT_006" => new(ParcelStatus.Customs),
            "EXCEPTION_004" => new(ParcelStatus.Customs, CustomsTrouble: true),
            // Held until somebody pays.
            "EXCEPTION_006" => new(ParcelStatus.Customs, ActionNeeded: true),
            "EXCEPTION_010" => new(ParcelStatus.Returning),
            "EXCEPTION_011" => new(ParcelStatus.Returned),
            _ when IsKnown(subtag) => new(Tags[subtag.Split('_')[0]].Status),
            _ => Tags.TryGetValue(tag, out var known) ? new(known.Status) : null,
        };

    public static bool IsKnown(string subtag) =>
        subtag.Split('_') is [var tag, { Length: 3 } digits]
        && Tags.TryGetValue(tag, out var known)
        && digits.All(char.IsAsciiDigit)
        && int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) is var number
        && number >= 1
        && number <= known.Known
        && !known.Gaps.Contains(number);
}
