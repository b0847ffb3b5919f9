namespace TrackWatch.Domain.Rules;

/// <summary>The business days of a country.</summary>
/// <param name="Country">ISO 3166.</param>
/// <param name="Weekend">Days of the week on which nobody works.</param>
/// <param name="Holidays">Public holidays.</param>
/// <param name="KnownUntil">The last day for which holidays are listed; later ones are reckoned by the week alone.</param>
public sealed record WorkCalendar(
    string Country,
    IReadOnlySet<DayOfWeek> Weekend,
    IReadOnlySet<DateOnly> Holidays,
    DateOnly KnownUntil
)
{
    /// <summary>Monday to Friday without holidays, where nothing is known of the country.</summary>
    public static readonly WorkCalendar Unknown = new(
        "",
        new HashSet<DayOfWeek> { DayOfWeek.Saturday, DayOfWeek.Sunday },
        new HashSet<DateOnly>(),
        DateOnly.MaxValue
    );

    public bool IsBusinessDay(DateOnly day) => !Weekend.Contains(day.DayOfWeek) && !Holidays.Contains(day);

    /// <summary>The day that lies so many business days after (or, negative, before) another; that day itself is not counted.</summary>
    public DateOnly Add(DateOnly day, int businessDays)
    {
        var step = Math.Sign(businessDays);
        for (var left = Math.Abs(businessDays); left > 0; )
        {
            day = day.AddDays(step);
            if (IsBusinessDay(day))
                left--;
        }
        return day;
    }
}
