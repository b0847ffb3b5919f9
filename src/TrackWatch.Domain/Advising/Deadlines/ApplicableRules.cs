using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>
/// The rules that bear on one order. Three countries are kept apart: the person's is the law's, the destination's is that of
/// customs, the card's is the bank's.
/// </summary>
public sealed class ApplicableRules
{
    private const string Union = "EU";

    private static readonly string[] Cards = ["visa", "mastercard", "amex", "troy", "discover"];

    private readonly RuleBook book;
    private readonly string? law;
    private readonly string? customs;
    private readonly string? bank;

    public ApplicableRules(OrderSnapshot snapshot)
        : this(snapshot.Rules, snapshot.Order, snapshot.Buyer) { }

    public ApplicableRules(RuleBook book, Order order, Person buyer)
    {
        this.book = book;
        var card = order.PaidWith is { } with ? buyer.Cards.GetValueOrDefault(with) : null;
        law = buyer.Country;
        customs = order.ShipTo?.Country ?? law;
        bank = card?.Country ?? law;
        Scheme = (card?.Scheme ?? order.PaidWith)?.ToLowerInvariant();
        var subdivision = Subdivision(order.ShipTo);
        All =
        [
            .. In($"marketplace/{order.Marketplace}", law, subdivision),
            .. Scheme is null ? [] : In($"payment/{Scheme}", bank, subdivision),
            .. IsCard ? In("payment/cards", bank, subdivision) : [],
            .. InCountry("country", law, subdivision),
            .. InCountry("customs", customs, null),
        ];
    }

    /// <summary>In whatever version; a rule's own date chooses.</summary>
    public IReadOnlyList<Rule> All { get; }

    /// <summary>Those of a kind that hold on a day, the order's own packs before those of wider regions.</summary>
    public IEnumerable<T> InForce<T>(DateOnly day)
        where T : Rule => All.OfType<T>().Where(rule => rule.IsInForce(day));

    /// <summary>Up to which value the consumer body decides on a day; null = no limit is known.</summary>
    public MoneyRule? AuthorityLimit(DateOnly day) =>
        InForce<MoneyRule>(day).FirstOrDefault(rule => rule.Role == MoneyRole.AuthorityLimit);

    /// <summary>visa, mastercard, … paypal, klarna, other; null = not known.</summary>
    public string? Scheme { get; }

    public bool IsCard => Cards.Contains(Scheme);

    /// <summary>Whose business days a rule counts: the bank's for payments, the destination's for customs, else the person's.</summary>
    public WorkCalendar CalendarOf(Rule rule) =>
        book.CalendarOf(
            rule.Pack.StartsWith("payment/", StringComparison.Ordinal) ? bank
            : rule.Pack.StartsWith("customs/", StringComparison.Ordinal) ? customs
            : law
        );

    private IEnumerable<Rule> In(string pack, string? country, string? subdivision) =>
        book.In(pack).Where(rule => Holds(rule, country, subdivision));

    /// <summary>The country's own pack, and what packs of wider regions say of it.</summary>
    private IEnumerable<Rule> InCountry(string kind, string? country, string? subdivision)
    {
        if (country is null)
            return [];
        var wider = book.OfRegion(country).Concat(IsInUnion(country) ? book.OfRegion(Union) : []);
        return In($"{kind}/{country}", country, subdivision)
            .Concat(wider.Where(rule => rule.Pack.StartsWith($"{kind}/", StringComparison.Ordinal)))
            .Distinct();
    }

    private static bool Holds(Rule rule, string? country, string? subdivision) =>
        rule.Regions.Count == 0
        || rule.Regions.Any(region =>
            region.Equals(country, StringComparison.OrdinalIgnoreCase)
            || region.Equals(subdivision, StringComparison.OrdinalIgnoreCase)
            || (region.Equals(Union, StringComparison.OrdinalIgnoreCase) && IsInUnion(country))
        );

    private static bool IsInUnion(string? country) =>
        country is not null && Countries.EuropeanUnion.Contains(country.ToUpperInvariant());

    /// <summary>Canadian provinces that rules tell apart, by the first letter of the postcode.</summary>
    private static string? Subdivision(Destination? to) =>
        to is { Country: "CA", Postcode: [var first, ..] }
            ? char.ToUpperInvariant(first) switch
            {
                'G' or 'H' or 'J' => "CA-QC",
                'K' or 'L' or 'M' or 'N' or 'P' => "CA-ON",
                'V' => "CA-BC",
                'T' => "CA-AB",
                _ => null,
            }
            : null;
}
