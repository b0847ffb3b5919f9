using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

// What the advice rests on: the journey, facts and rules with their origin, and what is not known.
internal sealed partial class OrderStory
{
    /// <summary>The journey and what the advice rests on.</summary>
    public IEnumerable<Block> Background()
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

    /// <summary>The rule by which the day that is asked for was reckoned.</summary>
    private DayRule? ReckonedBy(DateOnly? day) => Asked(day) is { Reckoned: not null } reckoned ? reckoned.Rule : null;

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

    private List<Row> FactRows()
    {
        var rows = new List<Row>();
        var file = words.Say("labels.from-file");
        AddDay("facts.ordered", Order.Ordered, file);
        AddDay("facts.shipped", Order.Shipped, file);
        AddDay("facts.promised", Order.PromisedBy, file);
        AddDay("facts.refund-if", Order.RefundIfUndeliveredBy, file);
        AddDay("facts.coupon", Order.CouponIfDelayedBy, file);
        if (section.Verdict.Window is { } window)
        {
            var told = section.Facts.Find<Fact.ProtectionEnds>();
            var origin = told is not null && !window.Assumed ? Origin(told.Origin) : words.Say("labels.assumed");
            AddDay("facts.protection", window.Protection, origin);
            AddDay("facts.dispute", window.LastSafeChance, window.Assumed ? words.Say("labels.assumed") : null);
        }
        rows.AddRange(
            section.Facts.All.Where(told => told.Fact is not Fact.ProtectionEnds).Select(FactRow).OfType<Row>()
        );
        return rows;

        void AddDay(string key, DateOnly? day, string? note)
        {
            if (day is { } at)
                rows.Add(new(words.Say(key, prose), words.Day(at), note));
        }
    }

    /// <summary>What somebody told of the order; null = a mail has no words for it.</summary>
    private Row? FactRow(ToldFact told)
    {
        var day = Domain.Days.In(zone, told.ToldAt);
        return told.Fact switch
        {
            Fact.StepDone done => Row(
                "done",
                done.On ?? day,
                prose.With("step", words.Say($"steps.{done.Step.Id()}.name"))
            ),
            Fact.ProtectionEnds protection => Row("protection", protection.On),
            Fact.CustomsHold { Until: { } until } => Row("hold", until),
            Fact.DisputeOpened opened => Row("dispute-opened", opened.On ?? day),
            Fact.DisputeDecided decided => Row("dispute-decided", decided.On ?? day),
            Fact.RefundApproved approved => Row("refund-approved", approved.On ?? day),
            Fact.Missing missing => Row("missing", missing.On ?? day),
            Fact.Snoozed snoozed => Row("snoozed", snoozed.Until),
            _ => null,
        };

        Row Row(string key, DateOnly on, Values? values = null) =>
            new(words.Say($"facts.{key}", values ?? prose), words.Day(on), Origin(told.Origin));
    }

    private string Origin(FactOrigin origin) =>
        words.Say(
            origin switch
            {
                FactOrigin.File => "labels.from-file",
                FactOrigin.Command => "labels.from-command",
                _ => "labels.from-mail",
            }
        );

    /// <summary>A rule with its words, when it was checked, and what is in doubt about it.</summary>
    public string RuleLine(string id)
    {
        if (book.Find(id).FirstOrDefault() is not { } rule)
            return words.Say("labels.rule", new Values { { "rule", id }, { "what", words.Say("labels.rule-other") } });
        var since = book.NotVerifiedSince(rule, words.Today);
        return words.Say(
            "labels.rule",
            new Values
            {
                { "rule", id },
                { "what", words.Title(rule) },
                { "confidence", Doubt(rule) is { } doubt ? new Phrase($"confidence.{doubt}") : null },
                { "checked", since is null ? rule.Checked : null },
                { "unverified", since },
            }
        );
    }

    /// <summary>What marks a line that rests on a rule: <c>EU-ECC-03</c>, <c>PL-BODY, found on no page</c>.</summary>
    private string Mark(Rule rule) =>
        Doubt(rule) is { } doubt ? $"{rule.Id}, {words.Say($"confidence.{doubt}")}" : rule.Id;

    /// <summary>Null where the rule can be relied on.</summary>
    private static string? Doubt(Rule rule) =>
        rule.IsUnsourced ? "unsourced"
        : rule.Confidence == Confidence.Likely ? "likely"
        : rule.Confidence == Confidence.Conflicting ? "conflicting"
        : null;

    private List<string> Unknown()
    {
        var unknown = new List<string>();
        if (!Asks)
            return unknown;
        if (shipment is { } one && one.View.LastAnswerAt is not null && IsBlind(one))
            unknown.Add(words.Say("unknown.outage", Source(one)));
        if (letters.Has("days_silent"))
            unknown.Add(words.Say("unknown.where", letters));
        else if (!letters.Has("last_scan_date"))
            unknown.Add(words.Say("unknown.no-scan"));
        if (section.Facts.Protection is null)
            unknown.Add(words.Say("unknown.protection"));
        if (Order.PromisedBy is null)
            unknown.Add(words.Say("unknown.promise"));
        if (Order.Ordered is null)
            unknown.Add(words.Say("unknown.ordered"));
        if (Order.OrderNumber is null && HasTexts)
            unknown.Add(words.Say("unknown.order-number"));
        if (section.Facts.Done(Step.ContactSeller) is not null)
            unknown.Add(words.Say("unknown.seller-answer"));
        return unknown;
    }
}
