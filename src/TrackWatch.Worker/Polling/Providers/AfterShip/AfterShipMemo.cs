namespace TrackWatch.Worker.Polling.Providers.AfterShip;

/// <summary>What is remembered of a number: which tracking is ours, and whether its one retrack is spent.</summary>
internal sealed record AfterShipMemo(string Id, bool Retracked = false)
{
    private const string Spent = "retracked";

    /// <summary>Null for none, and for one that nobody here has written.</summary>
    public static AfterShipMemo? Of(string? memo) =>
        memo?.Split(' ') switch
        {
            [var id] when IsId(id) => new(id),
            [var id, Spent] when IsId(id) => new(id, Retracked: true),
            _ => null,
        };

    /// <summary>An id comes from outside and goes into an address.</summary>
    public static bool IsId(string? id) =>
        id is { Length: > 0 and <= 64 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public override string ToString() => Retracked ? $"{Id} {Spent}" : Id;
}
