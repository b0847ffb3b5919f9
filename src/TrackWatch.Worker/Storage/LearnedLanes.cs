using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Assessing;

namespace TrackWatch.Worker.Storage;

/// <summary>Reads what was learned of lanes.</summary>
internal static class LearnedLanes
{
    /// <param name="lanes">Null = all that are known.</param>
    /// <param name="learnAfter">So many legs it takes; 0 = nothing is learned.</param>
    /// <returns>Lanes of which enough is known.</returns>
    public static async Task<IReadOnlyDictionary<Lane, LearnedGap>> LoadAsync(
        TrackWatchDb db,
        IReadOnlyCollection<Lane>? lanes,
        int learnAfter,
        CancellationToken ct
    )
    {
        if (learnAfter == 0 || lanes is { Count: 0 })
            return new Dictionary<Lane, LearnedGap>();
        var origins = lanes?.Select(l => l.Origin).Distinct().ToList();
        var destinations = lanes?.Select(l => l.Destination).Distinct().ToList();
        // A few more lanes than were asked for cost less than a join with a list of rows.
        var rows = await db
            .LearnedLanes.Where(l =>
                origins == null || (origins.Contains(l.Origin) && destinations!.Contains(l.Destination))
            )
            .ToListAsync(ct);
        return rows.GroupBy(r => new Lane(r.Origin, r.Destination, r.Service, r.Leg))
            .Select(lane =>
                (lane.Key, Gap: LearnedLimits.Of(lane.Select(r => KeyValuePair.Create(r.Days, r.Legs)), learnAfter))
            )
            .Where(lane => lane.Gap is not null)
            .ToDictionary(lane => lane.Key, lane => lane.Gap!);
    }
}
