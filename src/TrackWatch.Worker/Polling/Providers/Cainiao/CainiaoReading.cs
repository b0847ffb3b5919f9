using System.Text.Json;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

/// <summary>What one entry of a reply says. Pure: the same entry, fetched at the same time, reads the same.</summary>
internal static partial class CainiaoReading
{
    /// <summary>What stands where nothing is to be said; such an event with a code nobody knows is no sign of movement.</summary>
    private const string Filler = "Carrier update";

    public static SourceReading Of(ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        try
        {
            using var json = JsonDocument.Parse(entry);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Of(new CainiaoParcel(json.RootElement), askedAt)
                : SourceReading.Failed("The entry is no object.");
        }
        catch (JsonException)
        {
            return SourceReading.Failed("The entry cannot be read.");
        }
    }

    private static SourceReading Of(CainiaoParcel parcel, DateTimeOffset askedAt)
    {
        var traces = parcel.Traces.ToList();
        if (traces.Count == 0 && parcel.LatestTrace is { } latest)
            traces.Add(latest);

        var lines = traces.Select(Line.Of).OfType<Line>().ToList();
        var unreadable = traces.Count - lines.Count;
        var token = parcel.Status;
        var knownToAliExpress = string.Equals(parcel.Source, "AE", StringComparison.OrdinalIgnoreCase);
        if (lines.Count == 0 && unreadable > 0)
            return new(new PollOutcome.Failed("None of the events carries a time that can be read."), [], unreadable);
        if (lines.Count == 0 && token is null && !knownToAliExpress)
            return new(PollOutcome.NotFound.Instance);

        using var raw = new CainiaoRaw();
        var journey = new Journey(lines, raw);
        var events = lines
            .Select(line => journey.Event(line, askedAt))
            .DistinctBy(e => (e.Code, e.TimeAsSent, e.Place, e.Text))
            .ToList();
        var newest = History.NewestFirst(events).FirstOrDefault(e => e.Weight != EventWeight.Advisory);
        var summary = CainiaoCodes.OfToken(token, newest?.Code);

        var unknown = lines.Where(line => line.Code.Length > 0 && line.Meaning is null).Select(line => line.Code);
        if (token is not null && summary is null && !token.Equals("CLEAR_CUSTOMS", StringComparison.OrdinalIgnoreCase))
            unknown = unknown.Append($"status {CainiaoCodes.Normal(token)}");

        return new(
            new PollOutcome.Ok(
                new ParcelReading(
                    events,
                    new ParcelSummary
                    {
                        Status = summary ?? (events.Count == 0 && knownToAliExpress ? ParcelStatus.InfoReceived : null),
                        OriginCountry = Country(parcel.OriginCountry),
                        DestinationCountry = Country(parcel.DestinationCountry),
                        EndsAtHandover = string.Equals(parcel.MailType, "Economy", StringComparison.OrdinalIgnoreCase),
                        LastMileNumber = LastMileNumber(parcel),
                        LastMileCarrier = parcel.LastMileCarrier,
                        LastMilePhone = parcel.LastMilePhone,
                        LastMileSite = parcel.LastMileSite,
                        ExpectedBy = parcel.DeliveryMaxTime,
                    }
                )
            ),
            [.. unknown.Distinct()],
            unreadable
        );
    }

    /// <summary>"France,Town" is France.</summary>
    private static string? Country(string? name) =>
        name?.Split(',')[0].Trim() is { Length: > 0 } country ? country : null;

    private static string? LastMileNumber(CainiaoParcel parcel) =>
        parcel.CopyRealMailNo is { } own && TrackingNumber.TryParse(own, out var number) ? number.Value
        : parcel.RealMailNo is { } prose && NumberInProse().Match(prose) is { Success: true } match ? match.Value
        : null;

    [GeneratedRegex("(?<![A-Za-z0-9])(?=[A-Z]*[0-9])[A-Z0-9]{8,30}(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex NumberInProse();

    /// <summary>An event whose time can be read, with what its code says by itself.</summary>
    private readonly record struct Line(
        CainiaoTrace Trace,
        string Code,
        CainiaoCode? Meaning,
        (DateTime Wall, string AsSent) Time
    )
    {
        public static Line? Of(CainiaoTrace trace)
        {
            if (CainiaoTime.WallOf(trace) is not { } time)
                return null;
            var code = CainiaoCodes.Normal(trace.ActionCode);
            return new Line(trace, code, CainiaoCodes.Meaning(code), time);
        }
    }

    /// <summary>
    /// What the codes say in each other's company. "Below it" in Cainiao's newest-first list is "no later than it" here,
    /// because the order within one second is not logical.
    /// </summary>
    private sealed class Journey(List<Line> lines, CainiaoRaw raw)
    {
        private readonly DateTime _leftWarehouse = First(lines, line => line.Code == "GWMS_OUTBOUND");
        private readonly DateTime _scanned = First(
            lines,
            line => line.Meaning is { Weight: EventWeight.Full } code && code.Status.IsScanned()
        );
        private readonly DateTime _departed = First(
            lines,
            line =>
                line.Code is "LH_DEPART" or "LH_ARRIVE" or "CC_HO_IN_SUCCESS"
                || (line.Code.StartsWith("GTMS_", StringComparison.Ordinal) && line.Code != "GTMS_ASN")
        );
        private readonly DateTime _landed = First(
            lines,
            line =>
                line.Code is "LH_ARRIVE" or "CC_HO_IN_SUCCESS" or "CC_HO_OUT_SUCCESS" or "LH_HO_OUT_SUCCESS"
                || line.Meaning?.Leg >= Leg.LastMile
        );

        public ReportedEvent Event(Line line, DateTimeOffset askedAt)
        {
            var code = InContext(line);
            var destinationSide = code.Leg >= Leg.ImportCustoms || (code.Leg is null && _landed <= line.Time.Wall);
            var time = CainiaoTime.Of(line.Trace, line.Time, destinationSide, askedAt);
            var standard = line.Trace.StanderdDesc;
            return new ReportedEvent
            {
                Code = line.Code,
                TimeAsSent = time.AsSent,
                Wall = time.Wall,
                Offset = time.Offset,
                At = time.At,
                Quality = time.Quality,
                Status = code.Status,
                Leg = code.Leg,
                Place = Place(standard),
                Text = standard ?? line.Trace.Desc ?? "",
                Weight = code.Weight,
                ActionNeeded = code.ActionNeeded,
                CustomsTrouble = code.CustomsTrouble,
                Raw = raw.Of(line.Trace),
            };
        }

        private CainiaoCode InContext(Line line)
        {
            var wall = line.Time.Wall;
            if (line.Meaning is not { } code)
                return line.Trace.StanderdDesc == Filler
                    ? new(ParcelStatus.Unknown, null, EventWeight.Advisory)
                    : new(CainiaoCodes.OfGroup(line.Trace.GroupNode, line.Code) ?? ParcelStatus.Unknown, null);
            return line.Code switch
            {
                // Papers may be sent ahead while the parcel still lies in the origin's sorting centre (1.10).
                "CC_IM_START" when _departed > wall => code with { Weight = EventWeight.Advisory, Leg = null },
                "CC_IM_SUCCESS" when _departed > wall => code with { Leg = null },
                // The same words serve both customs offices.
                "CUS_SUCCESS" when _departed > wall => code with { Leg = Leg.Origin },
                _ when code.Leg == Leg.ImportCustoms && IsEitherSide(line.Code) && _departed > wall => code with
                {
                    Leg = Leg.Origin,
                },
                "GTMS_OE_DEPART" when _landed <= wall => code with { Leg = Leg.LastMile },
                // A late word of the warehouse, and the next carrier being told, move nothing.
                "WMS_CONFIRMED" when _leftWarehouse <= wall => code with { Weight = EventWeight.Advisory },
                "GTMS_ASN" when _scanned <= wall => code with { Weight = EventWeight.Advisory, Leg = null },
                _ => code,
            };
        }

        private static bool IsEitherSide(string code) =>
            code.StartsWith("CUS_", StringComparison.Ordinal) || code.StartsWith("CIQ_", StringComparison.Ordinal);

        private static DateTime First(List<Line> lines, Func<Line, bool> which) =>
            lines.Where(which).Select(line => line.Time.Wall).DefaultIfEmpty(DateTime.MaxValue).Min();

        /// <summary>A leading <c>[…]</c> is the only place Cainiao gives.</summary>
        private static string? Place(string? text) =>
            text is ['[', ..] && text.IndexOf(']', StringComparison.Ordinal) is > 1 and var end
                ? text[1..end].Trim() is { Length: > 0 } place
                    ? place
                    : null
                : null;
    }
}
