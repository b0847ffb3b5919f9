using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising;

/// <summary>Something that others owe the buyer by a day.</summary>
/// <param name="Why">One of the waiting reasons, with its day.</param>
/// <param name="Rule">Id of the rule that gives the day; null = our own default, where no pack knows the marketplace or bank.</param>
public sealed record Awaited(Reason Why, string? Rule);

/// <summary>How long others have before silence is an answer: by the order's rules, else by defaults of our own.</summary>
internal sealed class Waits(OrderDays dates)
{
    private const int SellerDays = 5;
    private const int DecisionDays = 30;

    /// <summary>20 business days.</summary>
    private const int RefundDays = 28;

    private const int BankDays = 60;

    public DateOnly Seller(DateOnly asked) => By(DayRole.SellerAnswer) ?? asked.AddDays(SellerDays);

    public DateOnly DisputeAnswer(DateOnly opened) => By(DayRole.DisputeAnswer) ?? opened.AddDays(SellerDays);

    public DateOnly Decision(DateOnly opened) => By(DayRole.DisputeDecision) ?? opened.AddDays(DecisionDays);

    public DateOnly RefundLate(DateOnly agreed) => By(DayRole.RefundLate) ?? agreed.AddDays(RefundDays);

    public DateOnly BankAnswer(DateOnly asked) => By(DayRole.BankAnswer) ?? asked.AddDays(BankDays);

    /// <summary>What is still awaited, soonest first; what is overdue is a cause of the ladder.</summary>
    public IReadOnlyList<Awaited> Of(Case c)
    {
        var awaited = new List<Awaited>();
        if (c.RefundAgreedOn is { } agreed)
            Add(ReasonCode.RefundBy, DayRole.RefundLate, RefundLate(agreed));
        else if (c.DisputePendingSince is { } opened)
        {
            Add(ReasonCode.SellerAnswersBy, DayRole.DisputeAnswer, DisputeAnswer(opened));
            Add(ReasonCode.DecisionBy, DayRole.DisputeDecision, Decision(opened));
        }
        else if (!c.PlatformWasAsked && c.SellerAskedOn is { } asked && c.IsInTrouble)
            Add(ReasonCode.SellerAnswersBy, DayRole.SellerAnswer, Seller(asked));
        if (c.DoneOn(Step.Chargeback) is { } bank && !c.IsDone(Step.ConsumerBody))
            Add(ReasonCode.BankAnswersBy, DayRole.BankAnswer, BankAnswer(bank));
        return [.. awaited.OrderBy(a => a.Why.Date)];

        void Add(ReasonCode code, DayRole role, DateOnly by)
        {
            if (c.Today < by)
                awaited.Add(new Awaited(new Reason(code, Date: by), dates.Of(role)?.Rule.Id));
        }
    }

    private DateOnly? By(DayRole role) => dates.Of(role)?.LastDay;
}
