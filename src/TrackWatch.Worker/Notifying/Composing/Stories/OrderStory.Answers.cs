using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

// What the reader can answer: by a link in a mail where replies are read, else in a shell.
internal sealed partial class OrderStory
{
    /// <summary>The answers under their heading; nothing where there is nothing to answer.</summary>
    /// <param name="explained">An answer of the same mail already said what its links do.</param>
    public IEnumerable<Block> Answers(bool explained = false)
    {
        var answers = Possible().Select(Said).OfType<Command>().ToList();
        if (answers.Count == 0)
            yield break;
        yield return new Block.Heading(words.Say(Asks ? "labels.commands" : "answers.title"));
        yield return Offer(answers, explained ? null : words.Say("answers.hint"));
    }

    /// <summary>The last answer of all: no more mails about this order; null where replies are not read.</summary>
    public Command? End() =>
        content.Reply is { } reply ? new("stop", words.Say("answers.stop", prose), reply(Order.Id, "stop")) : null;

    public Block Offer(IReadOnlyList<Command> answers, string? hint) => Offer(words, answers, hint);

    public static Block Offer(Words words, IReadOnlyList<Command> answers, string? hint)
    {
        if (answers is not [{ Reply: { } first }, ..])
            return new Block.Commands(answers);
        var subjects = answers.Select(a => SubjectOf(a.Reply!)).Distinct().ToList();
        return new Block.Replies(
            words.Say("answers.with"),
            hint,
            words.Say(
                "answers.to",
                new Values { { "email", AddressOf(first) }, { "subject", subjects is [var one] ? one : null } }
            ),
            answers
        );
    }

    private static string AddressOf(Uri link) =>
        Uri.UnescapeDataString(link.OriginalString["mailto:".Length..].Split('?')[0]);

    /// <summary>What a <c>mailto:</c> link puts into the subject.</summary>
    private static string? SubjectOf(Uri link) =>
        link
            .Query.TrimStart('?')
            .Split('&')
            .Select(part => part.Split('=', 2))
            .Where(part => part is ["subject", _])
            .Select(part => Uri.UnescapeDataString(part[1]))
            .FirstOrDefault();

    /// <param name="Mail">What a mail says, in canonical English without the order; null = only a shell offers it.</param>
    /// <param name="Words">The link's words, a key under <c>replies</c>.</param>
    /// <param name="Shell">The line for a shell; null = only mails offer it.</param>
    /// <param name="Meaning">The line's meaning, a key under <c>commands</c>.</param>
    private sealed record Answer(string? Mail, string Words, string? Shell, string Meaning)
    {
        public Step? Step { get; init; }
    }

    private Command? Said(Answer answer) =>
        (content.Reply, answer) switch
        {
            ({ } reply, { Mail: { } line }) => new(
                line,
                words.Say(
                    $"answers.{answer.Words}",
                    prose.With("step", answer.Step is { } step ? words.Say($"steps.{step.Id()}.name") : null)
                ),
                reply(Order.Id, line)
            ),
            (null, { Shell: { } line }) => new($"trackwatch {line}", words.Say($"commands.{answer.Meaning}")),
            _ => null,
        };

    /// <summary>The likeliest first.</summary>
    private IEnumerable<Answer> Possible()
    {
        var order = OrderInCommands;
        var received = new Answer("received", "received", $"close {order} received", "received");
        var missing = new Answer("missing", "missing", $"missing {order}", "missing");
        var refunded = new Answer("refunded", "refunded", $"close {order} refunded", "refund");
        if (Lead is null)
            yield break;
        switch (Lead.Reason.Code)
        {
            case ReasonCode.Delivered or ReasonCode.DeliveredUnseen:
                yield return received;
                yield return missing;
                yield break;
            case ReasonCode.ReadyForPickup or ReasonCode.PickupClosing or ReasonCode.AttemptFailed:
                yield return received;
                yield break;
        }
        if (!Asks)
            yield break;
        foreach (var (step, i) in AskedSteps().Select((step, i) => (step, i)))
        {
            var done = $"done {step.Id()}";
            yield return step switch
            {
                Step.OpenDispute => new("dispute opened", "dispute-opened", $"done {order} {step.Id()}", "done"),
                // The dates are looked up on the way to the dispute; the answer is the date itself.
                Step.KnowRefundRules when i > 0 => new(null, "", $"done {order} {step.Id()}", "done"),
                _ => new(done, i == 0 ? "done" : "done-step", $"done {order} {step.Id()}", "done") { Step = step },
            };
        }
        if (Lead.Step == Step.OpenDispute)
            yield return new(null, "", $"tell {order} dispute opened", "dispute");
        if (IsUndecided && Lead.Step >= Step.OpenDispute)
        {
            yield return new("dispute refused", "dispute-refused", null, "");
            yield return new("dispute granted", "dispute-granted", null, "");
        }
        if (OnlyWarns || AskedSteps().Contains(Step.KnowRefundRules))
            yield return Protection(section.Verdict.Window?.Protection);
        if (AskedSteps().Contains(Step.CheckCustoms) && section.Facts.CustomsHold?.Until is null)
        {
            var until = Iso(words.Today.AddDays(14));
            yield return new($"hold-until {until}", "hold-until", $"tell {order} customs hold-until {until}", "hold");
        }
        if (Lead.Step is Step.Chargeback or Step.ConsumerBody || Lead.Step is null)
            yield return refunded;
        yield return received with
        {
            Shell = null,
        };
        yield return new("snooze 5d", "snooze", $"snooze {order} 5d", "snooze");
        yield return new(null, "", $"explain {order}", "explain");
    }

    private bool IsUndecided =>
        section.Facts.Find<Fact.DisputeOpened>() is not null && section.Facts.Find<Fact.DisputeDecided>() is null;

    /// <param name="day">As it is known; the reader puts the right one in its place.</param>
    private Answer Protection(DateOnly? day)
    {
        var printed = Iso(day ?? words.Today.AddDays(30));
        return new($"protection {printed}", "protection", $"tell {OrderInCommands} protection {printed}", "protection");
    }

    /// <summary>The order's id as a shell takes it.</summary>
    private string OrderInCommands =>
        new ForeignText(Order.Id, ForeignText.NameLimit).ToString() is var id
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@')
            ? id
            : $"'{id.Replace("'", "", StringComparison.Ordinal)}'";

    private static string Iso(DateOnly day) =>
        day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>At most one question: for the fact that would move the next date most.</summary>
    private IEnumerable<Block> Ask()
    {
        if (!Asks || Lead!.Step > Step.OpenDispute)
            yield break;
        var ask =
            section.Facts.Protection is null ? "unknown.ask-protection"
            : Order.PromisedBy is null ? "unknown.ask-promise"
            : Order.Ordered is null ? "unknown.ask-ordered"
            : null;
        if (ask is null)
            yield break;
        yield return new Block.Bullets(words.Say("labels.ask"), [words.Say(ask)]);
        if (ask == "unknown.ask-protection" && !OnlyWarns && !AskedSteps().Contains(Step.KnowRefundRules))
            yield return Offer([Said(Protection(null))!], null);
    }
}
