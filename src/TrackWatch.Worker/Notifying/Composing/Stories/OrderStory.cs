using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

/// <summary>One order as a mail tells it: what happened, what to do, by when, the texts for it, and what that rests on.</summary>
internal sealed partial class OrderStory
{
    private const int TimelineLines = 8;

    private readonly Words words;
    private readonly OrderSection section;
    private readonly Person person;
    private readonly RuleBook book;
    private readonly ApplicableRules rules;
    private readonly TimeZoneInfo zone;
    private readonly DateTimeOffset now;
    private readonly Values letters;
    private readonly Values prose;
    private readonly ShipmentSection? shipment;

    public OrderStory(
        Words words,
        OrderSection section,
        Person person,
        RuleBook book,
        TimeZoneInfo zone,
        DateTimeOffset now
    )
    {
        (this.words, this.section, this.person, this.zone, this.now) = (words, section, person, zone, now);
        this.book = book;
        // The law is the reader's, also where an order has several.
        rules = new ApplicableRules(book, section.Order, person);
        Lead = section.Notices is [var first, ..] ? first : null;
        letters = LetterValues.Of(section, person, rules, Lead, zone, now);
        prose = letters.ForProse(section.Order);
        shipment = section.ShipmentOf(Lead);
        DoBy =
            Lead?.DoBy
            ?? (Lead?.Step == Step.Chargeback ? BankDay : null)
            ?? (Lead?.Reason.Code == ReasonCode.RefundPromiseDue ? Lead.Reason.Date : null)
            ?? section.Verdict.Due?.DoBy;
    }

    /// <summary>What the mail says about the order before anything else; null = it is only shown.</summary>
    public NoticeDraft? Lead { get; }

    /// <summary>The last safe day of what is asked; null = none.</summary>
    public DateOnly? DoBy { get; }

    public Order Order => section.Order;

    public ForeignText Thing => LetterValues.Thing(section.Order);

    private DateOnly? BankDay => (letters.Find("chargeback_deadline") ?? letters.Find("wallet_deadline")) as DateOnly?;

    /// <summary>The number looks fake or foreign.</summary>
    private bool IsDoubt =>
        Lead?.Reason.Code
            is ReasonCode.OlderThanOrder
                or ReasonCode.OtherDestination
                or ReasonCode.OtherCarrier
                or ReasonCode.NumberSwapped
                or ReasonCode.DeliveredElsewhere;

    public bool Asks => Lead is { Kind: not NoticeKind.News };

    public int? DaysLeft => DoBy?.DayNumber - words.Today.DayNumber;

    public Tone Tone =>
        DaysLeft is <= 3 ? Tone.Urgent
        : Lead?.Reason.Code is ReasonCode.Delivered or ReasonCode.MovingAgain ? Tone.Good
        : Lead is null or { Step: Step.CheckNumber } ? Tone.Calm
        : Tone.Attention;

    public string Subject =>
        Lead switch
        {
            null => words.Say("mail.one-parcel", prose),
            { Reason.Code: ReasonCode.RefundPromiseDue } => words.Say("deadlines.refund-subject", prose),
            _ when OnlyWarns => words.Say("deadlines.ending-subject", prose),
            { Reason.Code: ReasonCode.DisputeNotAnswered } => words.Say("news.EscalationEnding.subject", prose),
            { Kind: not NoticeKind.News, Step: { } step } => words.Say($"steps.{step.Id()}.subject", prose),
            _ => words.Say($"news.{Lead.Reason.Code}.subject", prose),
        };

    public string Title =>
        Lead switch
        {
            null => words.Say("mail.one-parcel", prose),
            { Reason.Code: ReasonCode.RefundPromiseDue } => words.Say("deadlines.refund-title"),
            _ when OnlyWarns => words.Say("deadlines.ending-title", prose),
            { Reason.Code: ReasonCode.NumberWrong, Step: Step.CheckNumber } => words.Say(
                "steps.check-number.title-wrong"
            ),
            { Reason.Code: ReasonCode.DisputeNotAnswered } => words.Say("news.EscalationEnding.title", prose),
            { Step: Step.CheckNumber } when IsDoubt => words.Say("steps.check-number.title-doubt"),
            { Step: Step.ContactSeller } when IsDoubt => words.Say("steps.contact-seller.title-elsewhere"),
            { Kind: not NoticeKind.News, Step: { } step } => words.Say($"steps.{step.Id()}.title", prose),
            _ => words.Say($"news.{Lead.Reason.Code}.title", prose),
        };

    /// <summary>Why it is said now, in the person's language.</summary>
    public string Happened
    {
        get
        {
            if (Lead is null)
                return "";
            var why = Lead is { Kind: not NoticeKind.News, Step: { } step } && HasWhy(step) ? Why(step) : null;
            return Lead.Reason.Code == ReasonCode.Silent && why is not null ? why
                : Lead.Step is Step.CheckCustoms && why is not null ? $"{Reason(Lead)} {why}"
                : Reason(Lead);
        }
    }

    public string Do =>
        Lead switch
        {
            null => "",
            { Reason.Code: ReasonCode.RefundPromiseDue } => words.Say("deadlines.refund-promise", prose),
            _ when OnlyWarns => words.Say("deadlines.protection-14", prose),
            { Reason.Code: ReasonCode.NumberWrong, Step: Step.CheckNumber } => words.Say("steps.check-number.do-wrong"),
            { Reason.Code: ReasonCode.NumberUnknown } when shipment is { View.MayBeOrderNumber: true } => words.Say(
                "steps.check-number.do-order-number"
            ),
            { Reason.Code: ReasonCode.DisputeNotAnswered } => words.Say("news.EscalationEnding.do", prose),
            { Step: Step.CheckNumber } when IsDoubt => words.Say("steps.check-number.do-doubt"),
            { Kind: not NoticeKind.News, Step: Step.KnowRefundRules } =>
                $"{Why(Step.KnowRefundRules)} {words.Say("steps.know-refund-rules.do", prose)}",
            { Kind: not NoticeKind.News, Step: { } step } => words.Say($"steps.{step.Id()}.do", prose),
            _ => words.Say($"news.{Lead.Reason.Code}.do", prose),
        };

    /// <summary>First screen: what happened, what to do, by when.</summary>
    public Block.Card Card
    {
        get
        {
            var rows = new List<Row> { new(words.Say("labels.happened"), Happened) };
            if (Lead?.Reason.Code == ReasonCode.NumberWrong && shipment?.View.Corrections is { Count: > 0 } likely)
                rows.Add(
                    new(
                        words.Say("labels.did-you-mean"),
                        $"{string.Join($" {words.Say("labels.or")} ", likely.Take(3).Select(n => new ForeignText(n).ToString()))}?",
                        IsStrong: true
                    )
                );
            rows.Add(new(words.Say("labels.do"), Do));
            if (Asks)
                rows.Add(ByWhen());
            return new Block.Card(Tone, rows);
        }
    }

    /// <summary>What belongs to the advice beside its first screen: other lines, things to have ready, where to go.</summary>
    public IEnumerable<Block> Advice()
    {
        if (Also().ToList() is { Count: > 0 } also)
            yield return new Block.Bullets(words.Say("labels.also"), also);
        foreach (var block in AskedSteps().Take(1).SelectMany(Preparation))
            yield return block;
        if (section.Evidence is { } evidence)
            yield return new Block.Passage(
                evidence.File is { } file
                    ? words.Say("letters.evidence-attached", new Values { { "file", file.Name } })
                    : words.Say(
                        "letters.evidence-apart",
                        new Values
                        {
                            { "large", evidence.LargerThan is not null },
                            { "mib", evidence.LargerThan },
                            { "order", OrderInCommands },
                        }
                    )
            );
    }

    /// <summary>The ready texts, and the second step that shares the mail with its own.</summary>
    /// <param name="title">Over the texts; the digest names the order in it.</param>
    public IEnumerable<Block> Texts(string title)
    {
        foreach (var (step, i) in AskedSteps().Select((step, i) => (step, i)))
        {
            var letters = LettersOf(step).ToList();
            if (i > 0)
            {
                foreach (var block in Second(step))
                    yield return block;
            }
            else if (letters.Count > 0)
                yield return new Block.Heading(title, Note: words.Say("letters.hint"));
            foreach (var letter in letters)
                yield return letter;
        }
    }

    public bool HasTexts => AskedSteps().SelectMany(LettersOf).Any();

    private IEnumerable<Block> Second(Step step)
    {
        var text = words.Say($"steps.{step.Id()}.do", prose);
        yield return new Block.Heading(words.Say($"steps.{step.Id()}.title", prose), Note: words.Say("labels.with"));
        yield return new Block.Passage(HasWhy(step) ? $"{Why(step)} {text}" : text);
        if (section.Verdict.Window is { Assumed: true } && step == Step.KnowRefundRules)
            yield return new Block.Passage(words.Say("deadlines.assumed"), IsQuiet: true);
        foreach (var block in Preparation(step))
            yield return block;
    }

    /// <summary>The journey and what the advice rests on.</summary>
    public IEnumerable<Block> Background(bool withRules = true)
    {
        foreach (var one in section.Shipments)
        {
            yield return new Block.Heading(
                words.Say("labels.journey"),
                Note: section.Shipments.Count > 1 ? new ForeignText(one.View.Number).ToString() : null
            );
            yield return Journey(one);
            yield return new Block.Table(StatusRows(one));
        }
        if (Links() is { Count: > 0 } links)
        {
            yield return new Block.Heading(words.Say("labels.links"));
            yield return new Block.Links(links);
        }
        if (Commands() is { Count: > 0 } commands)
        {
            yield return new Block.Heading(words.Say("labels.commands"));
            yield return new Block.Commands(commands);
        }
        if (!withRules)
            yield break;
        if (FactRows() is { Count: > 0 } facts)
        {
            yield return new Block.Heading(words.Say("labels.facts"));
            yield return new Block.Table(facts);
        }
        if (Rules().Union(Contacts().Select(rule => rule.Id)).ToList() is { Count: > 0 } rules)
            yield return new Block.Bullets(words.Say("labels.rules"), [.. rules.Select(RuleLine)]);
        if (Unknown() is { Count: > 0 } unknown)
        {
            yield return new Block.Heading(words.Say("labels.unknown"));
            yield return new Block.Bullets(null, unknown);
        }
        foreach (var block in Ask())
            yield return block;
    }

    /// <summary>Ids of the rules that the advice applies, without repeats; those that only name places stand beside the places.</summary>
    public IReadOnlyList<string> Rules()
    {
        var ids = new List<string?>();
        foreach (var notice in section.Notices)
            ids.Add(notice.Rule);
        // A day that the order or an authority names itself rests on no rule.
        ids.Add(ReckonedBy(DoBy)?.Id);
        if (Lead?.Reason.Code == ReasonCode.Delivered)
            ids.AddRange(
                section
                    .Verdict.Deadlines.Where(d =>
                        d.Role is (DayRole.Withdrawal or DayRole.FreeReturn) && d.LastSafeDay >= words.Today
                    )
                    .Select(d => d.Rule.Id)
            );
        foreach (var step in AskedSteps())
        {
            ids.AddRange(CountryLines(step).Select(rule => rule.Id));
            switch (step)
            {
                case Step.KnowRefundRules or Step.OpenDispute when section.Verdict.Window is { } window:
                    ids.Add(window.Rule);
                    ids.Add(window.Assumed ? RuleOf(DayRole.ProtectionEnd) : null);
                    ids.Add(Order.RefundIfUndeliveredBy is null ? null : RuleOf(DayRole.RefundPromise));
                    ids.Add(step == Step.OpenDispute ? RuleOf(DayRole.DisputeAnswer) : null);
                    break;
                case Step.Chargeback:
                    ids.Add(RuleOf(DayRole.ChargebackLastDay));
                    ids.Add(CardProtection?.Id);
                    break;
                case Step.ConsumerBody:
                    ids.Add(RuleOf(DayRole.StatutoryDelivery));
                    ids.Add(rules.AuthorityLimit(words.Today)?.Id);
                    break;
            }
        }
        return [.. ids.OfType<string>().Distinct()];
    }

    /// <summary>The rules behind the advice, as far as the book has them.</summary>
    public IEnumerable<Rule> Grounds() => Rules().SelectMany(book.Find);

    /// <summary>A line of a digest.</summary>
    public ParcelLine Line()
    {
        var view = shipment?.View;
        var status = words.Say($"statuses.{view?.Status ?? ParcelStatus.Unknown}");
        var notes = new List<string>();
        if (letters.Has("days_silent"))
            notes.Add(words.Say("digest.silent", letters));
        if (letters.Find("last_scan_date") is DateOnly scan)
            notes.Add($"{words.Say("labels.last-scan")}: {words.Day(scan, "short")}");
        if (new ForeignText(view?.LastPlace, 60) is { IsEmpty: false } place)
            notes.Add(place.Within(words.Language.Direction == "rtl"));
        return new ParcelLine(
            Thing,
            status,
            notes.Count == 0 ? null : string.Join(" · ", notes),
            NeedsAHand ? Tone.Attention : Tone
        );
    }

    /// <summary>The parcel waits for its buyer, or something went wrong with it.</summary>
    public bool NeedsAHand =>
        section.Shipments.Any(s =>
            s.View.Status
                is ParcelStatus.AvailableForPickup
                    or ParcelStatus.AttemptFailed
                    or ParcelStatus.Exception
                    or ParcelStatus.Returning
        );

    /// <summary>The same for an order that asks for something: its step and its day come first.</summary>
    public ParcelLine Asked()
    {
        var line = Line();
        if ((Lead?.Step ?? section.Verdict.Due?.Step) is not { } step)
            return line;
        var name = words.Say($"steps.{step.Id()}.name");
        return line with
        {
            Status = DoBy is { } day ? $"{name} · {words.Day(day, "short")}" : name,
            Note = line.Note is null ? line.Status : $"{line.Status} · {line.Note}",
            Tone = Tone == Tone.Calm && DoBy is not null ? Tone.Attention : Tone,
        };
    }

    /// <summary>Days of the coming month on which something about the order can be done for the last, or the first, time.</summary>
    public IEnumerable<StripDay> Days(DateOnly until)
    {
        if (
            section.Shipments.Count > 0
            && section.Shipments.All(s => s.View.Status.IsFinal())
            && section.Facts.Find<Fact.Missing>() is null
        )
            yield break;
        var window = section.Verdict.Window;
        var assumesWindow = window?.Assumed ?? false;
        var bankDay = section.Verdict.Due?.Step == Step.Chargeback ? BankDay : null;
        var candidates = new List<(DateOnly? Day, string What, bool Assumed, string? Rule)>
        {
            (section.Facts.CustomsHold?.Until, words.Say("strip.customs-hold"), false, null),
            (Order.PromisedBy, words.Say("strip.promised"), false, null),
            (Order.RefundIfUndeliveredBy, words.Say("strip.refund-promise"), false, null),
            (Order.CouponIfDelayedBy, words.Say("strip.coupon"), false, null),
            // A day that the order page shows rests on nothing else.
            (
                window?.LastSafeDay,
                words.Say("strip.protection"),
                assumesWindow,
                assumesWindow ? RuleOf(DayRole.ProtectionEnd) : null
            ),
            (window?.LastSafeChance, words.Say("strip.last-chance"), assumesWindow, window?.Rule),
            (bankDay, words.Say("strip.chargeback"), false, RuleOf(DayRole.ChargebackLastDay)),
        };
        foreach (var (day, what, assumed, rule) in candidates)
        {
            if (day is not { } at || at < words.Today || at > until)
                continue;
            var left = at.DayNumber - words.Today.DayNumber;
            yield return new StripDay(
                at,
                words.Day(at, "short"),
                left == 0 ? words.Say("labels.today") : words.Say("labels.in-days", new Values { { "n", left } }),
                Thing,
                what,
                assumed ? words.Say("labels.assumed") : null,
                rule,
                left <= 3 ? Tone.Urgent
                    : left <= 10 ? Tone.Attention
                    : Tone.Calm
            );
        }
    }

    public string Reason(NoticeDraft notice) =>
        words.Say(
            $"reasons.{notice.Reason.Code}",
            LetterValues.Of(section, person, rules, notice, zone, now).ForProse(Order)
        );

    /// <summary>Protection ends before long, and nothing is wrong with the parcel yet: no dispute is called for.</summary>
    private bool OnlyWarns =>
        Lead is { Kind: NoticeKind.Deadline, Reason: { Code: ReasonCode.ProtectionEnding, Days: > 7 } }
        && section.Verdict.Due?.Step != Step.OpenDispute;

    private IEnumerable<Step> AskedSteps()
    {
        if (OnlyWarns || Lead is not { Kind: not NoticeKind.News, Step: { } step })
            return [];
        // The dates are part of every dispute, whether the notice names them or not.
        var second = step == Step.OpenDispute ? Step.KnowRefundRules : Lead.With;
        return second is { } with && with != step ? [step, with] : [step];
    }

    private bool HasWhy(Step step) =>
        step is Step.CheckNumber or Step.ContactSeller or Step.CheckCustoms or Step.KnowRefundRules
        // The seller's sentence speaks of silence; where something else is the reason it would not be true.
        && (step != Step.ContactSeller || letters.Has("days_silent"));

    private string Why(Step step) => words.Say($"steps.{step.Id()}.why", prose);

    private Row ByWhen()
    {
        var label = words.Say("labels.by-when");
        if (DoBy is not { } day)
            return new Row(label, words.Say("labels.no-day"));
        var left = DaysLeft switch
        {
            < 0 => words.Say("labels.passed"),
            0 => words.Say("labels.left-today"),
            _ => words.Say("labels.left", new Values { { "days_left", DaysLeft } }),
        };
        var window = section.Verdict.Window;
        var printed =
            day == window?.LastSafeDay ? window.Protection
            : day == window?.LastSafeChance ? window.LastChance
            : (DateOnly?)null;
        var notes = new List<string> { left };
        if (Lead!.DoByAssumed || Lead.Reason.Assumed)
            notes.Add($"{words.Say("labels.assumed")}: {Assumption(day)}");
        else if (printed is not null && Order.Marketplace.Equals("aliexpress", StringComparison.OrdinalIgnoreCase))
            notes.Add(words.Say("labels.last-safe", new Values { { "printed", printed } }));
        if (Asked(day)?.MaybeSafeUntil is { } maybe && maybe > day)
            notes.Add(words.Say("labels.maybe-until", new Values { { "maybe", maybe } }));
        if (ReckonedBy(day) is { } rule)
            notes.Add(Mark(rule));
        return new Row(label, words.Day(day, "day"), string.Join(" · ", notes), IsStrong: true);
    }

    /// <summary>The rule by which the day that is asked for was reckoned.</summary>
    private DayRule? ReckonedBy(DateOnly? day) => Asked(day) is { Reckoned: not null } reckoned ? reckoned.Rule : null;

    /// <summary>That a day was worked out, and what would make it better.</summary>
    private string Assumption(DateOnly day) =>
        Asked(day)?.SharpenedBy is { } key and not "protection_ends"
            ? words.Say("deadlines.assumed-add", new Values { { "key", key } })
            : words.Say("deadlines.assumed");

    private IEnumerable<string> Also()
    {
        foreach (
            var other in section
                .Notices.Skip(1)
                .Where(n => n.Reason.Code != Lead!.Reason.Code)
                .DistinctBy(n => n.Reason.Code)
        )
            yield return Reason(other);
        if (Lead is not { Kind: not NoticeKind.News } lead)
            yield break;

        if (section.Notices.FirstOrDefault(n => n.Reason.Code == ReasonCode.ProtectionEnding)?.Reason.Days is { } left)
        {
            if (left <= 3)
                yield return words.Say(
                    left > 0 ? "deadlines.protection-3" : "deadlines.protection-today",
                    prose.With("days_left", left)
                );
        }
        else if (prose.Has("protection_over") && section.Verdict.Window is { } w && words.Today <= w.LastSafeChance)
            yield return words.Say("deadlines.protection-ended", prose);
        if (AskedSteps().Contains(Step.OpenDispute))
        {
            if (letters.Has("missing"))
                yield return words.Say("steps.open-dispute.proof-first");
            yield return words.Say("steps.open-dispute.button-missing", prose);
        }
        if (Order.PlatformExcludesBank && lead.Step is (Step.OpenDispute or Step.Chargeback))
            yield return words.Say("steps.chargeback.excludes", prose);
        if (Order.CouponIfDelayedBy is { } coupon && coupon < words.Today && !letters.Has("missing"))
            yield return words.Say("deadlines.late-coupon");
        if (
            section.Facts.CustomsHold?.Until is { } hold
            && hold >= words.Today
            && !AskedSteps().Contains(Step.CheckCustoms)
        )
            yield return words.Say("deadlines.customs-hold", prose);
        if (lead.Reason.Code == ReasonCode.RefundLate)
            yield return words.Say("deadlines.refund-late");
        if (lead.Step == Step.Chargeback)
        {
            if (letters.Has("chargeback_deadline") && DaysLeft is >= 0 and <= 30)
                yield return words.Say("deadlines.bank-30", prose.With("days_left", DaysLeft));
            if (letters.Has("wallet"))
                yield return words.Say("steps.chargeback.wallet", prose);
        }
        foreach (var rule in AskedSteps().SelectMany(CountryLines))
            yield return $"{words.Says(rule)} ({Mark(rule)})";
        if (AskedSteps().Contains(Step.ConsumerBody) && prose.Has("limit_amount"))
            yield return words.Say("steps.consumer-body.limit", prose);
    }

    /// <summary>What law and customs say to a step. Customs follow the destination, law follows the person.</summary>
    private IEnumerable<Rule> CountryLines(Step step) =>
        rules.All.Where(rule =>
            rule is (StatementRule or MoneyRule) and { Says: not null }
            && rule.Step == step
            && rule.IsInForce(words.Today)
            && (
                rule.Pack.StartsWith("country/", StringComparison.Ordinal)
                || rule.Pack.StartsWith("customs/", StringComparison.Ordinal)
            )
        );

    /// <summary>What the law of the card's country adds to the scheme's rules, unless the price is outside of it.</summary>
    private MoneyRule? CardProtection =>
        rules.IsCard
            ? rules
                .InForce<MoneyRule>(words.Today)
                .FirstOrDefault(r =>
                    r.Role == MoneyRole.PaymentProtection
                    && (Order.Value is not { } price || r.UpTo?.Currency != price.Currency || r.Covers(price))
                )
            : null;

    /// <summary>The rule by which the day of a role was reckoned; where it has no day yet, the one that holds today.</summary>
    private string? RuleOf(DayRole role) =>
        (
            section.Verdict.Deadlines.FirstOrDefault(d => d.Role == role && d.LastSafeDay >= words.Today)
            ?? section.Verdict.Deadlines.LastOrDefault(d => d.Role == role)
        )
            ?.Rule
            .Id
        ?? rules.InForce<DayRule>(words.Today).FirstOrDefault(r => r.Role == role)?.Id;

    /// <summary>The deadline whose day is asked for; null where the day is of another kind.</summary>
    private Deadline? Asked(DateOnly? day)
    {
        var fitting = section
            .Verdict.Deadlines.Where(d => d.IsForAction && (d.LastSafeDay == day || d.LastDay == day))
            .ToList();
        return fitting.Find(d => d.Rule.Id == Lead?.Rule) ?? fitting.Find(d => d.Step is { } s && s == Lead?.Step);
    }

    private IEnumerable<Block> Preparation(Step step)
    {
        if (Lead?.Reason.Code is not ReasonCode.RefundPromiseDue)
            yield return new Block.Bullets(words.Say("labels.prepare"), words.List($"steps.{step.Id()}.prepare"));
    }

    private IEnumerable<Block.Letter> LettersOf(Step step)
    {
        var (name, forSeller) = step switch
        {
            Step.ContactSeller => ("seller", true),
            Step.CheckCustoms => ("customs", false),
            Step.OpenDispute => ("dispute", true),
            Step.Chargeback => ("chargeback", false),
            Step.ConsumerBody => ("complaint", false),
            _ => ("", false),
        };
        if (name.Length == 0)
            yield break;
        var title = words.Say($"letters.{name}.title");
        var english = words.In(LanguageFiles.Fallback);
        var both = forSeller && english.Language != words.Language;
        yield return new Block.Letter(
            both ? $"{title} · {words.Say("labels.in-own")}" : title,
            words.Language.Tag,
            words.Say($"letters.{name}.body", letters),
            LetterNotes(step)
        );
        if (both)
            yield return new Block.Letter(
                $"{title} · {words.Say("labels.in-english")}",
                english.Language.Tag,
                english.Say($"letters.{name}.body", letters),
                []
            );
    }

    private List<string> LetterNotes(Step step)
    {
        var notes = new List<string>();
        if (words.Language.LettersAreDrafts)
            notes.Add(words.Say("labels.draft-letter"));
        if (step == Step.Chargeback)
        {
            // The bank follows the card, so these do as well.
            var country = LetterValues.CardOf(Order, person)?.Country ?? person.Country;
            if (country == "GB" && CardProtection is not null)
                notes.Add(words.Say("letters.chargeback.section-75"));
            if (country == "US")
                notes.Add(words.Say("letters.chargeback.fcba"));
        }
        if (step == Step.ConsumerBody && person.Country == "TR")
            notes.Add(words.Say("letters.complaint.tr-note"));
        return notes;
    }
}
