using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>Arithmetic of last days.</summary>
internal static class LastDays
{
    private const int HoursOfDay = 24;

    /// <summary>The day a period away. Months and years end at the month's end; hours become whole days on the safe side.</summary>
    /// <param name="opens">The day is the first one for something: the safe side is the later one.</param>
    public static DateOnly From(this Period period, DateOnly day, WorkCalendar calendar, bool opens = false) =>
        period.Unit switch
        {
            PeriodUnit.CalendarDays => day.AddDays(period.Value),
            PeriodUnit.BusinessDays => calendar.Add(day, period.Value),
            PeriodUnit.Hours => day.AddDays(
                (int)(
                    opens
                        ? Math.Ceiling((decimal)period.Value / HoursOfDay)
                        : Math.Floor((decimal)period.Value / HoursOfDay)
                )
            ),
            PeriodUnit.Months => day.AddMonths(period.Value),
            PeriodUnit.Years => day.AddYears(period.Value),
            _ => throw new ArgumentOutOfRangeException(nameof(period), period, "no such unit"),
        };

    /// <summary>The last whole day in a person's zone before a foreign day ends; never the printed day itself.</summary>
    public static DateOnly Safe(DateOnly printed, TimeZoneInfo printedIn, TimeZoneInfo zone)
    {
        var before = Days.In(zone, Days.StartOf(printed.AddDays(1), printedIn)).AddDays(-1);
        return before < printed ? before : printed.AddDays(-1);
    }

    /// <summary>Of an IANA name; Pacific winter time where the machine has no zone data, for no other zone is printed yet.</summary>
    public static TimeZoneInfo Zone(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : TimeZoneInfo.CreateCustomTimeZone("Pacific", TimeSpan.FromHours(-8), "Pacific", "Pacific");
}
