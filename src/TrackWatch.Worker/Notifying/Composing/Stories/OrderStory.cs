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
    private readonly Words words;
    private readonly OrderSection section;
    private readonly MailContent content;
    private readonly Person person;
    private readonly RuleBook book;
    private readonly ApplicableRules rules;
    private readonly TimeZoneInfo zone;
    private readonly DateTimeOffset now;
    private readonly Values letters;
    private readonly Values prose;
    private readonly ShipmentSection? shipment;

    public OrderStory(Words words, OrderSection section, MailContent content)
    {
        (this.words, this.section, this.content) = (words, section, content);
        (person, book, zone, now) = (content.Person, content.Rules, content.Zone, content.Now);
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

    /// <summary>First screen: what happened, by when, what to do, and where.</summary>
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
            // Before the long text: on a small screen the day must not be below the fold.
            if (Asks)
                rows.Add(ByWhen());
            rows.Add(new(words.Say("labels.do"), Do));
            return new Block.Card(Tone, rows, Asks ? PlaceOfStep() : null);
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

    /// <summary>That a day was worked out, and what would make it better.</summary>
    private string Assumption(DateOnly day) =>
        Asked(day)?.SharpenedBy is { } key and not "protection_ends"
            ? words.Say("deadlines.assumed-add", new Values { { "key", key } })
            : words.Say("deadlines.assumed");
}
