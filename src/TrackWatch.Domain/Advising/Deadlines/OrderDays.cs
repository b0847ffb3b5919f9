using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>
/// What rules and facts come to in days for one order at one moment. A day that the order states beats every default; of
/// several readings the earliest counts, and the latest is "may still be possible" where sources disagree; what rests on a
/// day that nobody stated is marked as assumed.
/// </summary>
public sealed class OrderDays
{
    private readonly OrderSnapshot snapshot;
    private readonly OrderClocks clocks;
    private readonly ApplicableRules rules;
    private readonly DateOnly today;
    private readonly Dictionary<ClockEvent, KnownDay?> known = [];
    private readonly List<DayRule> inForce = [];
    private readonly List<Deadline> all;
    private bool reckonsProtection;

    public OrderDays(OrderSnapshot snapshot, DateTimeOffset now)
        : this(snapshot, new ApplicableRules(snapshot), now) { }

    internal OrderDays(OrderSnapshot snapshot, ApplicableRules rules, DateTimeOffset now)
    {
        (this.snapshot, this.rules, Now) = (snapshot, rules, now);
        today = Days.In(snapshot.Zone, now);
        clocks = new OrderClocks(snapshot, today);
        inForce.AddRange(rules.All.OfType<DayRule>().Where(IsInForce));
        all =
        [
            .. inForce
                .Select(Reckon)
                .Concat(OwnRule.All.Where(own => inForce.All(r => r.Role != own.Role)).Select(Reckon))
                .OfType<Deadline>()
                .OrderBy(d => d.LastDay)
                .ThenBy(d => d.Name, StringComparer.Ordinal),
        ];
        for (var i = 0; i < all.Count; i++)
            all[i] = all[i] with { Opens = Opens(all[i].Role) };
    }

    public DateTimeOffset Now { get; }

    /// <summary>Every day that a rule in force gives for the order, also those that have passed; soonest first.</summary>
    public IReadOnlyList<Deadline> All => all;

    /// <summary>The rules of every kind that bear on the order, in whatever version.</summary>
    public IReadOnlyList<Rule> Rules => rules.All;

    public bool PaidByCard => rules.IsCard;

    /// <summary>When something happened; null = not known, and nothing stands in for it.</summary>
    public DateOnly? Clock(ClockEvent clock) => Find(clock)?.Day;

    /// <summary>
    /// The day of a role. Of several last days the first that is not over yet, of several first days the last, since all
    /// of them must allow it.
    /// </summary>
    public Deadline? Of(DayRole role)
    {
        Deadline? found = null;
        foreach (var next in all)
            if (next.Role == role && (found is null || ComesBefore(next, found)))
                found = next;
        return found;
    }

    private bool ComesBefore(Deadline one, Deadline other)
    {
        if (IsOpening(one.Role))
            return one.LastDay > other.LastDay;
        if (one.IsForAction && (one.EndsAt <= Now || other.EndsAt <= Now))
            return one.EndsAt > Now || (other.EndsAt <= Now && one.MaybeEndsAt > other.MaybeEndsAt);
        return (one.EndsAt, one.Assumed, one.Rule.Confidence).CompareTo(
                (other.EndsAt, other.Assumed, other.Rule.Confidence)
            ) < 0;
    }

    internal KnownDay? Find(ClockEvent clock)
    {
        if (!known.TryGetValue(clock, out var day))
        {
            day = clocks.Find(clock);
            if (day is null && clock == ClockEvent.ProtectionEnd)
                day = ReckonedProtection();
            if (!reckonsProtection)
                known[clock] = day;
        }
        return day;
    }

    private static bool IsOpening(DayRole role) =>
        role is DayRole.DisputeOpens or DayRole.ChargebackOpens or DayRole.MissingOpens or DayRole.InquiryOpens;

    /// <summary>By the date that chooses the version; where that is not known, today's.</summary>
    private bool IsInForce(DayRule rule) => rule.IsInForce(Find(rule.AppliesBy)?.Day ?? today);

    /// <summary>The end of protection that nobody has read off the order: deliberately early, but not before a refund that the order promises by date.</summary>
    private KnownDay? ReckonedProtection()
    {
        var rulesOfIt = inForce.Where(r => r.Role == DayRole.ProtectionEnd).ToList();
        if (reckonsProtection || rulesOfIt.Count == 0)
            return null;
        reckonsProtection = true;
        var early = rulesOfIt.Select(Choose).OfType<Choice>().MinBy(choice => choice.Day);
        reckonsProtection = false;
        var promise = clocks.Find(ClockEvent.RefundIfUndelivered) is { } dated
            ? dated.For("protection_ends") with
            {
                IsReckoned = true,
            }
            : null;
        var reckoned = early is null
            ? null
            : new KnownDay(early.Day, early.From, Assumed: true, "protection_ends", IsReckoned: true, early.Period);
        return reckoned is null || promise?.Day >= reckoned.Day ? promise : reckoned;
    }

    private Deadline? Reckon(DayRule rule)
    {
        if (rule.Role == DayRole.ProtectionEnd)
            return Find(ClockEvent.ProtectionEnd) is { } end
                ? Make(rule, end.Day, null, end.Assumed, end.From, end.Period, end.SharpenedBy)
                : null;
        if (rule.Role == DayRole.CustomsHold && Named(snapshot.Facts) is { } named)
            return Make(rule, named.Day, null, false, [named], null, null);
        if (!Applies(rule) || Choose(rule) is not { } choice)
            return null;
        if (rule.Role == DayRole.DisputeLastDay)
            choice = NotBeforeProtectionEnds(choice);
        return Make(rule, choice.Day, choice.Latest, choice.Assumed, choice.From, choice.Period, choice.SharpenedBy);
    }

    /// <summary>The last day that customs or the carrier named to the buyer.</summary>
    private static Ground? Named(OrderFacts facts) =>
        facts.Find<Fact.CustomsHold>() is { Fact: Fact.CustomsHold { Until: { } until } } told
            ? new Ground(
                "customs hold_until",
                until,
                told.Origin == FactOrigin.File ? GroundOrigin.OrderFile : GroundOrigin.Told
            )
            : null;

    private bool Applies(DayRule rule) =>
        rule.Role switch
        {
            // A wait is asked for only where no delivery date was given.
            DayRole.ChargebackOpens => snapshot.Order.PromisedBy is null,
            // A delivered parcel is no case until the buyer says that it is not there.
            DayRole.MissingOpens or DayRole.MissingLastDay => Find(ClockEvent.ReportedMissing) is not null,
            // And what is not there cannot be sent back.
            DayRole.Withdrawal or DayRole.FreeReturn => Find(ClockEvent.ReportedMissing) is null,
            _ => true,
        };

    /// <summary>A default of its own would have the last chance pass before protection does, which lasts as long as a refund is promised.</summary>
    private Choice NotBeforeProtectionEnds(Choice choice) =>
        choice.Assumed && Find(ClockEvent.ProtectionEnd) is { IsReckoned: true } end && end.Day > choice.Day
            ? choice with
            {
                Day = end.Day,
                From = end.From,
                Period = end.Period,
            }
            : choice;

    private DateOnly? Opens(DayRole role) =>
        role switch
        {
            DayRole.ProtectionEnd => Day(DayRole.DisputeOpens),
            // What the marketplace refused before the end of protection it should take the day after.
            DayRole.DisputeLastDay => Find(ClockEvent.ProtectionEnd)?.Day.AddDays(1) ?? Day(DayRole.DisputeOpens),
            DayRole.ChargebackLastDay => snapshot.Order.PromisedBy?.AddDays(1) ?? Day(DayRole.ChargebackOpens),
            DayRole.MissingLastDay => Day(DayRole.MissingOpens),
            DayRole.InquiryLastDay => Day(DayRole.InquiryOpens),
            DayRole.RefundPromise or DayRole.LateCredit or DayRole.RefundExpected or DayRole.RefundLate => Day(role),
            _ => null,
        };

    private DateOnly? Day(DayRole role) => Of(role)?.LastDay;

    /// <param name="Latest">The latest reading of all.</param>
    private sealed record Choice(
        DateOnly Day,
        DateOnly Latest,
        bool Assumed,
        IReadOnlyList<Ground> From,
        Period? Period,
        string? SharpenedBy
    );

    /// <param name="IsDefault">It counts from a day that only stands where nobody stated a better one.</param>
    private sealed record Candidate(DateOnly Day, Reading Reading, KnownDay Known, bool Assumed, bool IsDefault);

    /// <summary>The earliest reading. One that counts from a default stands only where no other can be had.</summary>
    private Choice? Choose(DayRule rule)
    {
        var every = new List<Candidate>();
        var chosen = new List<Candidate>();
        foreach (var reading in rule.Readings)
        {
            var from = every.Count;
            foreach (var clock in reading.Clocks)
                if (Find(clock.Event) is { } day)
                    every.Add(
                        new Candidate(
                            reading.Period.From(day.Day, rules.CalendarOf(rule), IsOpening(rule.Role)),
                            reading,
                            day,
                            clock.Assumed || day.Assumed,
                            clock.Assumed || day.IsReckoned
                        )
                    );
            // Of one reading's clocks the first that is known; a day that a rule itself reckoned is hardly known.
            if (every.Count > from)
                chosen.Add(every.Skip(from).FirstOrDefault(c => !c.Known.IsReckoned) ?? every[from]);
        }
        if (every.Count == 0)
            return null;
        if (chosen.Exists(c => !c.IsDefault))
            chosen.RemoveAll(c => c.IsDefault);
        else if (rule.Confidence == Confidence.Conflicting)
            chosen = every;
        var first = chosen.MinBy(c => (c.Day, c.Assumed))!;
        return new Choice(
            first.Day,
            every.Max(c => c.Day),
            first.Assumed,
            first.Known.From,
            first.Reading.Period,
            first.Known.SharpenedBy ?? (first.IsDefault ? OrderClocks.KeyOf(first.Reading.Clocks[0].Event) : null)
        );
    }

    private Deadline Make(
        DayRule rule,
        DateOnly lastDay,
        DateOnly? latest,
        bool assumed,
        IReadOnlyList<Ground> from,
        Period? period,
        string? sharpenedBy
    )
    {
        var foreign = PrintedZone(rule);
        var maybe = rule.Confidence == Confidence.Conflicting && latest > lastDay ? latest : null;
        var endsAt = EndOf(lastDay);
        return new Deadline
        {
            Rule = rule,
            Name = $"{rule.Role.Id()}/{rule.Id}",
            LastDay = lastDay,
            LastSafeDay = Safe(lastDay),
            EndsAt = endsAt,
            MaybeUntil = maybe,
            MaybeSafeUntil = maybe is { } safe ? Safe(safe) : null,
            MaybeEndsAt = maybe is { } later ? EndOf(later) : endsAt,
            Assumed = assumed,
            From = from,
            Reckoned = period is { Value: 0 } ? null : period,
            SharpenedBy = sharpenedBy,
            NotVerifiedSince = rule.Pack == OwnRule.Pack ? null : snapshot.Rules.NotVerifiedSince(rule, today),
        };

        DateTimeOffset EndOf(DateOnly day) => Days.StartOf(day.AddDays(1), foreign ?? snapshot.Zone);

        DateOnly Safe(DateOnly day) => foreign is null ? day : LastDays.Safe(day, foreign, snapshot.Zone);
    }

    /// <summary>The zone of the dates that a marketplace prints, for whichever of its rules says it.</summary>
    private TimeZoneInfo? PrintedZone(DayRule rule)
    {
        var printed =
            rule.PrintedIn
            ?? (
                rule.Role is DayRole.ProtectionEnd
                    ? inForce.Find(r => r is { Role: DayRole.DisputeLastDay, PrintedIn: not null })?.PrintedIn
                    : null
            );
        return printed is null ? null : LastDays.Zone(printed);
    }
}
