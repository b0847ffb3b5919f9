using System.Globalization;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Registering;

/// <summary>Makes people and orders out of what the files say, and checks what no single key can know.</summary>
internal sealed class OrdersAssembler(OrdersContext context, Places places, Problems problems)
{
    private static readonly string[] PaymentWords = ["visa", "mastercard", "amex", "troy", "paypal", "klarna", "other"];

    private readonly Dictionary<string, Person> people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Person> personByEmail = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Place> personAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Place> orderAt = new(StringComparer.OrdinalIgnoreCase);

    public (IReadOnlyList<Person> People, IReadOnlyList<OrderInFile> Orders) Assemble(
        IReadOnlyList<OrdersEntries> files
    )
    {
        foreach (var file in files)
        foreach (var (id, entry) in file.People)
            AddPerson(id, entry, places.Of(file.People, id));

        // All addresses before any order: an order that names nobody belongs to the only person there is.
        var entries = files.SelectMany(f => f.Orders).ToList();
        foreach (var entry in entries)
            AddPersonByAddress(entry);
        var orders = entries.Select(Order).OfType<OrderInFile>().ToList();
        return ([.. people.Values], orders);
    }

    private void AddPerson(string id, PersonEntry entry, Place at)
    {
        if (
            !ValueForms.For(typeof(string), TextForm.Id)!.Read(id).Fits
            && !ValueForms.For(typeof(string), TextForm.Email)!.Read(id).Fits
        )
            problems.Error(at, $"people: '{id}' cannot be a key; use letters, digits, '.', '-' and '_'.");
        if (!personAt.TryAdd(id, at))
        {
            problems.Error(at, $"people: '{id}' stands twice; the first is at {personAt[id]}. Keep one of them.");
            return;
        }
        if (entry.Language is { } language && LanguageFiles.Closest(language, context.Languages) is null)
            problems.Warning(
                places.Of(entry, nameof(entry.Language)),
                $"people.{id}.language: there is no translation to '{language}' yet; the mails come in English."
            );
        foreach (
            var away in entry.Away.Where(a =>
                a.To < a.From && places.Said(a, nameof(a.To)) && places.Said(a, nameof(a.From))
            )
        )
            problems.Error(places.Of(away, nameof(away.To)), $"people.{id}.away: 'to' is before 'from'.");

        var person = new Person
        {
            Id = id,
            Email = entry.Email is [var first, ..] ? first : "",
            MoreEmails = [.. (entry.Email ?? []).Skip(1).Distinct(StringComparer.OrdinalIgnoreCase)],
            Name = entry.Name,
            Address = entry.Address,
            Language = entry.Language ?? "en",
            TimeZone = entry.Timezone ?? context.TimeZone,
            Country = entry.Country,
            Digest = Digest(id, entry.Digest),
            QuietHours = entry.QuietHours,
            AttachEvidence = entry.AttachEvidence,
            DailyCap = entry.DailyCap,
            Calendar = entry.Calendar,
            Away = [.. entry.Away.Select(a => new Absence(a.From, a.To))],
            Cards = entry.Cards.ToDictionary(
                c => c.Key,
                c => new PaymentCard(ValueForms.Word(c.Value.Scheme), c.Value.Bank, c.Value.Last4, c.Value.Country),
                StringComparer.Ordinal
            ),
        };
        people[id] = person;
        // Of two people with one address the first gets the orders that name only the address.
        foreach (var email in person.Emails)
            personByEmail.TryAdd(email, person);
    }

    private DigestSchedule Digest(string person, DigestEntry? entry)
    {
        var schedule = DigestSchedule.Default;
        if (entry is null)
            return schedule;
        schedule = schedule with { At = entry.At ?? schedule.At };
        if (entry.Days.Count == 0)
            return schedule;
        var weekdays = entry.Days.Where(d => d >= DigestDay.Mon).Distinct().Order().Select(WeekdayOf).ToList();
        if (weekdays.Count > 0 && entry.Days.All(d => d >= DigestDay.Mon))
            return schedule with { Rhythm = DigestRhythm.Days, Days = weekdays };
        if (entry.Days.Count > 1)
        {
            problems.Error(
                places.Of(entry, nameof(entry.Days)),
                $"people.{person}.digest.days: either one of auto, daily, weekdays, weekly, never, or days of the week like [mon, thu]."
            );
            return schedule;
        }
        return schedule with { Rhythm = Enum.Parse<DigestRhythm>(entry.Days[0].ToString()) };
    }

    private static DayOfWeek WeekdayOf(DigestDay day) => (DayOfWeek)(((int)day - (int)DigestDay.Mon + 1) % 7);

    private void AddPersonByAddress(OrderEntry entry)
    {
        if (entry.Email is not { } email || personByEmail.ContainsKey(email))
            return;
        people[email] = personByEmail[email] = new Person
        {
            Id = email,
            Email = email,
            TimeZone = context.TimeZone,
        };
    }

    private OrderInFile? Order(OrderEntry entry)
    {
        var at = places.Of(entry);
        var tracking = Parcels(entry);
        var id = entry.Id ?? (tracking.Count > 0 ? tracking[0].Number : null);
        // Without an id there is no number either, and that was told.
        if (id is null)
            return null;
        var idAt = places.Of(entry, nameof(entry.Id));
        if (!orderAt.TryAdd(id, idAt))
        {
            var hint = entry.Id is null ? " Give this one an 'id' of its own." : " Give each order an id of its own.";
            problems.Error(idAt, $"The order '{id}' stands twice; the first is at {orderAt[id]}.{hint}");
            return null;
        }

        var assumed = new List<string>();
        T Assume<T>(T? said, string key, T otherwise)
        {
            if (said is null)
                assumed.Add(key);
            return said ?? otherwise;
        }

        var owners = Owners(entry, id, assumed);
        CheckMarketplace(entry, id);
        CheckPayment(entry, id, owners);
        CheckDates(entry, id);
        var order = new Order
        {
            Id = id,
            People = [.. owners.Select(p => p.Id)],
            Tracking = tracking,
            Marketplace = Assume(entry.Marketplace?.ToLowerInvariant(), "marketplace", "aliexpress"),
            OrderNumber = entry.OrderNumber,
            Item = entry.Item,
            Seller = entry.Seller,
            Value = entry.Value,
            PaidWith = entry.PaidWith,
            PaidOn = entry.PaidOn,
            Charged = entry.Charged,
            TaxPaidAtCheckout = entry.TaxPaidAtCheckout ?? false,
            Ordered = Assume<DateOnly?>(entry.Ordered, "ordered", null),
            Shipped = Assume<DateOnly?>(entry.Shipped, "shipped", null),
            PromisedBy = entry.PromisedBy,
            CouponIfDelayedBy = entry.CouponIfDelayedBy,
            RefundIfUndeliveredBy = entry.RefundIfUndeliveredBy,
            Service = Assume<ShippingService?>(entry.Service, "service", null),
            ShipTo = entry.ShipTo is { } to ? new Destination(to.Country, to.Postcode) : null,
            Thresholds = Thresholds(entry.Thresholds, id),
            Tags = entry.Tags,
            Assumed = assumed,
        };
        if (entry.Closed is null)
            TellWhatWouldHelp(entry, order, owners);
        return new OrderInFile(order, entry.Facts(), at);
    }

    private List<TrackedParcel> Parcels(OrderEntry entry)
    {
        var saidNumber = places.Said(entry, nameof(entry.Number));
        var saidTracking = places.Said(entry, nameof(entry.Tracking));
        if (saidNumber && saidTracking)
            problems.Error(places.Of(entry, nameof(entry.Number)), "Say 'number' or 'tracking', not both.");
        else if (!saidNumber && !saidTracking)
            problems.Error(
                places.Of(entry),
                $"The order{Named(entry)} has no tracking number; add 'tracking: [LP00612345678901]'."
            );

        var parcels = new List<TrackedParcel>();
        if (entry.Number is { } number)
            Add(new ParcelEntry { Number = number }, places.Of(entry, nameof(entry.Number)));
        for (var i = 0; i < entry.Tracking.Count; i++)
            Add(entry.Tracking[i], places.Of(entry.Tracking, i));
        return parcels;

        void Add(ParcelEntry parcel, Place at)
        {
            // Missing or wrong; told already.
            if (parcel.Number is null)
                return;
            if (parcels.Exists(p => p.Number == parcel.Number))
            {
                problems.Error(at, $"The number {parcel.Number} stands twice in this order. Keep one of them.");
                return;
            }
            if (parcel.Provider is { } provider && !context.Providers.Contains(provider))
                problems.Error(
                    places.Of(parcel, nameof(parcel.Provider)),
                    $"'{provider}' is no provider; known are {Spelling.List(context.Providers)}.",
                    Spelling.Closest(provider, context.Providers)
                );
            if (parcel.Replaces == parcel.Number)
                problems.Error(places.Of(parcel, nameof(parcel.Replaces)), "A number cannot replace itself.");
            if (context.DoubtAboutNumber(parcel.Number) is { } doubt)
                problems.Warning(at, doubt);
            parcels.Add(new TrackedParcel(parcel.Number, parcel.Provider, parcel.Carrier, parcel.Replaces));
        }
    }

    private List<Person> Owners(OrderEntry entry, string id, List<string> assumed)
    {
        var named = new List<(string Id, Place At)>();
        if (entry.Person is { } one)
            named.Add((one, places.Of(entry, nameof(entry.Person))));
        named.AddRange(entry.People.Select((p, i) => (p, places.Of(entry.People, i))));

        string[] ways =
        [
            .. new[] { nameof(entry.Person), nameof(entry.People), nameof(entry.Email) }.Where(k =>
                places.Said(entry, k)
            ),
        ];
        if (ways.Length > 1)
            problems.Error(
                places.Of(entry, ways[1]),
                $"The order '{id}' says {string.Join(" and ", ways.Select(w => $"'{w.ToLowerInvariant()}'"))}; keep one of them."
            );
        if (ways.Length > 0 && entry.Email is { } email)
            return [personByEmail[email]];

        var owners = new List<Person>();
        foreach (var (name, at) in named)
        {
            if (!people.TryGetValue(name, out var person))
                problems.Error(
                    at,
                    personAt.Count == 0
                        ? $"There is no person '{name}'; add 'people: {{{name}: {{email: …}}}}'."
                        : $"There is no person '{name}'; known are {Spelling.List(personAt.Keys)}.",
                    Spelling.Closest(name, personAt.Keys)
                );
            else if (!owners.Contains(person))
                owners.Add(person);
        }
        if (ways.Length > 0)
            return owners;
        if (people.Count == 1)
        {
            assumed.Add("person");
            return [.. people.Values];
        }
        problems.Error(
            places.Of(entry),
            $"The order '{id}' does not say whose it is; add 'person: …' or 'email: me@example.org'."
        );
        return owners;
    }

    private void CheckMarketplace(OrderEntry entry, string id)
    {
        if (entry.Marketplace is not { } said || context.Marketplaces.Count == 0)
            return;
        if (!context.Marketplaces.Contains(said, StringComparer.OrdinalIgnoreCase))
            problems.Warning(
                places.Of(entry, nameof(entry.Marketplace)),
                $"No rules are known for the marketplace '{said}' of '{id}'; its deadlines come from law and card alone.",
                Spelling.Closest(said, context.Marketplaces)
            );
    }

    private void CheckPayment(OrderEntry entry, string id, List<Person> owners)
    {
        if (entry.PaidWith is not { } paid || owners.Count == 0)
            return;
        var cards = owners[0].Cards.Keys.ToList();
        if (cards.Contains(paid) || PaymentWords.Contains(paid))
            return;
        var whose = cards.Count == 0 ? "" : $"a card of {owners[0].Id} ({Spelling.List(cards)}) or ";
        problems.Error(
            places.Of(entry, nameof(entry.PaidWith)),
            $"The order '{id}' was paid with '{paid}', which is not {whose}one of {string.Join(", ", PaymentWords)}.",
            Spelling.Closest(paid, cards.Concat(PaymentWords))
        );
    }

    private void CheckDates(OrderEntry entry, string id)
    {
        InOrder(entry, nameof(entry.Ordered), entry.Ordered, entry, nameof(entry.Shipped), entry.Shipped);
        InOrder(entry, nameof(entry.Ordered), entry.Ordered, entry, nameof(entry.PromisedBy), entry.PromisedBy);
        InOrder(entry, nameof(entry.Shipped), entry.Shipped, entry, nameof(entry.PromisedBy), entry.PromisedBy);
        InOrder(entry, nameof(entry.Ordered), entry.Ordered, entry, nameof(entry.ProtectionEnds), entry.ProtectionEnds);
        InOrder(
            entry,
            nameof(entry.Ordered),
            entry.Ordered,
            entry,
            nameof(entry.RefundIfUndeliveredBy),
            entry.RefundIfUndeliveredBy
        );
        if (entry.Dispute is { } dispute)
        {
            InOrder(entry, nameof(entry.Ordered), entry.Ordered, dispute, nameof(dispute.Opened), dispute.Opened);
            InOrder(dispute, nameof(dispute.Opened), dispute.Opened, dispute, nameof(dispute.Decided), dispute.Decided);
            if (
                dispute.Outcome is null
                && (dispute.Decided ?? (object?)dispute.Amount) is not null
                && !places.Said(dispute, nameof(dispute.Outcome))
            )
                problems.Error(
                    places.Of(dispute),
                    $"The dispute of '{id}' was decided, but 'outcome' is missing: granted, partial or refused."
                );
        }
        if (entry.Refund is { } refund)
        {
            InOrder(refund, nameof(refund.Approved), refund.Approved, refund, nameof(refund.Received), refund.Received);
            if (!places.Said(refund, nameof(refund.Approved)) && !places.Said(refund, nameof(refund.Received)))
                problems.Error(places.Of(refund), $"The refund of '{id}' has no day; add 'approved' or 'received'.");
        }

        if (context.Today is not { } today)
            return;
        if (entry.ProtectionEnds < today && entry is { Closed: null, Dispute: null })
            problems.Warning(
                places.Of(entry, nameof(entry.ProtectionEnds)),
                $"The protection of '{id}' is over since {Write(entry.ProtectionEnds.Value)}. If it was extended, write the new day."
            );
        (DateOnly? Day, string Key)[] past =
        [
            (entry.Ordered, nameof(entry.Ordered)),
            (entry.Shipped, nameof(entry.Shipped)),
            (entry.PaidOn, nameof(entry.PaidOn)),
        ];
        foreach (var (day, key) in past)
        {
            // A day of slack: the file's today can be another zone's tomorrow.
            if (day > today.AddDays(1))
                problems.Warning(
                    places.Of(entry, key),
                    $"'{KeyOf<OrderEntry>(key)}' of '{id}' lies in the future ({Write(day.Value)})."
                );
        }
    }

    private void InOrder(object a, string earlier, DateOnly? from, object b, string later, DateOnly? to)
    {
        if (to < from)
            problems.Warning(
                places.Of(b, later),
                $"'{KeyOf(b, later)}' ({Write(to.Value)}) is before '{KeyOf(a, earlier)}' ({Write(from.Value)}); is one of them mistyped?"
            );
    }

    private ThresholdOverrides Thresholds(ThresholdsEntry? entry, string id)
    {
        if (entry is null)
            return ThresholdOverrides.None;
        (Leg Leg, LevelsEntry? Levels)[] legs =
        [
            (Leg.Label, entry.Label),
            (Leg.Origin, entry.Origin),
            (Leg.LineHaul, entry.LineHaul),
            (Leg.ImportCustoms, entry.ImportCustoms),
            (Leg.Handover, entry.Handover),
            (Leg.LastMile, entry.LastMile),
            (Leg.PickupPoint, entry.PickupPoint),
        ];
        return new ThresholdOverrides(
            Levels(entry, id),
            legs.Where(l => l.Levels is not null).ToDictionary(l => l.Leg, l => Levels(l.Levels!, id))
        );
    }

    private LevelDays Levels(LevelsEntry entry, string id)
    {
        int?[] days = [entry.Notice, entry.Stalled, entry.Critical];
        var said = days.OfType<int>().ToList();
        if (!said.SequenceEqual(said.Order()))
            problems.Error(
                places.Of(entry),
                $"The thresholds of '{id}' must rise from notice over stalled to critical."
            );
        return new LevelDays(entry.Notice, entry.Stalled, entry.Critical);
    }

    /// <summary>Facts that are not there and would make a date exact. One line each, for <c>check</c>.</summary>
    private void TellWhatWouldHelp(OrderEntry entry, Order order, List<Person> owners)
    {
        void Tell(bool missing, string key, string sharpens)
        {
            if (missing)
                problems.Info(
                    places.Of(entry),
                    $"'{order.Id}': with '{key}' {sharpens}.",
                    new MissingFact(order.Id, key)
                );
        }
        Tell(entry.ProtectionEnds is null, "protection_ends", "the last day for a dispute would be exact");
        Tell(entry.PromisedBy is null, "promised_by", "it would be known when the delivery counts as late");
        Tell(
            entry.Ordered is null,
            "ordered",
            "the windows that count from the purchase would not be guessed from the first event"
        );
        Tell(
            entry.PaidWith is null || (entry.PaidOn is null && entry.Ordered is null),
            entry.PaidWith is null ? "paid_with" : "paid_on",
            "the bank's last day for a chargeback would be known"
        );
        Tell(
            entry.ShipTo is null && owners.All(p => p.Country is null),
            "ship_to",
            "customs rules and the law of the country could be applied"
        );
    }

    private static string Named(OrderEntry entry) => entry.Id is null ? "" : $" '{entry.Id}'";

    private static string KeyOf(object owner, string property) =>
        Shape.Of(owner.GetType()).Keys.Single(k => k.Property.Name == property).Name;

    private static string KeyOf<T>(string property) =>
        Shape.Of(typeof(T)).Keys.Single(k => k.Property.Name == property).Name;

    private static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
