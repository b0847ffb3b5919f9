using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.TrackingMore;

/// <summary>What one entry of an answer says. Pure: the same entry, fetched at the same time, reads the same.</summary>
internal static class TrackingMoreReading
{
    /// <summary>What may say something of the person (facts.md 5): the way of a parcel is told without it.</summary>
    private static readonly IReadOnlySet<string> Personal = PersonalFields.Of(
        "customer_name",
        "customer_email",
        "customer_sms",
        "customer_phone",
        "signed_by",
        "title",
        "note",
        "order_number",
        "order_date",
        "tracking_postal_code",
        "destination_state",
        "destination_city",
        "recipient_postcode",
        "zip",
        "reference_number"
    );

    public static string Keep(ReadOnlyMemory<byte> entry) => PersonalFields.Without(entry, Personal);

    public static SourceReading Of(ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        SourceReading.Of(entry, json => Of(new TrackingMoreParcel(json), askedAt));

    private static SourceReading Of(TrackingMoreParcel parcel, DateTimeOffset askedAt)
    {
        if (parcel.Error is { } error)
            return new(TrackingMoreRefusal.OfNumber(error, parcel.ErrorMessage));

        var (events, unreadable) = Events(parcel, askedAt);
        if (events.Count == 0 && unreadable > 0)
            return new(new PollOutcome.Failed("None of the events carries a time that can be read."), [], unreadable);
        var summary = TrackingMoreCodes.Meaning(parcel.SubStatus) ?? TrackingMoreCodes.Meaning(parcel.Status);
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
                        LastMileNumber = TrackingNumber.TryParse(parcel.DestinationNumber, out var local)
                            ? local.Value
                            : null,
                        LastMileCarrier = parcel.DestinationCourier,
                        LastMilePhone = parcel.DestinationPhone,
                        LastMileSite = parcel.DestinationSite,
                        // A promise may lie in the future.
                        ExpectedBy = SourceTime.Of(parcel.ExpectedOn, DateTimeOffset.MaxValue.AddYears(-1))?.At,
                    }
                )
            ),
            [
                .. events
                    .Select(e => e.Code)
                    .Append(parcel.SubStatus)
                    .Append(parcel.Status)
                    .Where(code => code.Length > 0 && TrackingMoreCodes.Meaning(code) is null)
                    .Distinct(),
            ],
            unreadable
        );
    }

    /// <summary>Both couriers' histories as one, newest first. A scan that both tell is kept once, in the words of the one who holds the parcel.</summary>
    private static (IReadOnlyList<ReportedEvent> Events, int Unreadable) Events(
        TrackingMoreParcel parcel,
        DateTimeOffset askedAt
    )
    {
        var histories = parcel.Histories.Select(history => history.ToList()).ToList();
        var landed = histories
            .SelectMany(history => history)
            .Where(e => e.Code == TrackingMoreCodes.Landed)
            .Min(e => SourceTime.Of(e.Date, askedAt)?.Wall);
        var events = new List<ReportedEvent>();
        var unreadable = 0;
        foreach (var history in histories)
        {
            var told = events.Select(e => (e.Code, e.TimeAsSent)).ToHashSet();
            var own = history.Select(e => Event(e, landed, askedAt)).ToList();
            unreadable += own.Count(e => e is null);
            events.AddRange(
                own.OfType<ReportedEvent>()
                    .DistinctBy(e => (e.Code, e.TimeAsSent, e.Place, e.Text))
                    .Where(e => !told.Contains((e.Code, e.TimeAsSent)))
            );
        }
        return (History.NewestFirst(events), unreadable);
    }

    /// <param name="landed">Wall time of the arrival in the destination country; null = not told.</param>
    private static ReportedEvent? Event(TrackingMoreEvent e, DateTime? landed, DateTimeOffset askedAt)
    {
        if (SourceTime.Of(e.Date, askedAt) is not { } time)
            return null;
        var meaning = TrackingMoreCodes.Meaning(e.Code) ?? new(ParcelStatus.Unknown);
        return new ReportedEvent
        {
            Code = e.Code,
            TimeAsSent = time.AsSent,
            Wall = time.Wall,
            Offset = time.Offset,
            At = time.At,
            Quality = time.Quality,
            Status = meaning.Status,
            // Export is cleared under the same code.
            Leg = e.Code == TrackingMoreCodes.Cleared && landed <= time.Wall ? Leg.Handover : meaning.Leg,
            Place = e.Location,
            Text = PersonalFields.Unsigned(e.Detail) ?? "",
            CustomsTrouble = meaning.CustomsTrouble,
            Raw = PersonalFields.Without(e.Json, Personal),
        };
    }
}
