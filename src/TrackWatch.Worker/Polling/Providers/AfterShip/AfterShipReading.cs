using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.AfterShip;

/// <summary>What one tracking, or the refusal to make one, says (facts.md 1).</summary>
internal static class AfterShipReading
{
    private const string NoReason = "it gives no reason.";

    /// <summary>What an answer says about people and their orders and not about the parcel.</summary>
    public static readonly IReadOnlySet<string> Personal = PersonalFields.Of(
        "signed_by",
        "customers",
        "customer_name",
        "recipient_name",
        "emails",
        "smses",
        "subscribed_emails",
        "subscribed_smses",
        "phone_number",
        "email",
        "name",
        "proof_of_delivery",
        "title",
        "note",
        "custom_fields",
        "order_id",
        "order_id_path",
        "order_number",
        "order_promised_delivery_date",
        "destination_raw_location",
        "destination_city",
        "destination_state",
        "destination_postal_code",
        "tracking_postal_code",
        "tracking_account_number",
        "tracking_key",
        "coordinate"
    );

    public static SourceReading Of(ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        SourceReading.Of(entry, json => Of(json, askedAt));

    private static SourceReading Of(JsonElement json, DateTimeOffset askedAt)
    {
        if (json.Field("meta").ValueKind != JsonValueKind.Undefined)
        {
            var meta = new AfterShipMeta(json);
            return meta.IsAboutNumber
                ? new(
                    new PollOutcome.Rejected(
                        $"AfterShip does not take this number ({meta.Code}): {Words.Shown(meta.Message) ?? NoReason}"
                    )
                )
                : SourceReading.Failed("The entry is no tracking.");
        }
        var tracking = new AfterShipTracking(json);
        return tracking.Number.Length > 0 ? Of(tracking, askedAt) : SourceReading.Failed("The entry is no tracking.");
    }

    private static SourceReading Of(AfterShipTracking tracking, DateTimeOffset askedAt)
    {
        var lines = tracking.Checkpoints.Reverse().Select(checkpoint => new Line(checkpoint, askedAt)).ToList();
        var (tag, subtag) = (Words.Code(tracking.Tag), Words.Code(tracking.Subtag));
        var status = AfterShipCodes.Meaning(tag, subtag)?.Status;
        if (lines.Count == 0 && status is null or ParcelStatus.NotFound)
            return status is null
                ? SourceReading.Failed("The tracking has neither a checkpoint nor a tag.")
                : new(PollOutcome.NotFound.Instance);

        var journey = new Journey(lines);
        return SourceReading.Of(
            [.. lines.Select(journey.Event)],
            new ParcelSummary
            {
                Status = status == ParcelStatus.NotFound ? null : status,
                OriginCountry = Countries.NameOf(tracking.OriginCountry),
                DestinationCountry = Countries.NameOf(tracking.DestinationCountry),
                LastMileNumber = OtherNumber(tracking),
                LastMileCarrier = tracking.LastMileSlug,
                LastMileSite = tracking.LastMileSite,
                ExpectedBy = SourceTime.Announced(tracking.ExpectedBy),
            },
            lines.SelectMany(line => UnknownWords(line.Tag, line.Subtag)).Concat(UnknownWords(tag, subtag))
        );
    }

    private static IEnumerable<string> UnknownWords(string tag, string subtag) =>
        subtag.Length > 0
            ? AfterShipCodes.IsKnown(subtag)
                ? []
                : [subtag]
            : tag.Length > 0 && AfterShipCodes.Meaning(tag, "") is null
                ? [tag]
                : [];

    private static string? OtherNumber(AfterShipTracking tracking) =>
        TrackingNumber.TryParse(tracking.LastMileNumber, out var number) && number.Value != tracking.Number
            ? number.Value
            : null;

    /// <summary>A checkpoint with what its codes say by themselves.</summary>
    private sealed class Line(AfterShipCheckpoint checkpoint, DateTimeOffset askedAt)
    {
        public AfterShipCheckpoint Checkpoint { get; } = checkpoint;
        public string Tag { get; } = Words.Code(checkpoint.Tag);
        public string Subtag { get; } = Words.Code(checkpoint.Subtag);
        public SourceTime? Time { get; } =
            SourceTime.Of(checkpoint.CheckpointTime, askedAt, seenAt: checkpoint.CreatedAt);
    }

    /// <summary>What the codes say in each other's company.</summary>
    private sealed class Journey(List<Line> lines)
    {
        private readonly DateTime _landed = First(lines, AfterShipCodes.InDestinationCountry);
        private readonly DateTime _onTheVan = First(lines, AfterShipCodes.OnTheVan);

        public ReportedEvent? Event(Line line)
        {
            if (line.Time is not { } time)
                return null;
            var code = InContext(line, time.Wall);
            return new ReportedEvent
            {
                Code = line.Subtag.Length > 0 ? line.Subtag : line.Tag,
                TimeAsSent = time.AsSent,
                Wall = time.Wall,
                Offset = time.Offset,
                At = time.At,
                Quality = time.Quality,
                Status = code.Status,
                Leg = LegOf(line, code.Status, time.Wall),
                Place = line.Checkpoint.Place,
                Text = PersonalFields.Unsigned(line.Checkpoint.Message) ?? "",
                // That AfterShip has given up moves no parcel.
                Weight = code.Status == ParcelStatus.Expired ? EventWeight.Advisory : EventWeight.Full,
                ActionNeeded = code.ActionNeeded,
                CustomsTrouble = code.CustomsTrouble,
                Raw = PersonalFields.Without(line.Checkpoint.Json, Personal),
            };
        }

        private AfterShipCode InContext(Line line, DateTime wall) =>
            AfterShipCodes.Meaning(line.Tag, line.Subtag) switch
            {
                null or { Status: ParcelStatus.NotFound } => new(ParcelStatus.Unknown),
                // A call or an appointment may come days before the van.
                _ when line.Subtag is AfterShipCodes.CustomerContacted or AfterShipCodes.AppointmentMade
                        && _onTheVan > wall => new(ParcelStatus.InTransit),
                var code => code,
            };

        private Leg? LegOf(Line line, ParcelStatus status, DateTime wall) =>
            status switch
            {
                ParcelStatus.InfoReceived => Leg.Label,
                ParcelStatus.OutForDelivery
                or ParcelStatus.AttemptFailed
                or ParcelStatus.AvailableForPickup
                or ParcelStatus.Delivered => Leg.PickupPoint,
                // Customs of either country: which one, only the landing tells.
                ParcelStatus.Customs when _landed <= wall => Leg.ImportCustoms,
                _ when line.Subtag == AfterShipCodes.InDestinationCountry => Leg.ImportCustoms,
                _ when line.Subtag == AfterShipCodes.CustomsFinished && _landed <= wall => Leg.Handover,
                _ => null,
            };

        private static DateTime First(List<Line> lines, string subtag) =>
            lines
                .Where(line => line.Subtag == subtag && line.Time is not null)
                .Select(line => line.Time!.Value.Wall)
                .DefaultIfEmpty(DateTime.MaxValue)
                .Min();
    }
}
