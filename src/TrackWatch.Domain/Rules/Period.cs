namespace TrackWatch.Domain.Rules;

public enum PeriodUnit
{
    CalendarDays,

    /// <summary>Days on which banks and offices work in the country that the rule belongs to.</summary>
    BusinessDays,
    Hours,
    Months,
    Years,
}

/// <summary>A length of time as a rule states it; negative = before its clock.</summary>
public readonly record struct Period(int Value, PeriodUnit Unit);
