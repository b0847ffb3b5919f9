using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.SeventeenTrack;

/// <summary>What one entry of an answer says. Pure: the same entry, fetched at the same time, reads the same.</summary>
internal static class SeventeenTrackReading
{
    /// <summary>What may say something of the person (facts.md 2.3): the way of a parcel is told without it.</summary>
    private static readonly IReadOnlySet<string> Personal = PersonalFields.Of(
        "recipient_address",
        "shipper_address",
        "street",
        "postal_code",
        "destination_postal_code",
        "coordinates",
        "email",
        "phone_number",
        "phone_number_last_4",
        "param",
        "tag",
        "order_no",
        "remark",
        "customer_number",
        "reference_number"
    );

    public static string Keep(ReadOnlyMemory<byte> entry) => PersonalFields.Without(entry, Personal);

    public static SourceReading Of(ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        SourceReading.Of(entry, item => Of(item, askedAt));

    private static SourceReading Of(JsonElement item, DateTimeOffset askedAt)
    {
        if (item.Field("error") is { ValueKind: JsonValueKind.Object } error)
            return new(SeventeenTrackRefusal.OfNumber(error.Integer("code") ?? 0, error.Text("message")));
        var parcel = new SeventeenTrackParcel(item.Field("track_info"));
        if (!parcel.IsThere)
            return new(new PollOutcome.Failed("The entry holds no history."));

        var (events, unreadable) = Events(parcel, askedAt);
        if (events.Count == 0 && unreadable > 0)
            return new(new PollOutcome.Failed("None of the events carries a time that can be read."), [], unreadable);
        // A sub-status that nobody knows leaves the status itself, which is a code as well.
        var summary = SeventeenTrackCodes.Meaning(parcel.SubStatus) ?? SeventeenTrackCodes.Meaning(parcel.Status);
        if (events.Count == 0 && (summary?.Status ?? ParcelStatus.NotFound) == ParcelStatus.NotFound)
            return new(PollOutcome.NotFound.Instance);

        return new(
            new PollOutcome.Ok(
                new ParcelReading(
                    events,
                    new ParcelSummary
                    {
                        Status = summary?.Status is ParcelStatus.NotFound ? null : summary?.Status,
                        OriginCountry = Countries.NameOf(parcel.OriginCountry),
                        DestinationCountry = Countries.NameOf(parcel.DestinationCountry),
                        LastMileNumber = TrackingNumber.TryParse(parcel.LocalNumber, out var local)
                            ? local.Value
                            : null,
                        LastMileCarrier = parcel.LocalProvider,
                        ExpectedBy = parcel.ExpectedBy?.ToUniversalTime(),
                    }
                )
            ),
            [
                .. events
                    .Select(e => e.Code)
                    .Append(parcel.SubStatus)
                    .Where(code => code.Length > 0 && SeventeenTrackCodes.Meaning(code) is null)
                    .Distinct(),
            ],
            unreadable
        );
    }

    /// <summary>The carriers' histories as one, newest first. Where two carriers tell the same scan, the first to name it is kept.</summary>
    private static (IReadOnlyList<ReportedEvent> Events, int Unreadable) Events(
        SeventeenTrackParcel parcel,
        DateTimeOffset askedAt
    )
    {
        var histories = parcel.Histories.Select(history => history.ToList()).ToList();
        if (histories.All(history => history.Count == 0) && parcel.LatestEvent is { } latest)
            histories.Add([latest]);

        var route = new Route(parcel, histories.SelectMany(history => history), askedAt);
        var events = new List<ReportedEvent>();
        var unreadable = 0;
        foreach (var history in histories)
        {
            var told = events.Select(e => (e.Code, e.At)).ToHashSet();
            var own = history.Select(e => Event(e, route, askedAt)).ToList();
            unreadable += own.Count(e => e is null);
            events.AddRange(
                own.OfType<ReportedEvent>()
                    .DistinctBy(e => (e.Code, e.TimeAsSent, e.Place, e.Text))
                    .Where(e => !told.Contains((e.Code, e.At)))
            );
        }
        return (History.NewestFirst(events), unreadable);
    }

    private static ReportedEvent? Event(SeventeenTrackEvent e, Route route, DateTimeOffset askedAt)
    {
        if (SeventeenTrackTime.Of(e, askedAt) is not { } time)
            return null;
        var meaning = SeventeenTrackCodes.Meaning(e.Code) ?? new(ParcelStatus.Unknown);
        return new ReportedEvent
        {
            Code = e.Code,
            TimeAsSent = time.AsSent,
            Wall = time.Wall,
            Offset = time.Offset,
            At = time.At,
            Quality = time.Quality,
            Status = meaning.Status,
            Leg = route.LegOf(e, meaning.Status, time.At),
            Place = e.Location,
            Text = PersonalFields.Unsigned(e.Description) ?? "",
            Weight = meaning.Weight,
            ActionNeeded = meaning.ActionNeeded,
            Raw = PersonalFields.Without(e.Json, Personal),
        };
    }

    /// <summary>
    /// Where on its way the parcel was, as far as codes and countries say it for certain: the same code is used at both ends,
    /// so without a country it places an event on no leg.
    /// </summary>
    private sealed class Route
    {
        private readonly string? _from;
        private readonly string? _to;
        private readonly DateTimeOffset _landed;
        private readonly DateTimeOffset _released;

        public Route(SeventeenTrackParcel parcel, IEnumerable<SeventeenTrackEvent> events, DateTimeOffset askedAt)
        {
            (_from, _to) = (parcel.OriginCountry, parcel.DestinationCountry);
            var there = events
                .Where(IsThere)
                .Select(e => (e.Code, SeventeenTrackTime.Of(e, askedAt)?.At))
                .Where(e => e.At is not null)
                .ToList();
            _landed = there.Min(e => e.At) ?? DateTimeOffset.MaxValue;
            _released =
                there.Where(e => e.Code == "INTRANSIT_CUSTOMSRELEASED").Min(e => e.At) ?? DateTimeOffset.MaxValue;
        }

        public Leg? LegOf(SeventeenTrackEvent e, ParcelStatus status, DateTimeOffset at) =>
            status switch
            {
                ParcelStatus.InfoReceived => Leg.Label,
                ParcelStatus.OutForDelivery
                or ParcelStatus.AvailableForPickup
                or ParcelStatus.AttemptFailed
                or ParcelStatus.Delivered => Leg.PickupPoint,
                ParcelStatus.Customs => IsThere(e) ? Leg.ImportCustoms
                : IsHome(e) ? Leg.Origin
                : null,
                ParcelStatus.InTransit => e.Code switch
                {
                    "INTRANSIT_PICKEDUP" or SeventeenTrackCodes.PickedUp when at < _landed => Leg.Origin,
                    "INTRANSIT_CUSTOMSRELEASED" => IsThere(e) ? Leg.Handover
                    : IsHome(e) ? Leg.Origin
                    : null,
                    "INTRANSIT_DEPARTURE" or SeventeenTrackCodes.Departure when at < _landed => Leg.LineHaul,
                    "INTRANSIT_ARRIVAL" or SeventeenTrackCodes.Arrival when IsThere(e) => at == _landed
                        ? Leg.ImportCustoms
                        : AfterRelease(at),
                    _ when IsThere(e) => AfterRelease(at),
                    _ => null,
                },
                _ => null,
            };

        private Leg? AfterRelease(DateTimeOffset at) => at > _released ? Leg.LastMile : null;

        private bool IsThere(SeventeenTrackEvent e) => _to is not null && _to != _from && e.Country == _to;

        private bool IsHome(SeventeenTrackEvent e) => _from is not null && _to != _from && e.Country == _from;
    }
}
