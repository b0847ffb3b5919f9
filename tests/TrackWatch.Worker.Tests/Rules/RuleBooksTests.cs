using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Rules;

namespace TrackWatch.Worker.Tests.Rules;

/// <summary>The program's packs and those of a folder together.</summary>
public sealed class RuleBooksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trackwatch-rules-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Without_a_folder_the_programs_packs_are_in_force()
    {
        var loaded = RuleBooks.Load(Path.Combine(folder, "none"));

        loaded.Problems.ShouldBeEmpty();
        loaded.Book.Find("AE-DISP-02").ShouldHaveSingleItem();
    }

    [Fact]
    public void A_newer_pack_takes_the_place_of_the_programs()
    {
        Write("klarna.yaml", "payment/klarna", "2099-01-01", "KL-99");

        var loaded = RuleBooks.Load(folder);

        loaded.Problems.ShouldBeEmpty();
        loaded.Book.In("payment/klarna").Select(r => r.Id).ShouldBe(["KL-99"]);
        loaded.Book.Find("PP-01").ShouldHaveSingleItem();
    }

    [Fact]
    public void A_pack_that_is_not_newer_is_told_and_not_used()
    {
        var built = RuleBooks.Embedded.Single(p => p.Name == "payment/klarna").Version;
        Write("klarna.yaml", "payment/klarna", $"{built:yyyy-MM-dd}", "KL-99");

        var loaded = RuleBooks.Load(folder);

        var problem = loaded.Problems.ShouldHaveSingleItem();
        problem.Severity.ShouldBe(Severity.Warning);
        problem.Message.ShouldStartWith(
            $"pack payment/klarna is not used: the program has version {built:yyyy-MM-dd} itself."
        );
        loaded.Book.Find("KL-01").ShouldHaveSingleItem();
        loaded.Book.Find("KL-99").ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_packs_of_one_name_the_newer_counts()
    {
        Write("a.yaml", "payment/klarna", "2099-01-02", "KL-98");
        Write("b.yaml", "payment/klarna", "2099-01-01", "KL-99");

        var loaded = RuleBooks.Load(folder);

        loaded.Book.In("payment/klarna").Select(r => r.Id).ShouldBe(["KL-98"]);
        loaded.Problems.ShouldHaveSingleItem().File.ShouldBe(Path.Combine(folder, "b.yaml"));
    }

    [Fact]
    public void A_pack_of_a_new_name_is_added()
    {
        Directory.CreateDirectory(Path.Combine(folder, "marketplace"));
        Write("marketplace/wish.yaml", "marketplace/wish", "2020-01-01", "WI-01");

        var loaded = RuleBooks.Load(folder);

        loaded.Problems.ShouldBeEmpty();
        loaded.Book.In("marketplace/wish").ShouldHaveSingleItem();
    }

    [Fact]
    public void A_broken_pack_leaves_the_programs_in_force_and_the_other_packs_of_the_folder()
    {
        Write("klarna.yaml", "payment/klarna", "2099-01-01", "KL-99", "kind: nothing");
        Write("paypal.yaml", "payment/paypal", "2099-01-01", "PP-99");

        var loaded = RuleBooks.Load(folder);

        loaded.IsFine.ShouldBeFalse();
        loaded.Problems.ShouldHaveSingleItem().File.ShouldBe(Path.Combine(folder, "klarna.yaml"));
        loaded.Book.Find("KL-01").ShouldHaveSingleItem();
        loaded.Book.Find("PP-99").ShouldHaveSingleItem();
    }

    [Fact]
    public void A_pack_that_is_good_by_itself_but_does_not_fit_the_others_is_left_out()
    {
        Write("klarna.yaml", "payment/klarna", "2099-01-01", "PP-01");

        var loaded = RuleBooks.Load(folder);

        loaded
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith(
                $"{folder}/klarna.yaml:4:5: error: PP-01: this id is taken, see Packs/payment/paypal.yaml:"
            );
        loaded.Book.Find("KL-01").ShouldHaveSingleItem();
    }

    [Fact]
    public void A_pack_of_stall_limits_must_name_every_leg()
    {
        const string Days = "{notice: 1, stalled: 2, critical: 3}";
        Write(
            "l.yaml",
            "stall/limits",
            "2099-01-01",
            "L",
            $"kind: stall-limits, leg: origin, fast: {Days}, standard: {Days}, slow: {Days}"
        );

        var loaded = RuleBooks.Load(folder);

        loaded
            .Problems.Select(p => p.Message)
            .ShouldBe([
                "No rule sets stall limits for the leg label.",
                "No rule sets stall limits for the leg line-haul.",
                "No rule sets stall limits for the leg import-customs.",
                "No rule sets stall limits for the leg handover.",
                "No rule sets stall limits for the leg last-mile.",
                "No rule sets stall limits for the leg pickup-point.",
                "No rule sets stall limits for parcels that are held ('held: true').",
            ]);
        loaded.Book.Find("STALL-G1").ShouldHaveSingleItem();
    }

    [Fact]
    public void Hidden_files_are_none_and_another_ending_is_told()
    {
        File.WriteAllText(Path.Combine(folder, ".draft.yaml"), "pack: [");
        File.WriteAllText(Path.Combine(folder, "klarna.yml"), "pack: [");

        RuleBooks
            .Load(folder)
            .Problems.Select(p => p.ToString())
            .ShouldBe([$"{folder}/klarna.yml: warning: This file is not read; its name must end with .yaml."]);
    }

    private void Write(string file, string pack, string version, string id, string kind = "kind: statement") =>
        File.WriteAllText(
            Path.Combine(folder, file),
            $"pack: {pack}\nversion: {version}\nrules:\n  - {{id: {id}, {kind}, title: T, {(kind.EndsWith("statement", StringComparison.Ordinal) ? "says: S, " : "")}confidence: likely, sources: x}}\n"
        );
}
