using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

// What the advice rests on: links, commands, facts and rules with their origin, and what is not known.
internal sealed partial class OrderStory
{
    private List<Link> Links()
    {
        var links = new List<Link>();
        foreach (var one in section.Shipments.Where(s => Safe(s.Page) is not null))
            links.Add(
                new(
                    words.Say("links.source-page", new Values { { "provider", Names.OfProvider(one.Provider) } }),
                    Safe(one.Page)
                )
            );
        foreach (var one in section.Shipments.SelectMany(s => s.CarrierPages).DistinctBy(p => p.Address))
            links.Add(
                new(
                    words.Say("links.local-page", new Values { { "carrier", Names.OfCarrier(one.Carrier) } }),
                    Safe(one.Address)
                )
            );
        foreach (
            var one in section.Shipments.Where(s => Safe(s.LastMileSite) is not null && s.LastMileCarrier is not null)
        )
            links.Add(
                new(
                    words.Say(
                        "links.local-page",
                        new Values { { "carrier", new ForeignText(one.LastMileCarrier, ForeignText.NameLimit) } }
                    ),
                    Safe(one.LastMileSite)
                )
            );
        foreach (var place in Places().DistinctBy(place => place.Name))
        {
            var known = ContactsOf(place).ToList();
            links.AddRange(known.SelectMany(rule => rule.Contacts.Select(contact => LinkTo(place, contact, rule))));
            if (known.Count == 0 && place.IsNamedAlone)
                links.Add(new(words.Say($"links.{place.Name}", prose), null));
        }
        return links;
    }

    /// <summary>A place to go to.</summary>
    /// <param name="Name">Its key under <c>links</c>.</param>
    /// <param name="Role">Of the rules that know its address; null = no rule does.</param>
    /// <param name="Packs">The packs whose rules count.</param>
    /// <param name="IsNamedAlone">It is worth naming where nobody knows an address.</param>
    private sealed record Place(string Name, ContactRole? Role = null, string Packs = "", bool IsNamedAlone = true);

    private IEnumerable<Place> Places()
    {
        var order = new Place("order-page", ContactRole.OrderPage, Marketplaces);
        var rulesPage = new Place("protection-page", ContactRole.RulesPage, Marketplaces);
        if (!AskedSteps().Any())
            return [order];
        return AskedSteps()
            .SelectMany(step =>
                step switch
                {
                    Step.ContactSeller => [new Place("messages"), order with { IsNamedAlone = false }],
                    Step.CheckCustoms =>
                    [
                        new Place("carrier-customs", ContactRole.Carrier, "customs/"),
                        new Place("customs-authority", ContactRole.CustomsOffice, "customs/"),
                    ],
                    Step.KnowRefundRules => [order, rulesPage, new Place("return-policy")],
                    Step.OpenDispute =>
                    [
                        new Place("dispute-page", ContactRole.DisputePage, Marketplaces),
                        order,
                        rulesPage,
                    ],
                    Step.Chargeback when letters.Has("wallet") =>
                    [
                        new Place("wallet-page", ContactRole.DisputePage, "payment/"),
                        new Place("bank-form"),
                    ],
                    Step.Chargeback => [new Place("bank-form")],
                    Step.ConsumerBody =>
                    [
                        new Place("authority-page", ContactRole.Authority, "country/"),
                        new Place("consumer-centre", ContactRole.ConsumerCentre, "country/", IsNamedAlone: false),
                    ],
                    _ => (Place[])[order],
                }
            );
    }

    private const string Marketplaces = "marketplace/";

    private IEnumerable<ContactRule> ContactsOf(Place place) =>
        rules
            .InForce<ContactRule>(words.Today)
            .Where(rule => rule.Role == place.Role && rule.Pack.StartsWith(place.Packs, StringComparison.Ordinal));

    /// <summary>The rules that name the places to go to.</summary>
    private IEnumerable<ContactRule> Contacts() => Places().SelectMany(ContactsOf);

    private Link LinkTo(Place place, Contact contact, ContactRule rule) =>
        new(
            words.Has($"links.{place.Name}-named")
                ? words.Say($"links.{place.Name}-named", new Values { { "name", contact.Name } })
                : contact.Name,
            Safe(contact.Address),
            Mark(rule)
        );

    private static Uri? Safe(Uri? address) =>
        address is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? address : null;

    public IReadOnlyList<Command> Commands()
    {
        var order = OrderInCommands;
        var commands = new List<Command>();
        if (Lead is null)
            return commands;
        if (Lead.Reason.Code is ReasonCode.Delivered or ReasonCode.DeliveredUnseen)
        {
            Add($"close {order} received", "received");
            Add($"missing {order}", "missing");
            return commands;
        }
        if (!Asks)
            return commands;
        foreach (var step in AskedSteps())
            Add($"done {order} {step.Id()}", "done");
        if (Lead.Step == Step.OpenDispute)
            Add($"tell {order} dispute opened", "dispute");
        if (AskedSteps().Contains(Step.KnowRefundRules))
            Add($"tell {order} protection {Iso(section.Verdict.Window?.Protection ?? words.Today)}", "protection");
        if (Lead.Step == Step.CheckCustoms && section.Facts.CustomsHold?.Until is null)
            Add($"tell {order} customs hold-until {Iso(words.Today.AddDays(14))}", "hold");
        if (Lead.Step is Step.Chargeback or Step.ConsumerBody)
            Add($"close {order} refunded", "refund");
        Add($"snooze {order} 5d", "snooze");
        Add($"explain {order}", "explain");
        return commands;

        void Add(string line, string meaning) =>
            commands.Add(new Command($"trackwatch {line}", words.Say($"commands.{meaning}")));
    }

    /// <summary>The order's id as a shell takes it.</summary>
    private string OrderInCommands =>
        new ForeignText(Order.Id, ForeignText.NameLimit).ToString() is var id
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@')
            ? id
            : $"'{id.Replace("'", "", StringComparison.Ordinal)}'";

    private static string Iso(DateOnly day) =>
        day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

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
        foreach (var told in section.Facts.All)
        {
            var day = Domain.Days.In(zone, told.ToldAt);
            switch (told.Fact)
            {
                case Fact.StepDone done:
                    rows.Add(
                        new(
                            words.Say(
                                "facts.done",
                                new Values { { "step", words.Say($"steps.{done.Step.Id()}.name") } }
                            ),
                            words.Day(done.On ?? day),
                            Origin(told.Origin)
                        )
                    );
                    break;
                case Fact.CustomsHold { Until: { } until }:
                    AddDay("facts.hold", until, Origin(told.Origin));
                    break;
                case Fact.DisputeOpened opened:
                    AddDay("facts.dispute-opened", opened.On ?? day, Origin(told.Origin));
                    break;
                case Fact.DisputeDecided decided:
                    AddDay("facts.dispute-decided", decided.On ?? day, Origin(told.Origin));
                    break;
                case Fact.RefundApproved approved:
                    AddDay("facts.refund-approved", approved.On ?? day, Origin(told.Origin));
                    break;
                case Fact.Missing missing:
                    AddDay("facts.missing", missing.On ?? day, Origin(told.Origin));
                    break;
                case Fact.Snoozed snoozed:
                    AddDay("facts.snoozed", snoozed.Until, Origin(told.Origin));
                    break;
            }
        }
        return rows;

        void AddDay(string key, DateOnly? day, string? note)
        {
            if (day is { } at)
                rows.Add(new(words.Say(key, prose), words.Day(at), note));
        }
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
        if (ask == "unknown.ask-protection" && !AskedSteps().Contains(Step.KnowRefundRules))
            yield return new Block.Commands([
                new(
                    $"trackwatch tell {OrderInCommands} protection {Iso(words.Today.AddDays(30))}",
                    words.Say("commands.protection")
                ),
            ]);
    }
}
