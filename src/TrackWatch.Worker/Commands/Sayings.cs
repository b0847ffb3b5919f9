using System.Globalization;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands;

/// <summary>What commands say of orders: the mails' own English words, with days and times of one zone.</summary>
internal sealed class Sayings(LanguageFiles languages, TimeZoneInfo zone, DateTimeOffset now, string language = "en")
{
    private readonly Words words = new(languages, languages.Of(language), Days.In(zone, now));

    public DateOnly Today => words.Today;

    public DateTimeOffset Now => now;

    public TimeZoneInfo Zone => zone;

    /// <summary>For one order: its days are those of its first person.</summary>
    public static Sayings Of(Session session, StoredOrder order, DateTimeOffset now) =>
        new(session.Get<LanguageFiles>(), order.Snapshot.Zone, now);

    /// <summary><c>28 November 2026</c>.</summary>
    public string Day(DateOnly day) => words.Day(day);

    /// <summary><c>Sat 28 Nov</c>, with the year where it is another one.</summary>
    public string ShortDay(DateOnly day) => words.Day(day, "short");

    /// <summary><c>28 Nov, 14:36</c> in the zone, with the year where it is another one.</summary>
    public string Moment(DateTimeOffset at)
    {
        var wall = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        return words.At(wall, wall.Year == Today.Year ? "wall" : "moment");
    }

    public string Status(ParcelStatus status) => words.Say($"statuses.{status}");

    public string Leg(Leg leg) => words.Say($"legs.{leg}");

    public string Name(Step step) => words.Say($"steps.{step.Id()}.name");

    /// <summary>A sentence.</summary>
    public string Why(Reason reason, string? number = null) => CalendarWriter.Why(words, reason, number);

    /// <summary>Where a parcel is, without how long it has been there.</summary>
    public string Where(ShipmentView parcel) =>
        parcel.LastAnswerAt is null ? "Not asked about yet"
        : parcel is { Status: ParcelStatus.InTransit, Leg: { } leg } ? $"{Status(parcel.Status)}, {Leg(leg)}"
        : Status(parcel.Status);

    /// <summary>A silence measured against what is usual on the leg.</summary>
    public static string Level(StallLevel level) =>
        level switch
        {
            StallLevel.Notice => "notice (the upper end of normal)",
            StallLevel.Stalled => "stalled (about twice the normal gap)",
            StallLevel.Critical => "critical (where guides call a parcel lost)",
            _ => "moving (within what is normal)",
        };

    /// <summary>Where the order's case stands: one sentence.</summary>
    public string Tell(CaseRecord? life) =>
        life is null
            ? "Nothing has been wrong with it so far."
            : life.State switch
            {
                CaseState.Open => $"Open since {ShortDay(Days.In(zone, life.OpenedAt))}{Reopened(life)}.",
                CaseState.Settling =>
                    $"Nothing is wrong any more ({Ending(life.Why)}){Reopened(life)}. The case closes on "
                        + $"{Moment(life.SettlesAt!.Value)} unless trouble comes back.",
                _ => $"Closed on {ShortDay(Days.In(zone, life.ClosedAt!.Value))} ({Ending(life.Why)}){Reopened(life)}.",
            };

    private static string Reopened(CaseRecord life) =>
        life.Reopened == 0 ? "" : $", reopened {Count(life.Reopened, "time")}";

    private static string Ending(CaseEnd? why) =>
        why switch
        {
            CaseEnd.Moving => "the parcel moves",
            CaseEnd.Delivered => "delivered",
            CaseEnd.Refunded => "refunded",
            CaseEnd.ClosedByBuyer => "you closed it",
            _ => throw new ArgumentOutOfRangeException(nameof(why), why, "an ending without words"),
        };

    /// <summary>What does not fit about a number: one sentence.</summary>
    public string Tell(Doubt doubt) =>
        Why(
            new Reason(
                doubt.Kind switch
                {
                    DoubtKind.OlderThanOrder => ReasonCode.OlderThanOrder,
                    DoubtKind.OtherDestination => ReasonCode.OtherDestination,
                    DoubtKind.DeliveredUnseen => ReasonCode.DeliveredUnseen,
                    DoubtKind.OtherCarrier => ReasonCode.OtherCarrier,
                    DoubtKind.Swapped => ReasonCode.NumberSwapped,
                    _ => throw new ArgumentOutOfRangeException(nameof(doubt), doubt, "a doubt without words"),
                },
                Date: doubt.Day,
                Country: doubt.Country
            ),
            doubt.Shipment.Number
        );

    /// <summary>A fact as the rest of a sentence: <c>the dispute was refused on 27 November 2026</c>.</summary>
    public string Tell(Fact fact) =>
        fact switch
        {
            Fact.StepDone done => $"{done.Step.Id()} is done{On(done.On)}{Note(done.Note)}",
            Fact.ProtectionEnds ends => $"buyer protection ends on {Day(ends.On)}",
            Fact.CustomsHold hold => "customs holds the parcel"
                + (hold.Until is { } until ? $" until {Day(until)}" : "")
                + (hold.Notice is null ? "" : $" (notice {hold.Notice})")
                + (hold.AskedFor is null ? "" : $" and asked for: {hold.AskedFor}"),
            Fact.DisputeOpened opened =>
                $"the dispute{(opened.Id is null ? "" : $" {opened.Id}")} is open{Since(opened.On)}",
            Fact.DisputeDecided decided => "the dispute was "
                + decided.Outcome switch
                {
                    DisputeOutcome.Granted => "granted",
                    DisputeOutcome.Partial => "granted in part",
                    _ => "refused",
                }
                + On(decided.On)
                + Amount(decided.Amount),
            Fact.RefundApproved approved => $"a refund was approved{On(approved.On)}{Amount(approved.Amount)}",
            Fact.RefundReceived received => $"the refund arrived{On(received.On)}{Amount(received.Amount)}",
            Fact.Missing missing => $"the parcel is missing, whatever the scan says{Since(missing.On)}",
            Fact.Snoozed snoozed =>
                $"no advice before the end of {ShortDay(snoozed.Until)}; warnings of last days go on",
            Fact.Closed closed => $"the order is closed, {closed.Why.Id()}{On(closed.On)}",
            Fact.Mails mails =>
                $"{(mails.Wanted ? "mails of the order go again" : "no more mails of the order go")} to "
                    + (mails.Person is { } person ? Foreign(person) : "all its people"),
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "a fact without words"),
        };

    /// <summary>What happens to the order next: one sentence.</summary>
    public string Next(OrderSnapshot order, CaseVerdict verdict)
    {
        if (order.Facts.Closed is not null || order.Facts.Find<Fact.RefundReceived>() is not null)
            return "Nothing more is advised for it.";
        if (verdict.Due is { } due)
            return order.Facts.Snoozed is { } snoozed && Today <= snoozed.Until
                ? $"{due.Step.Id()} stays due, and is not mailed again before that day is over."
                : $"Due now: {due.Step.Id()}{By(due.DoBy)}. {Why(due.Why!)}";
        var awaited = verdict.Awaited is [var first, ..] ? $" {Why(first.Why)}" : "";
        return Change(order, verdict) is { } next
            ? $"Nothing is due now.{awaited} Next, on {ShortDay(Days.In(zone, next.At))}: {next.What}."
            : $"Nothing is due, and nothing will be while it goes on as it does.{awaited}";
    }

    /// <summary>The first later moment at which more will be asked if the parcels stay silent, and what; null = none.</summary>
    public (DateTimeOffset At, string What)? Change(OrderSnapshot order, CaseVerdict verdict)
    {
        order = order.Telling(verdict.Notices, now);
        if (Ladder.NextChange(order, verdict, now) is not { } at)
            return null;
        var then = Ladder.Decide(Ladder.SilentUntil(order, at), at);
        if (then.Due is { } due && due.Step != verdict.Due?.Step)
            return (at, $"if nothing moves, {due.Step.Id()} falls due");
        if (verdict.Case is { State: CaseState.Settling } && then.Case is { State: CaseState.Closed })
            return (at, "unless trouble comes back, the case closes");
        var raised = then.Assessments.FirstOrDefault(a =>
            verdict.Assessments.Any(b => b.Shipment.Id == a.Shipment.Id && b.Level < a.Level)
        );
        if (raised is not null)
            return (at, $"if nothing moves, {raised.Shipment.Number} reaches the level {Level(raised.Level)}");
        var told = verdict.Notices.Select(n => n.Instance).ToHashSet();
        return then.Notices.FirstOrDefault(n => !told.Contains(n.Instance)) switch
        {
            { Step: { } step, DoBy: { } doBy } => (at, $"if nothing moves, a warning goes out: {step.Id()}{By(doBy)}"),
            { Step: { } step } => (at, $"if nothing moves, {step.Id()} is said again"),
            { } => (at, "if nothing moves, it is asked once more whether the parcel is there"),
            null => (at, "if nothing moves, the case is looked at again"),
        };
    }

    public string By(DateOnly? day, bool assumed = false) =>
        day is { } by ? $" by {ShortDay(by)}{(assumed ? " (assumed)" : "")}" : "";

    /// <summary><c>1 day</c>, <c>16 days</c>.</summary>
    public static string Count(long n, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{n} {(n == 1 ? one : many ?? one + "s")}");

    public static string Origin(FactOrigin origin) =>
        origin switch
        {
            FactOrigin.File => "orders file",
            FactOrigin.Command => "told by command",
            _ => "told by mail",
        };

    /// <summary>What a deadline was reckoned from: <c>promised_by 2026-10-20 (orders file) + 15 days</c>.</summary>
    public static IReadOnlyList<string> Grounds(Deadline deadline) =>
        [
            .. deadline.From.Select(
                (ground, i) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{ground.Fact} {ground.Day:yyyy-MM-dd} ({Origin(ground.Origin)})"
                    ) + (i == 0 ? Plus(deadline.Reckoned) : "")
            ),
        ];

    private static string Plus(Period? period) =>
        period is { } p
            ? $" {(p.Value < 0 ? '-' : '+')} "
                + Count(
                    Math.Abs(p.Value),
                    p.Unit switch
                    {
                        PeriodUnit.BusinessDays => "business day",
                        PeriodUnit.Hours => "hour",
                        PeriodUnit.Months => "month",
                        PeriodUnit.Years => "year",
                        _ => "day",
                    }
                )
            : "";

    private static string Origin(GroundOrigin origin) =>
        origin switch
        {
            GroundOrigin.OrderFile => "orders file",
            GroundOrigin.Told => "told",
            GroundOrigin.Scan => "from the tracking",
            _ => "assumed",
        };

    /// <summary>Words of carriers and sellers on one line, without anything that could steer a terminal.</summary>
    public static string Foreign(string? text) => new ForeignText(text).ToString();

    private string On(DateOnly? day) => day is { } on ? $" on {Day(on)}" : "";

    private string Since(DateOnly? day) => day is { } on ? $" since {Day(on)}" : "";

    private static string Amount(Money? amount) => amount is { } money ? $", {money}" : "";

    private static string Note(string? note) => string.IsNullOrWhiteSpace(note) ? "" : $" ({Foreign(note)})";
}
