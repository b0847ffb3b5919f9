using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Registering;

/// <summary>The facts of one order as they stand: the newest telling of each, whoever told it.</summary>
public sealed class OrderFacts
{
    public static readonly OrderFacts None = new([]);

    private readonly Dictionary<string, ToldFact> newest;

    private OrderFacts(IEnumerable<ToldFact> told) =>
        newest = told.GroupBy(t => t.Fact.Key).ToDictionary(g => g.Key, g => g.MaxBy(t => t.ToldAt)!);

    /// <summary>Unites what file, commands and mails told; facts that were undone are left out by the caller.</summary>
    public static OrderFacts Unite(IEnumerable<ToldFact> told) => new(told);

    public IEnumerable<ToldFact> All => newest.Values.OrderBy(t => t.ToldAt);

    public Fact.ProtectionEnds? Protection => Find<Fact.ProtectionEnds>()?.Fact as Fact.ProtectionEnds;
    public Fact.CustomsHold? CustomsHold => Find<Fact.CustomsHold>()?.Fact as Fact.CustomsHold;
    public Fact.Snoozed? Snoozed => Find<Fact.Snoozed>()?.Fact as Fact.Snoozed;
    public Fact.Closed? Closed => Find<Fact.Closed>()?.Fact as Fact.Closed;

    /// <summary>The buyer closed the order or has the money back: nothing is left to advise.</summary>
    public bool AreFinal => Closed is not null || Find<Fact.RefundReceived>() is not null;

    /// <summary>False where this person, or whoever told it for all, wants no mail of the order.</summary>
    public bool AreMailedTo(string person) =>
        new[] { Fact.Mails.KeyOf(null), Fact.Mails.KeyOf(person) }
            .Select(key => newest.GetValueOrDefault(key))
            .OfType<ToldFact>()
            .MaxBy(t => t.ToldAt)
            is not { Fact: Fact.Mails { Wanted: false } };

    /// <summary>The newest fact of a kind with its origin; null where nobody told one.</summary>
    public ToldFact? Find<T>()
        where T : Fact => newest.Values.SingleOrDefault(t => t.Fact is T);

    /// <summary>When a step was marked done; null where it was not.</summary>
    public ToldFact? Done(Step step) => newest.GetValueOrDefault(new Fact.StepDone(step).Key);
}
