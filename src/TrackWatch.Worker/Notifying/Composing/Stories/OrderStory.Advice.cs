using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

// What belongs to the step beside its first screen: other lines, things to have ready, texts to send.
internal sealed partial class OrderStory
{
    /// <summary>What belongs to the advice beside its first screen: other lines, things to have ready.</summary>
    public IEnumerable<Block> Advice() => [.. Lines(), .. ToPrepare()];

    /// <summary>What to have ready for the step.</summary>
    public IEnumerable<Block> ToPrepare() => AskedSteps().Take(1).SelectMany(Preparation);

    /// <summary>Other things to know, and where the evidence is.</summary>
    public IEnumerable<Block> Lines()
    {
        if (Also().ToList() is { Count: > 0 } also)
            yield return new Block.Bullets(words.Say("labels.also"), also);
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
    /// <param name="rank">The title's: below it everything is of the order.</param>
    public IEnumerable<Block> Texts(string title, Rank rank = Rank.Part)
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
                yield return new Block.Heading(title, rank, words.Say("letters.hint"));
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
            words.Language.Direction,
            words.Say($"letters.{name}.body", letters),
            LetterNotes(step)
        );
        if (both)
            yield return new Block.Letter(
                $"{title} · {words.Say("labels.in-english")}",
                english.Language.Tag,
                english.Language.Direction,
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
