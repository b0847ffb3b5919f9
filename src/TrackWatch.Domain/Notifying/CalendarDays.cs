using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Notifying;

/// <summary>A last day of an order as a calendar shows it.</summary>
/// <param name="Name">Which one: the second part of its warnings' instances.</param>
/// <param name="Warning">What would be told on the day.</param>
public sealed record CalendarDay(string Order, string Name, DateOnly Day, NoticeDraft Warning);

/// <summary>What a person's calendar was last given for one last day.</summary>
/// <param name="Sequence">Grows with every change.</param>
/// <param name="Stamp">When it changed.</param>
/// <param name="Cancelled">The day does not apply any more.</param>
public sealed record CalendarEvent(
    string Order,
    string Name,
    DateOnly Day,
    int Sequence,
    DateTimeOffset Stamp,
    bool Cancelled = false
);

/// <summary>Which last days belong into a calendar, and what a calendar that was given some has to learn.</summary>
public static class CalendarDays
{
    /// <summary>
    /// The last days that would be warned of if the parcels stay silent and nothing is done: each is looked at on its own
    /// last safe day, so that the calendar names what the mails will.
    /// </summary>
    public static IReadOnlyList<CalendarDay> Ahead(OrderSnapshot order, DateTimeOffset now)
    {
        var today = Days.In(order.Zone, now);
        var days = Ladder
            .Decide(order, now)
            .Deadlines.SelectMany(d => new[] { d.LastSafeDay, d.LastDay })
            .Append(today)
            .Where(day => day >= today)
            .Distinct()
            .Order();
        var warnings =
            from day in days
            let start = Days.StartOf(day, order.Zone)
            let at = start > now ? start : now
            from notice in Ladder.Decide(Ladder.SilentUntil(order, at), at).Notices
            where notice.Kind == NoticeKind.Deadline
            let last = notice.DoBy ?? notice.Reason.Date
            where last >= today
            // What is warned of on the printed day itself was in the calendar on its last safe one.
            select new CalendarDay(order.Order.Id, NameOf(notice), last.Value, notice);
        return [.. warnings.DistinctBy(w => w.Name)];
    }

    /// <summary>Whether a mail with this notice tells the day.</summary>
    public static bool IsToldBy(NoticeDraft notice, CalendarDay day) =>
        notice.Kind == NoticeKind.Deadline ? NameOf(notice) == day.Name : notice.DoBy == day.Day;

    /// <summary>What a calendar is given now: the days that are told, and what has changed about those it was given before.</summary>
    /// <param name="given">What it holds, by <see cref="CalendarEvent.Order"/> and <see cref="CalendarEvent.Name"/>.</param>
    /// <param name="ahead">The last days of all of the person's orders.</param>
    /// <param name="changeOf">How often what decides an order's days was changed so far, and when a change of today counts from.</param>
    /// <param name="today">Of what is over nothing is said any more.</param>
    public static IReadOnlyList<CalendarEvent> Changes(
        IEnumerable<CalendarEvent> given,
        IEnumerable<CalendarDay> ahead,
        Func<CalendarDay, bool> isTold,
        Func<string, (int Count, DateTimeOffset At)> changeOf,
        DateOnly today
    )
    {
        var coming = ahead.ToDictionary(d => (d.Order, d.Name));
        var events = new List<CalendarEvent>();
        foreach (var old in given)
        {
            coming.Remove((old.Order, old.Name), out var day);
            var isSame = !old.Cancelled && day?.Day == old.Day;
            if (day is null ? !old.Cancelled && old.Day >= today : !isSame && (!old.Cancelled || isTold(day)))
                events.Add(
                    old with
                    {
                        Day = day?.Day ?? old.Day,
                        Sequence = Math.Max(old.Sequence + 1, changeOf(old.Order).Count),
                        Stamp = changeOf(old.Order).At,
                        Cancelled = day is null,
                    }
                );
            else if (isSame && isTold(day!))
                events.Add(old);
        }
        events.AddRange(
            from day in coming.Values.Where(isTold)
            let change = changeOf(day.Order)
            select new CalendarEvent(day.Order, day.Name, day.Day, change.Count, change.At)
        );
        return
        [
            .. events
                .OrderBy(e => e.Day)
                .ThenBy(e => e.Order, StringComparer.Ordinal)
                .ThenBy(e => e.Name, StringComparer.Ordinal),
        ];
    }

    private static string NameOf(NoticeDraft deadline) => deadline.Instance.Split('/')[1];
}
