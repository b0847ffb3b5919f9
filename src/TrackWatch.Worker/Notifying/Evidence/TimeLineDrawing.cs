using TrackWatch.Domain;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>Lays a parcel's life out along a line, from its first event or question to the day of the record.</summary>
internal static class TimeLineDrawing
{
    private const int MostDates = 7;

    /// <summary>A silence narrower than this, as a part of the width, has no room for its length.</summary>
    private const double Writable = 0.07;

    /// <param name="parcel">Has at least one event.</param>
    public static TimeLine Of(ParcelRecord parcel, TimeZoneInfo zone, DateTimeOffset asOf, Words words)
    {
        var moments = parcel.Events.Select(e => e.Event.At).Concat(parcel.Polls.Polls.Select(p => p.At)).ToList();
        var from = Days.StartOf(Days.In(zone, moments.Min()), zone);
        var to = Days.StartOf(Days.In(zone, moments.Append(asOf).Max()).AddDays(1), zone);

        return new TimeLine(
            Say("picture-told", Number().With("from", Days.In(zone, from)).With("to", Days.In(zone, asOf))),
            Say("row-parcel"),
            Say("row-asked"),
            [.. Dates()],
            [.. parcel.Events.Select(e => new TimeSpot(Place(e.Event.At), e.IsProgress))],
            [
                .. parcel.LongSilences.Select(s =>
                {
                    var (start, end) = (Place(s.After.At), Place(s.Until));
                    return new TimeBar(start, end, end - start < Writable ? "" : Say("days", Count(s.Days)));
                }),
            ],
            [
                .. parcel
                    .Polls.Polls.GroupBy(p => Days.In(zone, p.At))
                    .Select(day => new TimeSpot(Place(day.First().At), day.Any(p => p.Outcome.IsAnswer()))),
            ],
            new TimeLegend(
                Say("progress"),
                Say("other-line"),
                Say("silence", Count(ParcelRecord.ShownSilence)),
                Say("answered"),
                Say("no-answer")
            )
        );

        double Place(DateTimeOffset at) => Math.Clamp((at - from) / (to - from), 0, 1);

        IEnumerable<TimeMark> Dates()
        {
            var (first, days) = (Days.In(zone, from), Days.In(zone, to).DayNumber - Days.In(zone, from).DayNumber);
            var step = Math.Max(1, (int)Math.Ceiling(days / (double)MostDates));
            for (var day = 0; day < days; day += step)
                yield return new TimeMark(
                    Place(Days.StartOf(first.AddDays(day), zone)),
                    words.Day(first.AddDays(day), "short")
                );
        }

        Values Number() => new() { { "tracking_no", new ForeignText(parcel.Row.Number, ForeignText.NameLimit) } };

        string Say(string key, Values? values = null) => words.Say($"evidence.{key}", values ?? Values.None);

        static Values Count(int n) => new() { { "n", n } };
    }
}
