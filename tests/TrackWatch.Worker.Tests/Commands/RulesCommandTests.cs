using System.Text.Json.Nodes;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary><c>trackwatch rules</c> as a person or a script runs it: another process, no database.</summary>
public sealed class RulesCommandTests : IDisposable
{
    private readonly Household household = new();

    public void Dispose() => household.Dispose();

    private const string Klarna = """
        pack: payment/klarna
        version: 2099-01-01
        rules:
          - {id: KL-01, kind: statement, title: Klarna, says: It has changed., confidence: likely, sources: a page, checked: 2020-01-01}
        """;

    [Fact]
    public async Task Listed_are_the_rules_of_a_pack_with_validity_confidence_and_check()
    {
        var list = JsonNode
            .Parse((await household.RunAsync("rules", "list", "--pack", "customs", "--json")).Out)!
            .AsArray();

        list.Select(r => (string)r!["pack"]!).ShouldAllBe(pack => pack.StartsWith("customs/"));
        var duty = list.Single(r => (string)r!["id"]! == "EU-CUS-01")!;
        duty["inForce"]!.GetValue<bool>().ShouldBeFalse();
        duty["effectiveTo"]!.GetValue<string>().ShouldBe("2026-06-30");
        duty["confidence"]!.GetValue<string>().ShouldBe("certain");
        list.Single(r => (string)r!["id"]! == "US-CUS-02")!["notVerifiedSince"]!
            .GetValue<string>()
            .ShouldBe("2026-11-22", "it ended, and nothing took its place");
    }

    [Fact]
    public async Task Shown_is_a_rule_with_its_versions_and_sources()
    {
        var shown = await household.RunAsync("rules", "show", "tr-thh-2026");

        shown.ExitCode.ShouldBe(0, shown.Error);
        shown.Out.ShouldContain("country/TR, built in, of 2026-11-22");
        shown.Out.ShouldContain("up to 186000 TRY");
        shown.Out.ShouldContain("TR-THH-2025, until 2025-12-31");
        shown.Out.ShouldContain("sabah.com.tr");
    }

    [Theory]
    [InlineData("show", "AE-DIPS-02", "there is no rule 'AE-DIPS-02'. Did you mean 'AE-DISP-02'?")]
    [InlineData(
        "list",
        "--pack=marketplace/aliexpres",
        "there is no pack 'marketplace/aliexpres'. Did you mean 'marketplace/aliexpress'?"
    )]
    public async Task What_is_not_there_is_bad_usage_with_what_was_meant(string command, string name, string told)
    {
        var answer = await household.RunAsync("rules", command, name);

        (answer.ExitCode, answer.Error).ShouldBe((2, $"trackwatch: {told}\n"));
    }

    [Fact]
    public async Task A_pack_can_be_tried_before_it_goes_into_the_folder()
    {
        var good = Write("klarna.yaml", Klarna);
        var bad = Write("paypal.yaml", Klarna.Replace("klarna", "paypal").Replace("says:", "syas:"));

        var fine = await household.RunAsync("rules", "check", good);
        var wrong = await household.RunAsync("rules", "check", good, bad, "--json");

        fine.ExitCode.ShouldBe(0, fine.Error);
        fine.Out.ShouldContain("KL-01 (payment/klarna), always: not verified since 2020-01-01. Klarna\n");
        fine.Out.ShouldContain("1 of them yours; 0 errors");
        wrong.ExitCode.ShouldBe(1);
        var answer = JsonNode.Parse(wrong.Out)!;
        answer["ok"]!.GetValue<bool>().ShouldBeFalse();
        answer["problems"]!
            .AsArray()
            .Select(p => $"{p!["file"]}:{p["line"]} {p["suggestion"]}")
            .ShouldContain($"{bad}:4 says");
    }

    [Fact]
    public async Task A_pack_of_the_folder_beside_the_orders_is_in_force_and_a_broken_one_is_told_by_check()
    {
        Directory.CreateDirectory(Path.Combine(household.Folder, "rules.d"));
        Write("rules.d/klarna.yaml", Klarna);

        (await household.RunAsync("rules", "show", "KL-01")).Out.ShouldContain("It has changed.");

        Write("rules.d/klarna.yaml", Klarna.Replace("kind: statement", "kind: nothing"));
        var check = await household.RunAsync("check");
        var shown = await household.RunAsync("rules", "show", "KL-01");

        check.ExitCode.ShouldBe(1);
        check.Out.ShouldContain("rules.d/klarna.yaml:4:23: error: rules[0].kind: 'nothing' is none of day, money");
        shown.Out.ShouldContain("payment/klarna, built in", Case.Sensitive, "the program's pack stands");
    }

    private string Write(string file, string yaml)
    {
        var path = Path.Combine(household.Folder, file);
        File.WriteAllText(path, yaml);
        return path;
    }
}
