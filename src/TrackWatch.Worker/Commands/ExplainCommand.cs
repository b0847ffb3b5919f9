using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch explain</c>: the facts, limits and dates behind an order's present verdict, and what comes next.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Order = OrderFinder.Argument();

    private static readonly Option<string?> At = new("--at")
    {
        Description =
            "As of then: what was known and told by that time, or in the future, if all stays silent; 2026-12-01 (its end) or 2026-12-01T08:30",
        HelpName = "TIME",
    };

    public static Command Create() =>
        new Command("explain", "Show what an order's verdict rests on: facts, limits, dates; and what comes next")
        {
            Order,
            At,
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var order = await session.FindAsync(parsed.GetValue(Order)!, ct);
                var explanation = parsed.GetValue(At) is { } moment
                    ? await OfMomentAsync(session, order, moment, ct)
                    : new Explanation(
                        order.Snapshot,
                        Ladder.Decide(order.Snapshot, session.Now),
                        Sayings.Of(session, order, session.Now),
                        [
                            .. order
                                .Shipments.SelectMany(s => s.Sources)
                                .Where(s => s.NextPollAt is not null)
                                .Select(s => (s.NextPollAt!.Value, s.Provider, s.Number)),
                        ]
                    );
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(explanation.Shape());
                else
                    explanation.Print();
                return ExitCode.Fine;
            }
        );

    /// <summary>Lives the order's recorded history again until then.</summary>
    private static async Task<Explanation> OfMomentAsync(
        Session session,
        StoredOrder order,
        string moment,
        CancellationToken ct
    )
    {
        if (
            !DateTime.TryParseExact(
                moment,
                MomentForms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var written
            )
        )
            throw new CommandException(
                ExitCode.Usage,
                $"'{moment}' is no time; write 2026-12-01, or 2026-12-01T08:30 in the zone of the order's first person."
            );
        var zone = order.Snapshot.Zone;
        var day = DateOnly.FromDateTime(written);
        var at = moment.Contains('T')
            ? Days.At(day, TimeOnly.FromDateTime(written), zone)
            : Days.StartOf(day.AddDays(1), zone).AddMinutes(-1);
        if (at > session.Now.AddYears(FurthestYears))
            throw new CommandException(ExitCode.Usage, $"{day:yyyy-MM-dd} is more than {FurthestYears} years ahead.");
        var simulation = new Simulation(
            await RecordedJourney.ReadAsync(session, [order.Row.Id], ct),
            await Simulations.RulesAsync(session, ct)
        );
        foreach (var _ in simulation.Run(at, at))
            ct.ThrowIfCancellationRequested();
        if (simulation.Find(order.Row.Id) is not { } snapshot)
            throw new CommandException(
                ExitCode.Usage,
                $"{order.Row.Id} was registered on {Days.In(zone, order.Row.RegisteredAt):yyyy-MM-dd}; before that nothing was known of it."
            );
        return new Explanation(
            snapshot,
            Ladder.Decide(snapshot, at),
            new Sayings(session.Get<LanguageFiles>(), zone, at),
            [.. simulation.NextPolls(order.Row.Id)]
        );
    }

    private const int FurthestYears = 10;

    private static readonly string[] MomentForms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm"];

    private sealed class Explanation(
        OrderSnapshot snapshot,
        CaseVerdict verdict,
        Sayings says,
        IReadOnlyList<(DateTimeOffset At, string Provider, string Number)> polls
    )
    {
        private readonly Order order = snapshot.Order;

        public object Shape() =>
            new
            {
                order = order.Id,
                asOf = JsonOutput.Utc(says.Now),
                stalls = verdict.Assessments.Where(a => a.Level > StallLevel.Moving).Select(Shape),
                silence = verdict.Assessments.Select(Shape),
                deadlines = verdict.Deadlines.Select(Shape),
                steps = verdict.Steps.Select(s => new
                {
                    step = s.Step.Id(),
                    state = s.State.Id(),
                    why = Why(s),
                    doBy = s.DoBy,
                }),
                @case = verdict.Case is not { } life
                    ? null
                    : new
                    {
                        state = life.State.Id(),
                        openedAt = JsonOutput.Utc(life.OpenedAt),
                        settlesAt = JsonOutput.Utc(life.SettlesAt),
                        closedAt = JsonOutput.Utc(life.ClosedAt),
                        why = life.Why?.Id(),
                        reopened = life.Reopened,
                    },
                doubts = verdict.Doubts.Select(d => new
                {
                    number = d.Shipment.Number,
                    kind = d.Kind.Id(),
                    country = d.Country,
                    day = d.Day,
                }),
                awaited = verdict.Awaited.Select(a => new
                {
                    what = a.Why.Code.Id(),
                    by = a.Why.Date,
                    rule = a.Rule,
                }),
                facts = snapshot.Facts.All.Select(f => new
                {
                    fact = f.Fact.Key,
                    text = says.Tell(f.Fact),
                    origin = f.Origin.Id(),
                    toldAt = JsonOutput.Utc(f.ToldAt),
                }),
                next = Next().Select(n => new { at = JsonOutput.Utc(n.At), what = n.What }),
            };

        private static object Shape(Deadline d) =>
            new
            {
                rule = d.Rule.Id,
                role = d.Role.Id(),
                title = d.Rule.Title,
                opens = d.Opens,
                lastDay = d.LastDay,
                lastSafeDay = d.LastSafeDay,
                endsAt = JsonOutput.Utc(d.EndsAt),
                maybeUntil = d.MaybeUntil,
                assumed = d.Assumed,
                confidence = d.Rule.Confidence.Id(),
                unsourced = d.Rule.IsUnsourced,
                conflict = d.Rule.Conflict,
                facts = Sayings.Grounds(d),
                sharpenedBy = d.SharpenedBy,
                notVerifiedSince = d.NotVerifiedSince,
            };

        private object Shape(Assessment a) =>
            new
            {
                number = a.Shipment.Number,
                level = a.Level.Id(),
                leg = a.Leg.Id(),
                held = a.Held,
                silentDays = a.SilentDays,
                countedFrom = JsonOutput.Utc(a.CountedFrom),
                countedTo = JsonOutput.Utc(a.Shipment.LastAnswerAt),
                since = JsonOutput.Utc(a.Since),
                rule = a.Rule.Id,
                limits = Shape(a.Limits),
                table = Shape(Table(a)),
                factors = a.Factors.Select(f => new
                {
                    id = f.Id,
                    factor = f.Factor,
                    since = f.Since,
                }),
                learned = a.Learned is { } learned
                    ? new
                    {
                        days = learned.Days,
                        legs = learned.Legs,
                        notice = Learned(a, learned).Notice,
                        stands = Stands(a, learned),
                    }
                    : null,
                overridden = a.LimitsAreOverridden,
                blind = a.Blind,
            };

        private static object Shape(LevelLimits limits) =>
            new
            {
                notice = limits.Notice,
                stalled = limits.Stalled,
                critical = limits.Critical,
            };

        public void Print()
        {
            var item = Sayings.Foreign(order.Item) is { Length: > 0 } named ? $": {named}" : "";
            Terminal.Out.Write(Terminal.Text($"[bold]{Sayings.Foreign(order.Id)}[/]{item}\n"));
            Terminal.Tell(says.Next(snapshot, verdict));

            Terminal.Heading("Silence");
            foreach (var parcel in snapshot.Shipments)
                PrintSilence(parcel);

            Terminal.Heading("Days");
            if (verdict.Window is null)
                Terminal.Tell(
                    "No end of buyer protection is known, and the order says too little to assume one. Read it off the "
                        + $"order page: trackwatch tell {order.Id} protection 2026-12-20"
                );
            foreach (var deadline in verdict.Deadlines.Where(d => !IsOver(d)))
                Print(deadline);
            if (verdict.Deadlines.Where(IsOver).ToList() is { Count: > 0 } over)
            {
                Terminal.Tell("Over:");
                foreach (var deadline in over)
                    Print(deadline);
            }

            Terminal.Heading("Steps");
            Terminal.Out.Write(Steps());

            Terminal.Heading("Case");
            Terminal.Tell(says.Tell(verdict.Case));
            foreach (var doubt in verdict.Doubts)
                Terminal.Tell(says.Tell(doubt));
            foreach (var awaited in verdict.Awaited)
                Terminal.Tell($"{says.Why(awaited.Why)} ({awaited.Rule ?? "our own default"})");

            Terminal.Heading("Facts");
            Terminal.Out.Write(Facts());

            Terminal.Heading("Next");
            var next = Next();
            if (next.Count == 0)
                Terminal.Tell("Nothing.");
            var grid = Terminal.Pairs();
            foreach (var (at, what) in next)
                grid.AddRow(Terminal.Text($"{says.Moment(at)}"), Terminal.Text($"{what}"));
            if (next.Count > 0)
                Terminal.Out.Write(grid);
        }

        private void PrintSilence(ShipmentView parcel)
        {
            if (verdict.Assessments.FirstOrDefault(a => a.Shipment.Id == parcel.Id) is not { } a)
            {
                Terminal.Tell(
                    $"{parcel.Number}: {says.Where(parcel)}. Silence means nothing here"
                        + (
                            parcel.LastAnswerAt is null ? ": no source has answered yet."
                            : parcel.EndsByDesign ? ": this carrier does not scan, tracking ends here by design."
                            : ": the journey is over."
                        )
                );
                return;
            }
            Terminal.Tell(
                $"{parcel.Number}: {says.Where(parcel)}. Level: {Sayings.Level(a.Level)}"
                    + (a.Since is { } since ? $", since {says.ShortDay(Days.In(says.Zone, since))}." : ".")
            );
            var grid = Terminal.Pairs();
            grid.AddRow(
                Terminal.Text($"  silent for"),
                Terminal.Text(
                    $"{Sayings.Count(a.SilentDays, "day")}: from {says.Moment(a.CountedFrom)} (last progress) to {says.Moment(parcel.LastAnswerAt!.Value)} (last answer{(a.Blind ? "; none today, so nothing is held against the parcel since" : "")})"
                )
            );
            var table = Table(a);
            var service = order.Service is { } known ? known.Id() : "standard (assumed)";
            grid.AddRow(
                Terminal.Text($"  rule {a.Rule.Id}"),
                Terminal.Text(
                    $"leg {a.Leg.Id()}{(a.Held ? ", held: customs or the carrier waits for you" : "")}, service {service}: {Limits(table)}; our own proposal, checked {a.Rule.Checked:yyyy-MM-dd}"
                )
            );
            foreach (var factor in a.Factors)
                grid.AddRow(
                    Terminal.Text($"  today"),
                    Terminal.Text(
                        $"times {factor.Factor.ToString(CultureInfo.InvariantCulture)}: {factor.Id}{(factor.Since is { } from ? $" since {says.ShortDay(from)}" : "")}"
                    )
                );
            if (a.Learned is { } learned)
                grid.AddRow(Terminal.Text($"  learned"), Terminal.Text($"{Lesson(a, learned)}"));
            if (a.LimitsAreOverridden)
                grid.AddRow(Terminal.Text($"  override"), Terminal.Text($"limits of your own stand before the rule's"));
            if (a.Limits != table)
                grid.AddRow(Terminal.Text($"  so the limits are"), Terminal.Text($"{Limits(a.Limits)}"));
            Terminal.Out.Write(grid);
        }

        /// <summary>What the lane's own history says beside the rule, and which of the two stands.</summary>
        private string Lesson(Assessment a, LearnedGap learned)
        {
            var lane = Lane.Of(order, a.Shipment, a.Leg);
            var (rule, notice) = (Table(a).Notice, Learned(a, learned).Notice);
            return $"95 of 100 completed legs from {Place(lane.Origin)} to {Place(lane.Destination)} had no silence longer than "
                + $"{Sayings.Count(learned.Days, "day")} ({Sayings.Count(learned.Legs, "leg")}): "
                + (
                    notice == rule
                        ? $"the rule's notice from day {rule} stands"
                        : $"notice from day {notice} instead of the rule's {rule}"
                )
                + (notice == learned.Days ? "" : ", at most twice and at least half of the rule's")
                + (Stands(a, learned) == "yours" ? "; your own limit stands before both" : "");

            static string Place(string country) => country.Length > 0 ? country : "an unknown country";
        }

        private string Stands(Assessment a, LearnedGap learned) =>
            a.Limits.Notice != Learned(a, learned).Notice ? "yours"
            : Learned(a, learned).Notice == Table(a).Notice ? "rule"
            : "learned";

        private LevelLimits Learned(Assessment a, LearnedGap learned) => LearnedLimits.Apply(Table(a), learned);

        private LevelLimits Table(Assessment a) => a.Rule.For(order.Service);

        private static string Limits(LevelLimits limits) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"notice from day {limits.Notice}, stalled from {limits.Stalled}, critical from {limits.Critical}"
            );

        private bool IsOver(Deadline d) => d.MaybeEndsAt <= says.Now;

        private void Print(Deadline d)
        {
            Terminal.Tell($"{d.Rule.Title}: {says.Day(d.LastDay)}{(d.Assumed ? " (assumed)" : "")}");
            var grid = Terminal.Pairs();
            if (d.LastSafeDay != d.LastDay)
                grid.AddRow(
                    Terminal.Text($"  last safe day"),
                    Terminal.Text($"{says.Day(d.LastSafeDay)}: the date is printed in another time zone")
                );
            if (d.MaybeUntil is { } later)
                grid.AddRow(
                    Terminal.Text($"  maybe until"),
                    Terminal.Text($"{says.Day(later)}: may still be possible")
                );
            if (d.Opens is { } opens && opens != d.LastDay)
                grid.AddRow(Terminal.Text($"  opens"), Terminal.Text($"{says.Day(opens)}"));
            grid.AddRow(Terminal.Text($"  rule {d.Rule.Id}"), Terminal.Text($"{Confidence(d)}"));
            grid.AddRow(Terminal.Text($"  from"), Terminal.Text($"{string.Join("; ", Sayings.Grounds(d))}"));
            if (d.SharpenedBy is { } key)
                grid.AddRow(Terminal.Text($"  sharper by"), Terminal.Text($"{key} in the orders file"));
            Terminal.Out.Write(grid);
        }

        private string Confidence(Deadline d) =>
            d.Rule.Confidence.Id()
            + (d.Rule.IsUnsourced ? ", without a source" : "")
            + (d.Rule.Conflict is { } conflict ? $": {conflict.TrimEnd('.')}" : "")
            + (d.NotVerifiedSince is { } day ? $"; not verified since {says.Day(day)}" : "");

        private Table Steps()
        {
            var table = new Table().Border(TableBorder.None).HideHeaders();
            table.AddColumn(new TableColumn("").NoWrap().PadLeft(0));
            table.AddColumn(new TableColumn("").NoWrap());
            table.AddColumn(new TableColumn("").PadRight(0));
            foreach (var step in verdict.Steps)
            {
                var text = $"{Why(step)}{(step.DoBy is { } by ? $" Do it by {says.ShortDay(by)}." : "")}";
                table.AddRow(
                    Terminal.Text($"  {step.Step.Id()}"),
                    step.State == StepState.Due
                        ? Terminal.Text($"[yellow]{step.State.Id()}[/]")
                        : Terminal.Text($"[dim]{step.State.Id()}[/]"),
                    Terminal.Text($"{text.Trim()}")
                );
            }
            return table;
        }

        private Grid Facts()
        {
            var grid = Terminal.Pairs();
            foreach (var told in snapshot.Facts.All)
                grid.AddRow(
                    Terminal.Text($"  {says.ShortDay(Days.In(says.Zone, told.ToldAt))}"),
                    Terminal.Text($"{says.Tell(told.Fact)} [dim]({Sayings.Origin(told.Origin)})[/]")
                );
            foreach (var (name, day) in WrittenDays())
                grid.AddRow(Terminal.Text($"  {name}"), Terminal.Text($"{says.Day(day)} [dim](orders file)[/]"));
            if (order.Assumed.Count > 0)
                grid.AddRow(Terminal.Text($"  assumed"), Terminal.Text($"{string.Join(", ", order.Assumed)}"));
            return grid;
        }

        private IEnumerable<(string Name, DateOnly Day)> WrittenDays()
        {
            (string Name, DateOnly? Day)[] days =
            [
                ("ordered", order.Ordered),
                ("paid_on", order.PaidOn),
                ("shipped", order.Shipped),
                ("promised_by", order.PromisedBy),
                ("coupon_if_delayed_by", order.CouponIfDelayedBy),
                ("refund_if_undelivered_by", order.RefundIfUndeliveredBy),
            ];
            return days.Where(d => d.Day is not null).Select(d => (d.Name, d.Day!.Value));
        }

        private string? Why(StepVerdict step) =>
            step.State switch
            {
                StepState.Done => snapshot.Facts.Done(step.Step) is { Fact: Fact.StepDone done } told
                    ? $"Done on {says.ShortDay(done.On ?? Days.In(says.Zone, told.ToldAt))} ({Sayings.Origin(told.Origin)})."
                : step.Step == Step.OpenDispute && snapshot.Facts.Find<Fact.DisputeOpened>() is { } opened
                    ? $"You told that {says.Tell(opened.Fact)}."
                : "Included in what was done later.",
                StepState.Skipped => $"A later step presses more. {says.Why(step.Why!, NumberOf(step.Step))}",
                _ => step.Why is { } why ? says.Why(why, NumberOf(step.Step)) : null,
            };

        private string? NumberOf(Step step) =>
            verdict.Notices.FirstOrDefault(n => n.Step == step)?.Shipment
            ?? (snapshot.Shipments is [var only, ..] ? only.Number : null);

        private List<(DateTimeOffset At, string What)> Next()
        {
            var next = polls.Select(p => (At: Later(p.At), What: $"{p.Provider} is asked about {p.Number}")).ToList();
            if (says.Change(snapshot, verdict) is { } change)
                next.Add(change);
            return [.. next.OrderBy(n => n.At)];
        }

        /// <summary>What is overdue is done at the next round.</summary>
        private DateTimeOffset Later(DateTimeOffset at) => at < says.Now ? says.Now : at;
    }
}
