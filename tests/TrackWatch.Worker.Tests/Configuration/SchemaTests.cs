using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Rules;

namespace TrackWatch.Worker.Tests.Configuration;

public sealed class SchemaTests
{
    private const string Number = "LP00612345678901";
    private const string Mine = "providers: {custom: {mine: {url: \"https://a.example/{number}\", list: $.e, time: t";

    /// <summary>One order's keys, read by both.</summary>
    public static TheoryData<bool, string> Orders =>
        new()
        {
            { true, "" },
            { true, "item: USB-C hub" },
            { true, "item: 12345" },
            { true, "item: true" },
            { true, "item: ~" },
            { true, "order_number: 0081712345678901234" },
            { true, "ordered: 2026-09-14" },
            { true, "ordered: \"2026-09-14\"" },
            { true, "ordered:" },
            { false, "ordered: 14.09.2026" },
            { false, "ordered: 2026-9-14" },
            { false, "ordered: 20260914" },
            { false, "ordered: [2026-09-14]" },
            { true, "value: 23.90 EUR" },
            { true, "value: TRY 5" },
            { false, "value: 23,90 EUR" },
            { false, "value: 23.90" },
            { false, "value: -5 EUR" },
            { true, "tax_paid_at_checkout: yes" },
            { true, "tax_paid_at_checkout: OFF" },
            { true, "tax_paid_at_checkout: 1" },
            { false, "tax_paid_at_checkout: 2" },
            { false, "tax_paid_at_checkout: maybe" },
            { true, "service: standard" },
            { true, "service: Standard" },
            { false, "service: express" },
            { true, "ship_to: no" },
            { true, "ship_to: {country: TR, postcode: 01234}" },
            { false, "ship_to: {postcode: 01234}" },
            { false, "ship_to: Turkey" },
            { true, "thresholds: {stalled: 10d, line_haul: {critical: 40}}" },
            { false, "thresholds: {stalled: 0}" },
            { false, "thresholds: {stalled: 366}" },
            { false, "thresholds: {stalled: 10h}" },
            { false, "thresholds: {sea: {stalled: 10d}}" },
            { true, "done: contact-seller" },
            { true, "done: [check_number, {step: contact-seller, date: 2026-11-02}]" },
            { true, "done: false" },
            { false, "done: [{date: 2026-11-02}]" },
            { true, "missing: true" },
            { true, "missing: 2026-11-21" },
            { true, "missing: no" },
            { false, "missing: lately" },
            { true, "closed: received" },
            { true, "closed: {why: lost, date: 2026-11-21}" },
            { true, "closed: false" },
            { false, "closed: true" },
            { true, "dispute: {opened: 2026-11-20, outcome: refused}" },
            { false, "dispute: yes" },
            { false, "colour: red" },
            { false, "Item: hub" },
            { true, "tags: gift" },
            { true, "tags: [gift, 2026]" },
            { false, "tags: {gift: yes}" },
        };

    [Theory]
    [MemberData(nameof(Orders))]
    public void The_orders_schema_and_the_parser_come_to_the_same_verdict(bool good, string key)
    {
        var yaml = $"orders:\n  - email: me@example.org\n    number: {Number}\n    {key}\n";
        Verdicts<OrdersEntries>(yaml, OrdersFile.Schema()).ShouldBe((good, good));
    }

    [Theory]
    [InlineData(true, "{}")]
    [InlineData(true, "state: 5")]
    [InlineData(true, "mail: {port: 587, security: starttls}")]
    [InlineData(true, "mail: {port: \"587\"}")]
    [InlineData(false, "mail: {port: 70000}")]
    [InlineData(false, "mail: {port: 0}")]
    [InlineData(false, "mail: {port: 5.5}")]
    [InlineData(false, "mail: {port: smtp}")]
    [InlineData(false, "mail: smtp.example.org")]
    [InlineData(true, "mail: {settle: 0}")]
    [InlineData(true, "mail: {settle: 1h30m}")]
    [InlineData(true, "mail: {settle: 00:10:00}")]
    [InlineData(false, "mail: {settle: 10}")]
    [InlineData(false, "mail: {settle: 30m1h}")]
    [InlineData(false, "mail: {settle: -5m}")]
    [InlineData(true, "log: {level: warning, format: json}")]
    [InlineData(false, "log: {level: loud}")]
    [InlineData(true, "health: {listen: none}")]
    [InlineData(false, "health: {listen: 8085}")]
    [InlineData(false, "providers: {cainiao: {base_url: global.cainiao.com}}")]
    [InlineData(false, "providers: {caniao: {enabled: true}}")]
    [InlineData(false, "assessing: {stalled: 1w}")]
    [InlineData(true, "links: {ptt: \"https://ptt.example/q?n={number}\", royal_mail: none}")]
    [InlineData(false, "links: {ptt: \"https://ptt.example/\"}")]
    [InlineData(false, "links: {ptt: \"https://ptt.example/{nr}\"}")]
    [InlineData(true, Mine + "}}}")]
    [InlineData(true, Mine + ", code: [day, hour], place: \"$.a[0].b\", order: oldest_first, method: POST}}}")]
    [InlineData(true, Mine + ", status_map: {A: delivered, B: {status: customs, action_needed: yes}}}}}")]
    [InlineData(true, Mine + ", not_found: {http: 404}, numbers: {prefixes: [AB, 12], carriers: ptt}}}}")]
    [InlineData(true, Mine + ", not_found: [{http: [404, 410]}, {path: $.code, value: 404}], headers: {X-Key: 12}}}}")]
    [InlineData(false, "providers: {custom: {mine: {url: \"https://a.example/{number}\", list: e}}}")]
    [InlineData(false, Mine + ", code: \"$..a\"}}}")]
    [InlineData(false, Mine + ", code: \"a b\"}}}")]
    [InlineData(false, "providers: {custom: {mine: {url: \"https://a.example/{number}\", list: e, time: []}}}")]
    [InlineData(false, Mine + ", order: backwards}}}")]
    [InlineData(false, Mine + ", status_map: {A: arrived}}}}")]
    [InlineData(false, Mine + ", status_map: {B: {action_needed: yes}}}}}")]
    [InlineData(false, Mine + ", page: \"https://a.example/\"}}}")]
    [InlineData(false, "providers: {custom: {mine: {url: \"https://{number}.example/\", list: e, time: t}}}")]
    public void The_settings_schema_and_the_parser_come_to_the_same_verdict(bool good, string yaml) =>
        Verdicts<TrackWatchSettings>(yaml, JsonSchemaWriter.Settings()).ShouldBe((good, good));

    [Theory]
    [InlineData("orders", "orders.schema.json")]
    [InlineData("settings", "trackwatch.schema.json")]
    [InlineData("rules", "rules.schema.json")]
    public void The_schema_beside_the_examples_is_the_one_that_the_types_say(string which, string file)
    {
        var written = which switch
        {
            "orders" => OrdersFile.Schema(),
            "rules" => RulePackLoader.Schema(),
            _ => JsonSchemaWriter.Settings(),
        };
        var path = Path.Combine(Examples(), file);
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
            File.WriteAllText(path, written);
        File.ReadAllText(path).ShouldBe(written, $"run: trackwatch schema {which} > ops/config/{file}");
    }

    [Fact]
    public void The_examples_have_no_problem_and_fit_their_schemas()
    {
        var settings = Path.Combine(Examples(), "trackwatch.yaml");
        var loaded = SettingsLoader.Load(
            new SettingsRequest
            {
                Config = settings,
                Environment = new Dictionary<string, string>(),
                CurrentFolder = "/",
            }
        );
        loaded.Problems.ShouldBeEmpty();
        // The example shows the defaults.
        (
            loaded.Settings with
            {
                State = "state",
                Orders = "orders.yaml",
                Mail = loaded.Settings.Mail with { Folder = "mail" },
                Rules = new RulesSettings(),
            }
        ).ShouldBe(new TrackWatchSettings());
        Verdicts<TrackWatchSettings>(File.ReadAllText(settings), JsonSchemaWriter.Settings()).ShouldBe((true, true));

        var reading = OrdersFile.Read(loaded.Orders, new OrdersContext()).ShouldBeOfType<OrdersReading.Found>();
        reading.Problems.ShouldAllBe(p => p.Severity == Severity.Info);
        reading.Orders.Select(o => o.Order.Id).ShouldBe(["usb-hub", "desk-lamp"]);
        Verdicts<OrdersEntries>(File.ReadAllText(loaded.Orders.File!), OrdersFile.Schema()).ShouldBe((true, true));
    }

    [Theory]
    [InlineData(true, "value: -10, unit: d, clock: protection_end, clock_fallback: [{event: today, assumed: true}]")]
    [InlineData(true, "value: 10, unit: BD, clock: protection-end, warn_before: [14, 7]")]
    [InlineData(true, "or: {value: 1, unit: mo, clock: today}, regions: [EU, CA-QC, no], step: open_dispute")]
    [InlineData(true, "factor: 1.4, season: 11-11/01-05, legs: [line-haul], spans: [2026-01-01/2026-01-08]")]
    [InlineData(true, "fast: {notice: 0, stalled: 3, critical: 9}, held: yes, sources: one")]
    [InlineData(true, "over: 100 GBP, up_to: GBP 30000, contacts: [A, {name: B, address: https://b.example}]")]
    [InlineData(false, "unit: days")]
    [InlineData(false, "clock: {assumed: true}")]
    [InlineData(false, "or: {value: 1}")]
    [InlineData(false, "warn_before: 3")]
    [InlineData(false, "season: 11-11")]
    [InlineData(false, "factor: 1,4")]
    [InlineData(false, "regions: [Turkey]")]
    [InlineData(false, "contacts: [{address: https://b.example}]")]
    [InlineData(false, "fast: {notice: 0}")]
    [InlineData(false, "efective_to: 2026-01-01")]
    public void The_rules_schema_and_the_parser_come_to_the_same_verdict(bool good, string keys)
    {
        var yaml =
            $"pack: country/TR\nversion: 2026-11-22\nrules:\n  - {{id: X, kind: day, title: T, confidence: likely, {keys}}}\n";
        Verdicts<PackEntry>(yaml, RulePackLoader.Schema()).ShouldBe((good, good));
    }

    public static TheoryData<string> Packs => new(RuleBooks.Embedded.Select(p => p.File));

    [Theory]
    [MemberData(nameof(Packs))]
    public void The_programs_packs_fit_the_schema_that_they_name(string pack)
    {
        var path = Path.Combine(Examples(), "../../src/TrackWatch.Worker/Rules", pack);
        var yaml = File.ReadAllText(path);

        Verdicts<PackEntry>(yaml, RulePackLoader.Schema()).ShouldBe((true, true));
        var named = yaml.Split('\n')[0]["# yaml-language-server: $schema=".Length..];
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, named))
            .ShouldBe(Path.Combine(Examples(), "rules.schema.json"));
    }

    private static (bool Parser, bool Schema) Verdicts<T>(string yaml, string schema)
        where T : class
    {
        var problems = new Problems();
        var root = YamlText.Read("test.yaml", Encoding.UTF8.GetBytes(yaml), problems);
        new YamlBinder(problems, new Places()).Bind<T>(root);
        return (
            !problems.AnyError,
            TinySchema.Accepts(JsonNode.Parse(schema)!.AsObject(), TinySchema.ByCoreRules(root))
        );
    }

    private static string Examples([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../ops/config"));
}
