namespace TrackWatch.Domain.Registering.Replying;

/// <summary>An answer by mail, as the next digest tells of it.</summary>
/// <param name="Order">Null = none was meant for sure.</param>
/// <param name="Item">What the order is called; null = it has no name.</param>
/// <param name="Words">The command as it was written: foreign text, bounded.</param>
/// <param name="Trouble">Why nothing was done; null = it was done.</param>
/// <param name="Fact">What was told, or taken back.</param>
/// <param name="RunningOn">Last days of the order that nobody will be warned of any more, soonest first.</param>
public sealed record HeardReply(
    DateTimeOffset At,
    string? Order,
    string? Item,
    string Words,
    ReplyTrouble? Trouble,
    Fact? Fact,
    bool TakenBack,
    IReadOnlyList<DateOnly> RunningOn
)
{
    /// <summary>What to call the order; null = none was meant for sure.</summary>
    public string? Thing => Item ?? Order;
}
