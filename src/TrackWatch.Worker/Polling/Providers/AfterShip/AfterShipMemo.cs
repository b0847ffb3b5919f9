using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.AfterShip;

/// <summary>What is remembered of a number: which tracking is ours, and whether its one retrack is spent.</summary>
internal sealed record AfterShipMemo(string Id, bool Retracked = false)
{
    private const string Spent = "retracked";

    /// <summary>Null for none, and for one that nobody here has written.</summary>
    public static AfterShipMemo? Of(string? memo) =>
        memo?.Split(' ') switch
        {
            [var id] when Words.IsId(id) => new(id),
            [var id, Spent] when Words.IsId(id) => new(id, Retracked: true),
            _ => null,
        };

    public override string ToString() => Retracked ? $"{Id} {Spent}" : Id;
}
