using System.Globalization;
using System.Text.Json;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary>One household in which each test tells of an order of its own.</summary>
public sealed class ToldOrders : IAsyncLifetime
{
    internal Household Household { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Household = await Household.WithDatabaseAsync();
        // Late since yesterday: the seller is to be asked, and no last day presses.
        var promised = TimeProvider.System.GetUtcNow().AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Household.Write(
            "orders.yaml",
            $$"""
            people:
              ayse: {email: ayse@example.org, timezone: Europe/Istanbul}
            orders:
              - {id: silent, person: ayse, tracking: [SIMSILENT11], promised_by: {{promised}}}
              - {id: asked, person: ayse, tracking: [SIMSILENT12], promised_by: {{promised}}}
              - {id: quiet, person: ayse, tracking: [SIMSILENT13], promised_by: {{promised}}}
              - {id: held, person: ayse, tracking: [SIMCUSTOMS11]}
              - {id: arrived, person: ayse, tracking: [SIMDELIVERED11]}
              - {id: over, person: ayse, tracking: [SIMSILENT14], promised_by: {{promised}}}
            """
        );
        (await Household.RunAsync("run", "--once")).ExitCode.ShouldBe(0);
    }

    public Task DisposeAsync()
    {
        Household.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class ToldFactsTests(ToldOrders orders) : IClassFixture<ToldOrders>
{
    private readonly Household household = orders.Household;

    [Fact]
    public async Task A_step_that_is_done_stays_done_until_it_is_taken_back()
    {
        (await StepAsync("asked", "contact-seller")).ShouldBe("due");

        // Within this silence, and longer ago than a seller is waited for.
        var asked = TimeProvider.System.GetUtcNow().AddDays(-8).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var noted = await household.RunAsync([
            "done",
            "asked",
            "Contact_Seller",
            "--date",
            asked,
            "--note",
            "says wait 10 days",
        ]);
        noted.ExitCode.ShouldBe(0);
        noted.Out.ShouldStartWith("Noted for asked: contact-seller is done on ");
        noted.Out.ShouldContain("(says wait 10 days).");
        noted.Out.ShouldContain("Due now: open-dispute");
        (await StepAsync("asked", "contact-seller")).ShouldBe("done");
        (await StepAsync("asked", "open-dispute")).ShouldBe("due");

        (await household.RunAsync("undo", "asked")).Out.ShouldStartWith("Taken back for asked: contact-seller is done");
        (await StepAsync("asked", "contact-seller")).ShouldBe("due");

        var nothing = await household.RunAsync("undo", "asked");
        nothing.ExitCode.ShouldBe(1);
        nothing.Error.ShouldContain("nothing was told of asked by a command or a mail");
    }

    [Fact]
    public async Task What_is_told_moves_the_ladder_at_once()
    {
        var refused = await household.RunAsync("tell", "silent", "dispute", "refused", "yesterday", "0", "EUR");

        refused.ExitCode.ShouldBe(0);
        refused.Out.ShouldContain("Noted for silent: the dispute was refused on ");
        refused.Out.ShouldContain("Due now: chargeback");
        var told = (await ExplainAsync("silent")).GetProperty("facts").EnumerateArray().ShouldHaveSingleItem();
        told.GetProperty("fact").GetString().ShouldBe("dispute-decided");
        told.GetProperty("origin").GetString().ShouldBe("command");
    }

    [Fact]
    public async Task A_customs_notice_adds_to_the_last_day_told_before()
    {
        (await household.RunAsync("tell", "held", "customs hold-until 2099-10-14")).ExitCode.ShouldBe(0);
        var noted = await household.RunAsync("tell", "held", "customs", "notice", "A-12");

        noted.Out.ShouldContain("customs holds the parcel until 14 October 2099 (notice A-12)");
        (await ExplainAsync("held"))
            .GetProperty("steps")
            .EnumerateArray()
            .Single(s => s.GetProperty("step").GetString() == "check-customs")
            .GetProperty("doBy")
            .GetString()
            .ShouldBe("2099-10-14");
    }

    [Fact]
    public async Task A_parcel_that_is_missing_calls_for_a_dispute()
    {
        (await household.RunAsync("missing", "arrived", "today")).Out.ShouldContain("Due now: open-dispute");
        (await StepAsync("arrived", "open-dispute")).ShouldBe("due");
    }

    [Fact]
    public async Task A_snoozed_order_says_until_when()
    {
        var noted = await household.RunAsync("snooze", "quiet", "5d");

        noted.ExitCode.ShouldBe(0);
        noted.Out.ShouldContain("Noted for quiet: no advice before the end of ");
        noted.Out.ShouldContain("stays due");
        (await StateAsync("quiet")).ShouldBe("snoozed");
    }

    [Fact]
    public async Task A_closed_order_is_advised_no_more()
    {
        var noted = await household.RunAsync("close", "over", "Refunded");

        noted.Out.ShouldStartWith("Noted for over: the order is closed, refunded on ");
        noted.Out.ShouldContain("Nothing more is advised for it.");
        (await StateAsync("over")).ShouldBe("closed");
    }

    [Theory]
    [InlineData("tell silent dispute won", "'won' is not one of the words. Say: dispute opened [DAY]")]
    [InlineData("tell silent missing 2099-01-01", "2099-01-01 lies ahead")]
    [InlineData("done silent contact-seller --date 01.02.2026", "'01.02.2026' is no day; write ")]
    [InlineData("missing silent 2099-01-01", "2099-01-01 lies ahead")]
    [InlineData("snooze silent soon", "'soon' is no time to be quiet for; write 5d")]
    [InlineData("snooze silent 2020-01-01", "must lie ahead")]
    [InlineData("snooze silent 9000d", "no further than a year")]
    public async Task A_fact_that_cannot_be_is_bad_usage_and_is_not_noted(string command, string said)
    {
        var answer = await household.RunAsync(command.Split(' '));

        answer.ExitCode.ShouldBe(2);
        answer.Out.ShouldBeEmpty();
        answer.Error.ShouldContain(said);
    }

    private async Task<JsonElement> ExplainAsync(string order) =>
        (await household.RunAsync("explain", order, "--json")).Json;

    private async Task<string?> StepAsync(string order, string step) =>
        (await ExplainAsync(order))
            .GetProperty("steps")
            .EnumerateArray()
            .Single(s => s.GetProperty("step").GetString() == step)
            .GetProperty("state")
            .GetString();

    private async Task<string?> StateAsync(string order) =>
        (await household.RunAsync("status", "--json"))
            .Json.GetProperty("orders")
            .EnumerateArray()
            .Single(o => o.GetProperty("id").GetString() == order)
            .GetProperty("state")
            .GetString();
}
