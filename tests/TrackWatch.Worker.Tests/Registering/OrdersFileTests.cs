using System.Text;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Tests.Registering;

public sealed class OrdersFileTests : IDisposable
{
    private const string One = "{email: me@example.org, number: LP00612345678901}";

    private readonly string folder = Directory.CreateTempSubdirectory("trackwatch-orders-").FullName;

    private OrdersPaths Paths => OrdersPaths.Of(Path.Combine(folder, "orders.yaml"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_least_that_works_is_an_address_and_a_number()
    {
        var found = Read($"orders:\n  - {One}\n");

        found.Problems.ShouldAllBe(p => p.Severity == Severity.Info);
        var person = found.People.ShouldHaveSingleItem();
        (person.Id, person.Email, person.Language, person.TimeZone).ShouldBe(
            ("me@example.org", "me@example.org", "en", "Europe/Berlin")
        );
        var (order, facts, at) = found.Orders.ShouldHaveSingleItem();
        (order.Id, order.Marketplace, order.Service).ShouldBe(("LP00612345678901", "aliexpress", null));
        order.People.ShouldBe(["me@example.org"]);
        order.Tracking.ShouldBe([new TrackedParcel("LP00612345678901")]);
        order.Assumed.ShouldBe(["marketplace", "ordered", "shipped", "service"], ignoreOrder: true);
        facts.ShouldBeEmpty();
        (at.Line, at.Column).ShouldBe((2, 5));
    }

    [Fact]
    public void The_full_form_reaches_every_field_and_fact()
    {
        var found = Read(
            """
            people:
              ayse:
                name: Ayşe Yılmaz
                address: |
                  Bağdat Cad. 1
                  34710 İstanbul
                email: ayse@example.org
                language: tr
                timezone: Europe/Istanbul
                country: tr
                digest: {at: "07:15", days: [thu, mon]}
                quiet_hours: "22:00-07:30"
                away: [{from: 2027-07-01, to: 2027-07-21}]
                cards: {visa-1: {scheme: visa, bank: Example Bank, last4: "0234", country: TR}}
              mehmet: {email: mehmet@example.org, digest: never}
            orders:
              - id: usb-hub
                people: [ayse, mehmet]
                marketplace: aliexpress
                order_number: 0081712345678901
                item: USB-C hub
                seller: ABC Store
                value: 23.90 EUR
                paid_with: visa-1
                paid_on: 2026-09-14
                charged: 1012.40 TRY
                tax_paid_at_checkout: true
                ordered: 2026-09-14
                shipped: 2026-09-16
                promised_by: 2026-10-20
                coupon_if_delayed_by: 2026-10-21
                protection_ends: 2026-11-28
                refund_if_undelivered_by: 2026-11-20
                service: saver
                ship_to: {country: DE, postcode: "01067"}
                tracking: [LP00612345678901, {number: rb 123 456 785 cn, provider: cainiao, carrier: PTT, replaces: LP00612345678900}]
                thresholds: {stalled: 10d, line_haul: {stalled: 20d, critical: 30}}
                tags: [gift]
                done: [check-number, {step: contact-seller, date: 2026-11-02, note: says wait 10 days}]
                customs: {notice: "A-12", asked_for: invoice, hold_until: 2026-10-14}
                dispute: {opened: 2026-11-20, id: 0077, outcome: refused, decided: 2026-11-27, amount: 0 EUR}
                refund: {approved: 2026-12-01, received: 2026-12-05, amount: 23.90 EUR}
                missing: 2026-11-21
                closed: received
            """
        );

        found.Problems.ShouldBeEmpty();
        var ayse = found.People.Single(p => p.Id == "ayse");
        ayse.Address.ShouldBe("Bağdat Cad. 1\n34710 İstanbul");
        ayse.Country.ShouldBe("TR");
        (ayse.Digest.At, ayse.Digest.Rhythm).ShouldBe((new TimeOnly(7, 15), DigestRhythm.Days));
        ayse.Digest.Days.ShouldBe([DayOfWeek.Monday, DayOfWeek.Thursday]);
        ayse.QuietHours.ShouldBe(new QuietHours(new TimeOnly(22, 0), new TimeOnly(7, 30)));
        ayse.Away.ShouldBe([new Absence(new DateOnly(2027, 7, 1), new DateOnly(2027, 7, 21))]);
        ayse.Cards["visa-1"].ShouldBe(new PaymentCard("visa", "Example Bank", "0234", "TR"));
        found.People.Single(p => p.Id == "mehmet").Digest.Rhythm.ShouldBe(DigestRhythm.Never);

        var (order, facts, _) = found.Orders.ShouldHaveSingleItem();
        order.People.ShouldBe(["ayse", "mehmet"]);
        order.OrderNumber.ShouldBe("0081712345678901");
        (order.Item, order.Seller, order.PaidWith).ShouldBe(("USB-C hub", "ABC Store", "visa-1"));
        (order.Value, order.Charged).ShouldBe((new Money(23.90m, "EUR"), new Money(1012.40m, "TRY")));
        (order.PaidOn, order.Ordered, order.Shipped).ShouldBe((On("09-14"), On("09-14"), On("09-16")));
        (order.PromisedBy, order.CouponIfDelayedBy, order.RefundIfUndeliveredBy).ShouldBe(
            (On("10-20"), On("10-21"), On("11-20"))
        );
        (order.TaxPaidAtCheckout, order.Service, order.ShipTo).ShouldBe(
            (true, ShippingService.Saver, new Destination("DE", "01067"))
        );
        order.Tracking.ShouldBe([
            new TrackedParcel("LP00612345678901"),
            new TrackedParcel("RB123456785CN", "cainiao", "PTT", "LP00612345678900"),
        ]);
        order.Thresholds.All.ShouldBe(new LevelDays(Stalled: 10));
        order
            .Thresholds.PerLeg.ShouldHaveSingleItem()
            .ShouldBe(KeyValuePair.Create(Leg.LineHaul, new LevelDays(null, 20, 30)));
        order.Tags.ShouldBe(["gift"]);
        order.Assumed.ShouldBeEmpty();
        facts.ShouldBe([
            new Fact.ProtectionEnds(On("11-28")!.Value),
            new Fact.StepDone(Step.CheckNumber),
            new Fact.StepDone(Step.ContactSeller, On("11-02"), "says wait 10 days"),
            new Fact.CustomsHold(On("10-14"), "A-12", "invoice"),
            new Fact.DisputeOpened(On("11-20"), "0077"),
            new Fact.DisputeDecided(DisputeOutcome.Refused, On("11-27"), new Money(0, "EUR")),
            new Fact.RefundApproved(On("12-01"), new Money(23.90m, "EUR")),
            new Fact.RefundReceived(On("12-05"), new Money(23.90m, "EUR")),
            new Fact.Missing(On("11-21")),
            new Fact.Closed(ClosedWhy.Received),
        ]);
    }

    [Fact]
    public void False_and_nothing_mean_that_the_file_does_not_say()
    {
        var keys =
            "done: false, customs: no, dispute: False, refund: off, missing: false, closed: false, protection_ends: no";
        Read($"orders:\n  - {{email: me@example.org, number: LP00612345678901, {keys}}}\n")
            .Orders[0]
            .Facts.ShouldBeEmpty();
        keys = "done: , customs: ~, dispute: null, refund: , missing: , closed: , protection_ends: , item: \"\"";
        var order = Read($"orders:\n  - {{email: me@example.org, number: LP00612345678901, {keys}}}\n").Orders[0];
        order.Facts.ShouldBeEmpty();
        order.Order.Item.ShouldBeNull();
        Read("orders:\n  - {email: me@example.org, number: LP00612345678901, missing: true}\n")
            .Orders[0]
            .Facts.ShouldBe([new Fact.Missing()]);
    }

    /// <summary>What YAML would make of these values on its own, and what they are here.</summary>
    [Theory]
    [InlineData("order_number: 0081712345678901234567", "0081712345678901234567")]
    [InlineData("order_number: 8171234567890123", "8171234567890123")]
    [InlineData("order_number: 1e3", "1e3")]
    [InlineData("order_number: 0x10", "0x10")]
    [InlineData("order_number: 0o17", "0o17")]
    [InlineData("order_number: 1_000", "1_000")]
    [InlineData("order_number: 22:00", "22:00")]
    [InlineData("order_number: 2026-09-14", "2026-09-14")]
    [InlineData("order_number: yes", "yes")]
    [InlineData("order_number: on", "on")]
    [InlineData("order_number: NULL", "NULL")]
    [InlineData("order_number: .inf", ".inf")]
    [InlineData("order_number: \"~\"", "~")]
    [InlineData("order_number: 'null'", "null")]
    [InlineData("order_number: ~", null)]
    [InlineData("order_number: null", null)]
    [InlineData("order_number:", null)]
    [InlineData("order_number: 12 # a comment", "12")]
    [InlineData("order_number: 12#34", "12#34")]
    [InlineData("order_number: >\n      folded\n      lines\n", "folded lines")]
    public void Text_stays_the_text_that_was_written(string key, string? expected) =>
        Read($"orders:\n  - email: me@example.org\n    number: LP00612345678901\n    {key}\n")
            .Orders[0]
            .Order.OrderNumber.ShouldBe(expected);

    [Fact]
    public void Norway_is_a_country_and_all_digits_are_a_tracking_number()
    {
        var order = Read("orders:\n  - {email: me@example.org, tracking: 00340434161094042557, ship_to: no}\n")
            .Orders[0]
            .Order;
        order.ShipTo.ShouldBe(new Destination("NO"));
        order.Id.ShouldBe("00340434161094042557");
        order.Tracking.ShouldBe([new TrackedParcel("00340434161094042557")]);
    }

    [Fact]
    public void Times_of_day_need_no_quotes()
    {
        var found = Read(
            "people:\n  a: {email: a@example.org, digest: {at: 22:00}, quiet_hours: 22:00-7:30, language: no}\norders: []\n"
        );
        found.People[0].Digest.At.ShouldBe(new TimeOnly(22, 0));
        found.People[0].QuietHours!.To.ShouldBe(new TimeOnly(7, 30));
        found.People[0].Language.ShouldBe("no");
        found.Problems.ShouldHaveSingleItem().Message.ShouldContain("there is no translation to 'no' yet");
    }

    [Fact]
    public void The_file_and_the_folder_are_read_together_in_order()
    {
        Write("orders.yaml", $"people: {{ayse: {{email: me@example.org}}}}\norders: [{One}]\n");
        Write("orders.d/b.yaml", "orders: [{person: ayse, number: LP00612345678903}]\n");
        Write("orders.d/a.yaml", "orders: [{person: ayse, number: LP00612345678902}]\n");
        Write("orders.d/_added.yaml", "orders: [{number: LP00612345678904}]\n");
        Write("orders.d/.hidden.yaml", "no: [yaml");
        Write("orders.d/c.yml", "orders: []");

        var found = Read();

        found.Sources.ShouldBe([
            In("orders.yaml"),
            In("orders.d/_added.yaml"),
            In("orders.d/a.yaml"),
            In("orders.d/b.yaml"),
        ]);
        found
            .Orders.Select(o => o.Order.Id)
            .ShouldBe(["LP00612345678901", "LP00612345678904", "LP00612345678902", "LP00612345678903"]);
        found.People.ShouldHaveSingleItem().Id.ShouldBe("ayse", "an address that a person has is that person");
        found.Orders[1].Order.Assumed.ShouldContain("person");
        found
            .Problems.Single(p => p.Severity != Severity.Info)
            .ToString()
            .ShouldBe($"{In("orders.d/c.yml")}: warning: This file is not read; its name must end with .yaml.");
    }

    [Fact]
    public void The_same_order_or_person_in_two_files_is_told_with_both_places()
    {
        Write(
            "orders.yaml",
            "people:\n  ayse: {email: a@example.org}\norders:\n  - {id: hub, person: ayse, number: LP00612345678901}\n"
        );
        Write(
            "orders.d/a.yaml",
            "people:\n  ayse: {email: b@example.org}\norders:\n  - {id: HUB, person: ayse, number: LP00612345678902}\n"
        );

        var errors = Read().Problems.Where(p => p.Severity == Severity.Error).Select(p => p.ToString()).ToList();

        errors.Count.ShouldBe(2);
        errors[0]
            .ShouldStartWith(
                $"{In("orders.d/a.yaml")}:2:3: error: people: 'ayse' stands twice; the first is at {In("orders.yaml")}:2:3."
            );
        errors[1]
            .ShouldStartWith(
                $"{In("orders.d/a.yaml")}:4:10: error: The order 'HUB' stands twice; the first is at {In("orders.yaml")}:4:10."
            );
    }

    [Fact]
    public void Nothing_to_read_is_not_the_same_as_no_orders()
    {
        Nothing().Why.ShouldStartWith("There is no orders file: ");
        Directory.CreateDirectory(In("orders.d"));
        Nothing();
        Write("orders.yaml", "");
        Nothing().Why.ShouldStartWith("No order stands in ");
        Write("orders.yaml", "# orders:\n#   - …\n");
        Nothing();
        Write("orders.yaml", "orders:\n#   - …\n");
        Nothing();
        Write("orders.yaml", "people: {ayse: {email: a@example.org}}\n");
        Nothing();
        Write("orders.yaml", "orders: []\n");
        Read().Orders.ShouldBeEmpty();

        OrdersReading.Nothing Nothing() =>
            OrdersFile.Read(Paths, new OrdersContext()).ShouldBeOfType<OrdersReading.Nothing>();
    }

    [Fact]
    public void A_broken_file_beside_a_good_one_makes_the_whole_reading_unusable()
    {
        Write("orders.yaml", $"orders: [{One}]\n");
        Read().IsUsable.ShouldBeTrue();
        Write("orders.d/a.yaml", "orders: [\n");
        Read().IsUsable.ShouldBeFalse();
    }

    [Fact]
    public void The_hash_is_of_names_and_content_and_not_of_the_folder()
    {
        var first = Read($"orders: [{One}]\n").ContentHash;
        first.Length.ShouldBe(64);
        Read($"orders: [{One}]\n").ContentHash.ShouldBe(first);
        Read($"orders: [{One}] # changed\n").ContentHash.ShouldNotBe(first);
        var other = Directory.CreateTempSubdirectory("trackwatch-orders-").FullName;
        File.WriteAllText(Path.Combine(other, "orders.yaml"), $"orders: [{One}]\n");
        OrdersFile
            .Read(OrdersPaths.Of(Path.Combine(other, "orders.yaml")), new OrdersContext())
            .ShouldBeOfType<OrdersReading.Found>()
            .ContentHash.ShouldBe(first);
        Directory.Delete(other, recursive: true);
    }

    [Theory]
    [InlineData("ordered: 2026-09-14, shipped: 2026-09-13", "'shipped' (2026-09-13) is before 'ordered' (2026-09-14)")]
    [InlineData("protection_ends: 2026-10-31", "The protection of 'LP00612345678901' is over since 2026-10-31.")]
    [InlineData("ordered: 2027-09-14", "'ordered' of 'LP00612345678901' lies in the future (2027-09-14).")]
    [InlineData(
        "dispute: {opened: 2026-10-02, outcome: partial, decided: 2026-10-01}",
        "'decided' (2026-10-01) is before 'opened'"
    )]
    [InlineData("value: 5 EUT", "'EUT' is no currency code that is known here. Did you mean")]
    [InlineData("marketplace: aliexpres", "No rules are known for the marketplace 'aliexpres'")]
    [InlineData("tags: []", "looks mistyped")]
    public void Doubts_are_warnings_and_the_orders_count(string keys, string expected)
    {
        Write("orders.yaml", $"orders:\n  - {{email: me@example.org, number: LP00612345678901, {keys}}}\n");
        var context = new OrdersContext
        {
            Today = new DateOnly(2026, 11, 1),
            Marketplaces = ["aliexpress"],
            DoubtAboutNumber = n => keys.StartsWith("tags", StringComparison.Ordinal) ? $"{n} looks mistyped." : null,
        };

        var reading = OrdersFile.Read(Paths, context);

        reading.IsUsable.ShouldBeTrue();
        var warning = reading.Problems.Where(p => p.Severity == Severity.Warning).ShouldHaveSingleItem();
        warning.ToString().ShouldContain(expected);
        warning.Line.ShouldBe(2);
    }

    [Fact]
    public void Missing_facts_are_told_as_information_until_the_order_is_closed()
    {
        var infos = Read($"orders:\n  - {One}\n").Problems;
        infos.ShouldContain(p =>
            p.Message == "'LP00612345678901': with 'protection_ends' the last day for a dispute would be exact."
        );
        infos.ShouldContain(p => p.Message.Contains("'ship_to'", StringComparison.Ordinal));
        Read("orders:\n  - {email: me@example.org, number: LP00612345678901, closed: received}\n")
            .Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_beyond_the_bounds_or_in_another_encoding_are_refused_with_a_reason()
    {
        Refuses([.. "orders: []\n"u8, .. Enumerable.Repeat((byte)'#', 1024 * 1024)], "larger than 1 MiB");
        Refuses([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("orders: []\n")], "UTF-16");
        Refuses([.. "orders: []\n#"u8, 0], "U+0000");
        File.WriteAllBytes(In("orders.yaml"), [.. Encoding.UTF8.Preamble, .. "orders: []\r\n"u8]);
        Read().Problems.ShouldBeEmpty("a byte order mark and Windows line ends are no trouble");

        void Refuses(byte[] bytes, string why)
        {
            File.WriteAllBytes(In("orders.yaml"), bytes);
            OrdersFile.Read(Paths, new OrdersContext()).Problems.ShouldHaveSingleItem().Message.ShouldContain(why);
        }
    }

    [Fact]
    public void A_hopeless_file_tells_its_first_errors_and_how_many_more_there_are()
    {
        var people = string.Concat(Enumerable.Range(0, 1000).Select(i => $"  p{i}: {{email: p{i}@example.org}}\n"));
        var orders = string.Concat(Enumerable.Range(0, 1000).Select(i => $"  - {{person: q{i}, number: LP{i:D14}}}\n"));
        Write("orders.yaml", $"people:\n{people}orders:\n{orders}");

        var problems = OrdersFile
            .Read(Paths, new OrdersContext())
            .Problems.Where(p => p.Severity == Severity.Error)
            .ToList();

        problems.Count.ShouldBe(201);
        problems[0].Message.Length.ShouldBeLessThan(200);
        problems[^1].Message.ShouldBe("800 more errors are not listed.");
    }

    [Fact]
    public void A_value_of_a_megabyte_is_refused_unread()
    {
        Write(
            "orders.yaml",
            $"orders:\n  - {{email: me@example.org, number: LP00612345678901, value: \"{new string(' ', 1_000_000)}\"}}\n"
        );
        OrdersFile
            .Read(Paths, new OrdersContext())
            .Problems.ShouldContain(p =>
                p.Message.EndsWith("is longer than 4000 characters.", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void Whatever_stands_in_a_file_ends_as_problems_and_never_as_an_exception()
    {
        string[] pieces =
        [
            "orders",
            "people",
            ":",
            "- ",
            "\n",
            "\n  ",
            "\n    ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "\"",
            "'",
            "|",
            ">",
            "&a ",
            "*a",
            "!t ",
            "? ",
            "#",
            "%",
            "\t",
            "---\n",
            "...\n",
            "email: me@example.org",
            "number: LP00612345678901",
            "~",
            "\\",
            "done: ",
            "digest: ",
            "away: ",
            "missing: ",
            "é",
            "0",
            "<<: ",
            "@",
        ];
        var random = new Random(20261122);
        for (var i = 0; i < 800; i++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 30)).Select(_ => pieces[random.Next(pieces.Length)])
            );
            var start = random.Next(2) == 0 ? "orders:\n  - " : "";
            File.WriteAllText(In("orders.yaml"), start + text);
            Should.NotThrow(() => OrdersFile.Read(Paths, new OrdersContext()), start + text);
        }
    }

    private static DateOnly? On(string monthAndDay) =>
        DateOnly.Parse($"2026-{monthAndDay}", System.Globalization.CultureInfo.InvariantCulture);

    private OrdersReading.Found Read(string? yaml = null)
    {
        if (yaml is not null)
            Write("orders.yaml", yaml);
        var reading = OrdersFile.Read(Paths, new OrdersContext { TimeZone = "Europe/Berlin" });
        return reading.ShouldBeOfType<OrdersReading.Found>(string.Join('\n', reading.Problems));
    }

    private string In(string path) => Path.Combine(folder, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }
}
