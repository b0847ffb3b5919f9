using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Dhl;

/// <summary>What an answer says of the number it was asked about (facts.md 1).</summary>
internal static class DhlReading
{
    private const string NoReason = "it gives no reason.";

    /// <summary>What an answer says about people and not about the parcel.</summary>
    public static readonly IReadOnlySet<string> Personal = PersonalFields.Of(
        "receiver",
        "sender",
        "proofOfDelivery",
        "signed",
        "name",
        "givenName",
        "familyName",
        "organizationName",
        "streetAddress",
        "addressLine1",
        "addressLine2",
        "phone",
        "email",
        "references"
    );

    /// <param name="entry">One shipment, or an answer that holds none.</param>
    public static SourceReading Of(ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        SourceReading.Of(entry, json => Of(json, askedAt));

    /// <summary>
    /// Which of several parcels of one id is meant: the one that goes where the order goes, and of those the one that was
    /// seen last; the others are other people's, or of years ago. Null where none goes by the number.
    /// </summary>
    public static DhlShipment? Choose(IEnumerable<DhlShipment> shipments, PollQuestion question) =>
        shipments
            .Where(shipment => shipment.IsCalled(question.Number))
            .OrderBy(shipment => Mismatch(shipment.DestinationCountry, question.Country))
            .ThenByDescending(shipment => shipment.Status.Timestamp, StringComparer.Ordinal)
            .FirstOrDefault();

    private static int Mismatch(string? country, string? wanted) =>
        country is null || wanted is null ? 1
        : country.Equals(wanted, StringComparison.OrdinalIgnoreCase) ? 0
        : 2;

    private static SourceReading Of(JsonElement json, DateTimeOffset askedAt)
    {
        var answer = new DhlAnswer(json);
        return answer.Problem switch
        {
            404 => new(PollOutcome.NotFound.Instance),
            400 => new(
                new PollOutcome.Rejected($"DHL does not take this number: {Words.Shown(answer.Detail) ?? NoReason}")
            ),
            not null => SourceReading.Failed("The entry is no shipment."),
            null => answer.Shipments is { Count: 0 }
                ? new(PollOutcome.NotFound.Instance)
                : Of(new DhlShipment(json), askedAt),
        };
    }

    private static SourceReading Of(DhlShipment shipment, DateTimeOffset askedAt)
    {
        var told = shipment.Events.ToList();
        if (told.Count == 0 && shipment.Status.Json.ValueKind == JsonValueKind.Object)
            told.Add(shipment.Status);
        if (told.Count == 0)
            return SourceReading.Failed("The entry is no shipment.");

        return SourceReading.Of(
            [.. told.Select((e, i) => Event(e, i + 1 < told.Count ? told[i + 1] : null, shipment.IsReturn, askedAt))],
            new ParcelSummary
            {
                Status = StatusOf(Words.Code(shipment.Status.StatusCode), shipment.IsReturn),
                OriginCountry = Countries.NameOf(shipment.OriginCountry),
                DestinationCountry = Countries.NameOf(shipment.DestinationCountry),
                ExpectedBy =
                    SourceTime.Announced(shipment.EstimatedThrough)
                    ?? SourceTime.Announced(shipment.EstimatedTimeOfDelivery),
            },
            told.Select(e => Words.Code(e.StatusCode))
                .Where(code => code.Length > 0 && StatusOf(code, isReturn: false) is null)
        );
    }

    private static ReportedEvent? Event(DhlEvent e, DhlEvent? before, bool isReturn, DateTimeOffset askedAt)
    {
        if (SourceTime.Of(e.Timestamp, askedAt) is not { } time)
            return null;
        var code = Words.Code(e.StatusCode);
        var status = StatusOf(code, isReturn) ?? ParcelStatus.Unknown;
        return new ReportedEvent
        {
            Code = code,
            TimeAsSent = time.AsSent,
            Wall = time.Wall,
            Offset = time.Offset,
            At = time.At,
            Quality = time.Quality,
            Status = status,
            Leg = status switch
            {
                ParcelStatus.InfoReceived => Leg.Label,
                ParcelStatus.Delivered => Leg.PickupPoint,
                _ => null,
            },
            Place = e.Place,
            Text = PersonalFields.Unsigned(e.Description) ?? "",
            CustomsTrouble = status == ParcelStatus.Exception && (NamesCustoms(e.Description) || LiesAtCustoms(before)),
            Raw = PersonalFields.Without(e.Json, Personal),
        };
    }

    /// <summary>Null for a code that nobody has seen.</summary>
    private static ParcelStatus? StatusOf(string code, bool isReturn) =>
        code switch
        {
            "PRE-TRANSIT" => ParcelStatus.InfoReceived,
            "TRANSIT" => ParcelStatus.InTransit,
            "DELIVERED" => isReturn ? ParcelStatus.Returned : ParcelStatus.Delivered,
            "FAILURE" => ParcelStatus.Exception,
            "UNKNOWN" => ParcelStatus.Unknown,
            _ => null,
        };

    // DHL has no code for customs. Its words are looked at for one thing only, the reason of a failure that a code has told;
    // the language of the answer is fixed.
    private static bool NamesCustoms(string? text) =>
        text?.Contains("customs", StringComparison.OrdinalIgnoreCase) == true;

    private static bool LiesAtCustoms(DhlEvent? e) =>
        NamesCustoms(e?.Description)
        && !e!.Description!.Contains("clear", StringComparison.OrdinalIgnoreCase)
        && !e.Description.Contains("releas", StringComparison.OrdinalIgnoreCase);
}
