using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>The day of a clock event for one order.</summary>
/// <param name="Assumed">Another day stands in for it, or it was reckoned.</param>
/// <param name="SharpenedBy">The key of the orders file that would say it; null = it is said.</param>
/// <param name="IsReckoned">A rule's default: whatever was stated, or has a stand-in, goes before it.</param>
/// <param name="Period">How a default was reckoned; null = it was not, or another day was taken as it is.</param>
internal sealed record KnownDay(
    DateOnly Day,
    IReadOnlyList<Ground> From,
    bool Assumed = false,
    string? SharpenedBy = null,
    bool IsReckoned = false,
    Period? Period = null
)
{
    public static KnownDay Of(string fact, DateOnly day, GroundOrigin origin = GroundOrigin.OrderFile) =>
        new(day, [new Ground(fact, day, origin)]);

    /// <summary>Stands in for a day that the orders file could say.</summary>
    public KnownDay For(string key) => this with { Assumed = true, SharpenedBy = key };
}
