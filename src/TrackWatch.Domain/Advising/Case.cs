using System.Globalization;
using TrackWatch.Domain.Advising.Causes;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising;

/// <summary>One order at one moment: what causes, warnings and news are judged by.</summary>
internal sealed class Case
{
    private readonly OrderSnapshot snapshot;

    public Case(OrderSnapshot snapshot, ApplicableRules rules, DateTimeOffset now)
    {
        this.snapshot = snapshot;
        Now = now;
        Today = Days.In(snapshot.Zone, now);
        Doubts = [.. snapshot.Shipments.SelectMany(s => Plausibility.Of(Order, s, snapshot.Zone))];
        Shipments = [.. snapshot.Shipments.Select(s => Plausibility.SetAside(Order, s, snapshot.Zone))];
        Assessments =
        [
            .. Shipments
                .Select(Assess)
                .OfType<Assessment>()
                .OrderByDescending(a => a.Level)
                .ThenByDescending(a => a.SilentDays),
        ];
        Dates = new OrderDays(snapshot with { Shipments = Shipments }, rules, now);
        Waits = new Waits(Dates);
        Window = DisputeWindow.Of(Dates);

        Assessment? Assess(ShipmentView shipment) =>
            StallAssessor.Assess(
                Order,
                Facts,
                shipment,
                snapshot.OpenStalls.FirstOrDefault(o => o.ShipmentId == shipment.Id),
                snapshot.Rules.Stalls,
                snapshot.DefaultLimits,
                snapshot.Zone,
                now
            );
    }

    public DateTimeOffset Now { get; }
    public DateOnly Today { get; }

    /// <summary>Worst first.</summary>
    public IReadOnlyList<Assessment> Assessments { get; }

    /// <summary>What rules and facts come to in days.</summary>
    public OrderDays Dates { get; }
    public Waits Waits { get; }
    public DisputeWindow? Window { get; }

    /// <summary>What does not fit about the numbers, worst first.</summary>
    public IReadOnlyList<Doubt> Doubts { get; }

    /// <summary>Without the histories of other people's parcels.</summary>
    public IReadOnlyList<ShipmentView> Shipments { get; }

    public Order Order => snapshot.Order;
    public Person Buyer => snapshot.Buyer;
    public Reminding Reminding => snapshot.Reminding;
    public OrderFacts Facts => snapshot.Facts;
    public IReadOnlyDictionary<string, DateTimeOffset> Advised => snapshot.Advised;

    /// <summary>The silence that somebody has to answer for: one at a pick-up point is the buyer's.</summary>
    public Assessment? Worst => Assessments.FirstOrDefault(a => a.Shipment.Status != ParcelStatus.AvailableForPickup);

    public bool IsStalled => Worst is { Level: >= StallLevel.Stalled };
    public bool IsSnoozed => Facts.Snoozed is { } snoozed && Today <= snoozed.Until;
    public bool PromisePassed => Today > Order.PromisedBy && !WaitsAtPickup;
    public ToldFact? Missing => Facts.Find<Fact.Missing>();

    /// <summary>The buyer does not have everything yet; a parcel that went back is not with the buyer either.</summary>
    public bool WaitsForParcel =>
        Missing is not null
        || DeliveredElsewhere is not null
        || Shipments.Count == 0
        || Shipments.Any(s => s.Status != ParcelStatus.Delivered);

    /// <summary>All that is not with the buyer yet lies at a pick-up point: there is nobody to complain to.</summary>
    public bool WaitsAtPickup =>
        Missing is null
        && Shipments.Any(s => s.Status == ParcelStatus.AvailableForPickup)
        && Shipments.All(s => s.Status is ParcelStatus.AvailableForPickup or ParcelStatus.Delivered);

    /// <summary>A parcel that was handed over in another country than the order's.</summary>
    public Doubt? DeliveredElsewhere =>
        Doubts.FirstOrDefault(d => d is { Kind: DoubtKind.OtherDestination, Shipment.Status: ParcelStatus.Delivered });

    /// <summary>The number leads to another country: to be asked about once the buyer has compared it with the order page.</summary>
    public Doubt? LeadsElsewhere =>
        DeliveredElsewhere
        ?? (
            Facts.Done(Step.CheckNumber) is null
                ? null
                : Doubts.FirstOrDefault(d => d.Kind == DoubtKind.OtherDestination)
        );

    public bool IsInTrouble =>
        Missing is not null
        || LeadsElsewhere is not null
        || Worst is { Level: > StallLevel.Moving }
        || PromisePassed
        || GoingBack is not null;

    /// <summary>A parcel that goes back to its sender, or is there again.</summary>
    public ShipmentView? GoingBack =>
        Shipments.FirstOrDefault(s => s.Status is ParcelStatus.Returning or ParcelStatus.Returned);

    /// <summary>When the buyer was first told to write to the seller about it, else its newest event: the way back goes on.</summary>
    public DateOnly? GoingBackSince =>
        GoingBack is not { } back ? null
        : Advised.TryGetValue($"step/{SellerCauses.AboutReturn(back)}", out var told) ? Day(told)
        : Day(back.LastProgressAt ?? back.LastEventAt ?? back.RegisteredAt);

    public Assessment? Held => Assessments.FirstOrDefault(a => a.Held);

    /// <summary>Customs or the carrier wants something of the buyer: the tracking says so, or the buyer does and no scan is past customs.</summary>
    public bool CustomsWaits =>
        Held is not null
        || (
            Facts.CustomsHold is not null
            && Shipments.Any(s =>
                !s.Status.IsFinal() && s.Status != ParcelStatus.Returning && s.Leg is null or <= Leg.ImportCustoms
            )
        );

    /// <summary>The marketplace has the matter in hand, or had it before a bank or an authority was asked.</summary>
    public bool PlatformWasAsked =>
        Facts.Find<Fact.DisputeOpened>() is not null
        || Facts.Find<Fact.DisputeDecided>() is not null
        || Facts.Find<Fact.RefundApproved>() is not null
        || Facts.Done(Step.OpenDispute) is not null
        || Facts.Done(Step.Chargeback) is not null
        || Facts.Done(Step.ConsumerBody) is not null;

    /// <summary>The day on which a refund was agreed to: told as such, or by a dispute that was granted.</summary>
    public DateOnly? RefundAgreedOn =>
        Facts.Find<Fact.RefundApproved>() is { Fact: Fact.RefundApproved approved } refund ? DayOf(refund, approved.On)
        : Facts.Find<Fact.DisputeDecided>()
            is { Fact: Fact.DisputeDecided { Outcome: DisputeOutcome.Granted } granted } decision
            ? DayOf(decision, granted.On)
        : null;

    /// <summary>Since when a dispute waits for its decision; null = there is none, or it was decided or made good.</summary>
    public DateOnly? DisputePendingSince =>
        Facts.Find<Fact.DisputeDecided>() is not null || RefundAgreedOn is not null ? null
        : Facts.Find<Fact.DisputeOpened>() is { Fact: Fact.DisputeOpened dispute } told ? DayOf(told, dispute.On)
        : DoneOn(Step.OpenDispute);

    /// <summary>The step was marked done once more after the dispute was opened: the platform was asked to step in.</summary>
    public bool IsHandedOn(DateOnly opened) =>
        Facts.Find<Fact.DisputeOpened>() is not null && DoneOn(Step.OpenDispute) > opened;

    /// <summary>Why no dispute can be opened; null = one can, or could be.</summary>
    public Reason? NoDispute =>
        Order.PlatformExcludesBank
        && Facts.Done(Step.Chargeback) is not null
        && Facts.Find<Fact.DisputeOpened>() is null
            ? new(ReasonCode.BarredByChargeback)
        : Window is { } window
            ? Now >= window.ClosesAt ? new(ReasonCode.TooLate, Date: window.LastChance)
                : null
        : Missing is not null && Dates.Of(DayRole.MissingLastDay) is { } report && Now >= report.MaybeEndsAt
            ? new(ReasonCode.TooLate, Date: report.MaybeUntil ?? report.LastDay)
        : null;

    /// <summary>From when a missing parcel can be reported, where that day lies ahead and waiting for it crosses no last safe day.</summary>
    public DateOnly? MissingFrom =>
        Dates.Of(DayRole.MissingOpens)?.LastDay is { } opens
        && Today < opens
        && !(Window?.LastSafeDay < opens)
        && !(Dates.Of(DayRole.MissingLastDay)?.LastSafeDay < opens)
            ? opens
            : null;

    /// <summary>Why no bank can help; null = one may, or it is not known how the order was paid.</summary>
    public Reason? NoBank =>
        string.Equals(Order.PaidWith, "other", StringComparison.OrdinalIgnoreCase) ? new(ReasonCode.PaymentUnprotected)
        : LastBankDay is { } last && Today > last && !LawProtectsPayment ? new(ReasonCode.TooLate, Date: last)
        : null;

    /// <summary>By the latest reading there is: warnings go by the earliest, but what may still be possible is not given up.</summary>
    private DateOnly? LastBankDay =>
        Dates.Of(DayRole.ChargebackLastDay) is not { } last
            ? null
            : last
                .Rule.Readings.SelectMany(reading =>
                    reading
                        .Clocks.Select(clock => Dates.Clock(clock.Event))
                        .OfType<DateOnly>()
                        .Select(day => reading.Period.From(day, WorkCalendar.Unknown))
                )
                .Append(last.LastDay)
                .Max();

    /// <summary>A law makes the lender answer for the purchase for years, whatever the card scheme's last day (CB-UK-S75).</summary>
    private bool LawProtectsPayment =>
        Dates.PaidByCard
        && Order.Value is { } value
        && Limits(MoneyRole.PaymentProtection).Any(limit => limit.Covers(value));

    /// <summary>The amount is more than the consumer body of the buyer's country takes on; false where amounts cannot be compared.</summary>
    public bool IsAboveAuthorityLimit =>
        (Order.Charged ?? Order.Value) is { } claim
        && Limits(MoneyRole.AuthorityLimit)
            .Any(limit => limit.UpTo is { } most && most.Currency == claim.Currency && !limit.Covers(claim));

    private IEnumerable<MoneyRule> Limits(MoneyRole role) =>
        Dates
            .Rules.OfType<MoneyRule>()
            .Where(rule => rule.Role == role && rule.IsInForce(Dates.Clock(rule.AppliesBy) ?? Today));

    /// <summary>When the seller was asked about the present trouble; asking about one that is mended by now does not count.</summary>
    public DateOnly? SellerAskedOn
    {
        get
        {
            DateOnly?[] troubles =
            [
                Worst is { Level: > StallLevel.Moving } silent ? Day(silent.CountedFrom) : null,
                PromisePassed ? Order.PromisedBy?.AddDays(1) : null,
                GoingBackSince,
            ];
            // A number that leads elsewhere was wrong from its first day, whatever else comes of it.
            var since = LeadsElsewhere is null && Missing is null ? troubles.Min() : null;
            return DoneOn(Step.ContactSeller) is { } asked && !(asked < since) ? asked : null;
        }
    }

    /// <summary>Marked done by hand, or implied by something that comes after it.</summary>
    public bool IsDone(Step step) =>
        step switch
        {
            // What customs asks of the buyer stays to be done whatever the marketplace decides, until money comes.
            Step.CheckCustoms when CustomsWaits && RefundAgreedOn is null => false,
            <= Step.OpenDispute when PlatformWasAsked => true,
            < Step.ConsumerBody when Facts.Done(Step.ConsumerBody) is not null => true,
            Step.CheckNumber when SellerAskedOn is not null => true,
            Step.ContactSeller => SellerAskedOn is not null,
            _ => false,
        } || (step != Step.ContactSeller && Facts.Done(step) is not null);

    public DateOnly? DoneOn(Step step) =>
        Facts.Done(step) is { Fact: Fact.StepDone done } told ? DayOf(told, done.On) : null;

    public DateOnly DayOf(ToldFact told, DateOnly? said) => said ?? Day(told.ToldAt);

    public DateOnly Day(DateTimeOffset at) => Days.In(snapshot.Zone, at);

    /// <summary>Names one silence of one parcel: progress ends it, and the next one is another.</summary>
    public string Episode(Assessment? silence) =>
        silence is null ? "order" : $"{silence.Shipment.Id}/{Iso(Day(silence.CountedFrom))}";

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
