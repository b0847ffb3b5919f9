using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

// Where to go.
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

    /// <summary>The one place where the step is taken; null = nobody knows its address.</summary>
    private Link? PlaceOfStep() =>
        Places()
            .DistinctBy(place => place.Name)
            .SelectMany(place =>
                ContactsOf(place).SelectMany(rule => rule.Contacts.Select(contact => LinkTo(place, contact, rule)))
            )
            .FirstOrDefault(link => link.Address is not null);

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
}
