using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Ship24;

/// <summary>What one tracking, or the refusal to make one, says (facts.md 1).</summary>
internal static class Ship24Reading
{
    private const string NoReason = "it gives no reason.";

    /// <summary>What an answer says about people and not about the parcel.</summary>
    public static readonly IReadOnlySet<string> Personal = PersonalFields.Of(
        "recipient",
        "signedBy",
        "shipmentReference",
        "clientTrackerId",
        "name",
        "address",
        "street",
        "phone",
        "email"
    );

    public static SourceReading Of(ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        SourceReading.Of(entry, json => Of(json, askedAt));

    private static SourceReading Of(JsonElement json, DateTimeOffset askedAt)
    {
        if (json.Field("errors").ValueKind == JsonValueKind.Array)
            return new(
                new PollOutcome.Rejected(
                    $"Ship24 does not take this number: {Words.Shown(new Ship24Errors(json).Message) ?? NoReason}"
                )
            );
        var tracking = new Ship24Tracking(json);
        return tracking.Number.Length > 0 ? Of(tracking, askedAt) : SourceReading.Failed("The entry is no tracking.");
    }

    private static SourceReading Of(Ship24Tracking tracking, DateTimeOffset askedAt)
    {
        var numbers = tracking.Numbers;
        // Numbers are not unique: a tracker may be handed events of somebody else's parcel.
        var lines = tracking
            .Events.Where(e => e.Number.Length == 0 || e.Number == tracking.Number || numbers.Contains(e.Number))
            .Select(e => new Line(e, askedAt))
            .ToList();
        var (code, milestone) = (Words.Code(tracking.StatusCode), Words.Code(tracking.StatusMilestone));
        var status = Ship24Codes.Meaning(code, milestone)?.Status;
        if (lines.Count == 0 && status is null or ParcelStatus.NotFound)
            return status is null
                ? SourceReading.Failed("The tracking has neither an event nor a milestone.")
                : new(PollOutcome.NotFound.Instance);

        var landed = lines
            .Where(line => line.StatusCode == Ship24Codes.Landed && line.Time is not null)
            .Select(line => line.Time!.Value.Wall)
            .DefaultIfEmpty(DateTime.MaxValue)
            .Min();
        var lastMile = LastMile(tracking, numbers);
        return SourceReading.Of(
            [.. lines.Select(line => Event(line, landed))],
            new ParcelSummary
            {
                Status = status == ParcelStatus.NotFound ? null : status,
                OriginCountry = Countries.NameOf(tracking.OriginCountry),
                DestinationCountry = Countries.NameOf(tracking.DestinationCountry),
                LastMileNumber = lastMile.Number,
                LastMileCarrier = lastMile.Carrier,
                ExpectedBy = SourceTime.Announced(tracking.EstimatedDeliveryDate),
            },
            lines
                .SelectMany(line => UnknownWords(line.StatusCode, line.Milestone))
                .Concat(UnknownWords(code, milestone))
        );
    }

    private static ReportedEvent? Event(Line line, DateTime landed)
    {
        if (line.Time is not { } time)
            return null;
        var code = Ship24Codes.Meaning(line.StatusCode, line.Milestone) switch
        {
            null or { Status: ParcelStatus.NotFound } => new(ParcelStatus.Unknown),
            var known => known,
        };
        return new ReportedEvent
        {
            Code = line.StatusCode.Length > 0 ? line.StatusCode : line.Milestone,
            TimeAsSent = time.AsSent,
            Wall = time.Wall,
            Offset = time.Offset,
            At = time.At,
            Quality = time.Quality,
            Status = code.Status,
            Leg = LegOf(line.StatusCode, code, landed <= time.Wall),
            Place = line.Event.Location,
            Text = PersonalFields.Unsigned(line.Event.Status) ?? "",
            ActionNeeded = code.ActionNeeded,
            CustomsTrouble = code.CustomsTrouble,
            Raw = PersonalFields.Without(line.Event.Json, Personal),
        };
    }

    /// <summary>Customs of either country: which one, only the landing tells.</summary>
    private static Leg? LegOf(string statusCode, Ship24Code code, bool hasLanded) =>
        !hasLanded ? code.Leg
        : statusCode == Ship24Codes.CustomsCleared ? Leg.Handover
        : code.Status == ParcelStatus.Customs || code.CustomsTrouble ? Leg.ImportCustoms
        : code.Leg;

    /// <summary>The newest scan under another number of the shipment, else the last number that is not its own.</summary>
    private static (string? Number, string? Carrier) LastMile(Ship24Tracking tracking, IReadOnlyList<string> numbers)
    {
        var scans = tracking.Events.Where(e => IsOther(e.CourierNumber) && numbers.Contains(e.CourierNumber)).ToList();
        return scans is [var newest, ..]
            ? (newest.CourierNumber, newest.CourierCode)
            : (numbers.LastOrDefault(IsOther), null);

        bool IsOther(string number) => TrackingNumber.TryParse(number, out var other) && other.Value != tracking.Number;
    }

    private static IEnumerable<string> UnknownWords(string statusCode, string milestone)
    {
        if (statusCode.Length > 0 && Ship24Codes.OfStatusCode(statusCode) is null)
            yield return statusCode;
        if (milestone.Length > 0 && Ship24Codes.OfMilestone(milestone) is null)
            yield return milestone;
    }

    /// <summary>An event with its codes in normal form.</summary>
    private sealed class Line(Ship24Event e, DateTimeOffset askedAt)
    {
        public Ship24Event Event { get; } = e;
        public string StatusCode { get; } = Words.Code(e.StatusCode);
        public string Milestone { get; } = Words.Code(e.StatusMilestone);
        public SourceTime? Time { get; } = SourceTime.Of(e.OccurrenceDatetime, askedAt, zone: e.UtcOffset);
    }
}
