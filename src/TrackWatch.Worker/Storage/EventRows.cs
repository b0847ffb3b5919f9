using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Storage;

/// <summary>Stored events as decisions look at them.</summary>
internal static class EventRows
{
    /// <param name="newest">The wording that stands instead of the first one; null = none does.</param>
    public static ReportedEvent AsReported(this TrackingEventRow row, EventTextRow? newest = null) =>
        new()
        {
            Source = new SourceKey(row.Provider, row.Number),
            Code = row.Code,
            TimeAsSent = row.TimeAsSent,
            Wall = row.Wall,
            Offset = row.OffsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            At = row.At,
            Quality = row.Quality,
            Status = row.Status,
            Leg = row.Leg,
            Place = newest is null ? row.Place : newest.Place ?? row.Place,
            Text = newest?.Text ?? row.Text,
            Weight = row.Weight,
            ActionNeeded = row.ActionNeeded,
            CustomsTrouble = row.CustomsTrouble,
            Raw = row.Raw,
        };
}
