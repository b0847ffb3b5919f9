using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary>Usage, files and servers: what needs no order on file.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Orders = """
        people:
          ayse: {email: ayse@example.org}
        orders:
          - {id: lamp, person: ayse, tracking: [SIMMOVING01]}
        """;

    private readonly Household household = new();

    public CommandLineTests() => household.Write("orders.yaml", Orders);

    public void Dispose() => household.Dispose();

    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("stats", "'stats'")]
    [InlineData("status lamp --json", "'lamp'")]
    [InlineData("explain", "explain")]
    [InlineData("done lamp contact-selle", "Did you mean 'contact-seller'?")]
    [InlineData("close lamp eaten", "say received, refunded, cancelled or lost")]
    [InlineData("close lamp 2", "say received, refunded, cancelled or lost")]
    [InlineData("tell lamp", "tell")]
    [InlineData("mail test ays", "Did you mean 'ayse'?")]
    [InlineData("add x", "'x' is no tracking number")]
    [InlineData("add LP00612345678901 --person ays", "Did you mean 'ayse'?")]
    public async Task Bad_usage_ends_with_2_and_leaves_standard_output_alone(string command, string said)
    {
        var answer = await household.RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        answer.ExitCode.ShouldBe(2);
        answer.Out.ShouldBeEmpty();
        answer.Error.ShouldContain(said);
    }

    [Theory]
    [InlineData("status", "--json")]
    [InlineData("tell", "lamp", "received")]
    public async Task A_database_out_of_reach_ends_with_3_and_a_sentence_without_the_password(params string[] command)
    {
        household.Set(
            "TRACKWATCH__DATABASE__CONNECTIONSTRING",
            $"Host=127.0.0.1;Port={SmtpSink.FreePort()};Username=tw;Password=sesame-opens"
        );

        var answer = await household.RunAsync(command);

        answer.ExitCode.ShouldBe(3);
        answer.Out.ShouldBeEmpty();
        answer.Error.ShouldStartWith("trackwatch: the database cannot be used: Failed to connect to 127.0.0.1:");
        answer.Error.ShouldContain("Look whether PostgreSQL runs there");
        answer.Error.ShouldNotContain("sesame");
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_not_repeated()
    {
        household.Set("TRACKWATCH__DATABASE__CONNECTIONSTRING", "Host=db;Password=ses;qqq=opens");

        var answer = await household.RunAsync("status");

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain("error: database.connection_string: write Host=");
        answer.Error.ShouldNotContain("qqq");
    }

    [Fact]
    public async Task Add_writes_an_order_that_says_whose_it_is_and_doubts_a_wrong_check_digit()
    {
        var added = await household.RunAsync("add", "rr 1234 56789 cn", "Red shoes");

        added.ExitCode.ShouldBe(0);
        added.Out.ShouldContain("Added RR123456789CN to ");
        added.Error.ShouldContain("check digit");
        household
            .Read("orders.d/_added.yaml")
            .ShouldEndWith("orders:\n  - number: RR123456789CN\n    item: \"Red shoes\"\n    person: \"ayse\"\n");

        // A second person later does not leave it without an owner.
        (await household.RunAsync("add", "LP00612345678901", "--person", "mehmet@example.org")).ExitCode.ShouldBe(0);
        (await household.RunAsync("check")).ExitCode.ShouldBe(0);

        var twice = await household.RunAsync("add", "SIMMOVING01");
        twice.ExitCode.ShouldBe(1);
        twice.Error.ShouldContain("is a number of the order 'lamp' already");
    }

    [Fact]
    public async Task Add_does_not_make_another_order_ambiguous()
    {
        household.Write(
            "orders.yaml",
            "people: {ayse: {email: ayse@example.org}}\norders: [{id: lamp, number: SIMMOVING01}]\n"
        );

        var refused = await household.RunAsync("add", "LP00612345678901", "--person", "mehmet@example.org");

        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("the order 'lamp'");
        Directory.Exists(Path.Combine(household.Folder, "orders.d")).ShouldBeFalse();
    }

    [Fact]
    public async Task Check_tells_a_person_in_one_line_what_an_order_leaves_open_and_a_program_each_fact()
    {
        var told = await household.RunAsync("check");

        told.ExitCode.ShouldBe(0);
        told.Out.ShouldContain("1 order with 1 tracking number for 1 person.");
        told.Out.Split('\n').Count(line => line.Contains("info:")).ShouldBe(1);
        told.Out.ShouldContain("'lamp': its dates would be exact with protection_ends, promised_by, ordered");
        told.Out.ShouldEndWith("Fine, 0 warnings.\n");

        var problems = (await household.RunAsync("check", "--json")).Json.GetProperty("problems");
        problems.EnumerateArray().Count(p => p.GetProperty("severity").GetString() == "info").ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Mail_test_prints_the_servers_last_words_and_says_what_to_do_when_it_refuses()
    {
        await using var server = await SmtpSink.StartAsync();
        household
            .Set("TRACKWATCH__MAIL__SERVER", $"smtp://{SmtpSink.Host}:{server.Port}")
            .Set("TRACKWATCH__MAIL__SECURITY", "none")
            .Set("TRACKWATCH__MAIL__FROM", "TrackWatch <watch@example.org>");

        var taken = await household.RunAsync("mail", "test", "ayse");
        taken.Error.ShouldBeEmpty();
        taken.ExitCode.ShouldBe(0);
        taken.Out.ShouldContain($"Taken for ayse@example.org by {SmtpSink.Host}:{server.Port}: 250");
        (await server.WaitForAsync(1)).ShouldHaveSingleItem().To.ShouldBe(["ayse@example.org"]);

        server.On("RCPT nobody@example.org", "550 5.1.1 no such mailbox here");
        var refused = await household.RunAsync("mail", "test", "nobody@example.org");
        refused.ExitCode.ShouldBe(3);
        refused.Error.ShouldContain("no such mailbox here");
        refused.Error.ShouldContain("look at the address");

        await server.SwitchOffAsync();
        var gone = await household.RunAsync("mail", "test", "ayse");
        gone.ExitCode.ShouldBe(3);
        gone.Error.ShouldContain("then try again");
    }

    [Fact]
    public async Task Mail_test_tells_the_fate_of_each_address()
    {
        await using var server = await SmtpSink.StartAsync();
        server.On("RCPT gone@example.org", "550 5.1.1 no such mailbox here");
        server.On("RCPT busy@example.org", "450 4.2.0 greylisted");
        household
            .Set("TRACKWATCH__MAIL__SERVER", $"smtp://{SmtpSink.Host}:{server.Port}")
            .Set("TRACKWATCH__MAIL__SECURITY", "none")
            .Set("TRACKWATCH__MAIL__FROM", "TrackWatch <watch@example.org>")
            .Write(
                "orders.yaml",
                Orders.Replace(
                    "email: ayse@example.org",
                    "email: [ayse@example.org, gone@example.org, busy@example.org]"
                )
            );

        var some = await household.RunAsync("mail", "test", "ayse");

        some.ExitCode.ShouldBe(3);
        some.Out.ShouldContain("ayse@example.org: taken\n");
        some.Out.ShouldContain("gone@example.org: refused for good: 550 5.1.1 no such mailbox here\n");
        some.Out.ShouldContain("busy@example.org: not taken for now: 450 4.2.0 greylisted\n");
        some.Error.ShouldContain("not taken for gone@example.org, busy@example.org");
    }

    [Theory]
    [InlineData("/bin/cat", "ok", "/bin/cat takes the mails.")]
    [InlineData("/nowhere/sendmail", "failed", "/nowhere/sendmail is not there.")]
    [InlineData("/etc/passwd", "failed", "/etc/passwd is no program.")]
    public async Task Doctor_looks_at_the_program_that_sends(string program, string state, string says)
    {
        household.Set("TRACKWATCH__MAIL__SENDMAIL", program).Set("TRACKWATCH__MAIL__FROM", "watch@example.org");

        var answer = await household.RunAsync("doctor", "--json");

        var mail = answer
            .Json.GetProperty("checks")
            .EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "mail");
        mail.GetProperty("state").GetString().ShouldBe(state);
        mail.GetProperty("detail").GetString().ShouldBe(says);
    }

    [Fact]
    public async Task Reload_keeps_the_last_good_orders_and_asks_before_many_go()
    {
        using var many = await Household.WithDatabaseAsync();
        string Entry(int n) => $"  - {{id: o{n}, email: me@example.org, number: SIMMOVING{n:00}}}\n";
        many.Write("orders.yaml", "orders:\n" + string.Concat(Enumerable.Range(1, 12).Select(Entry)));
        (await many.RunAsync("reload")).Out.ShouldBe("In force: 12 orders for 1 person, 12 new tracking numbers.\n");

        many.Write("orders.yaml", "orders:\n  - {id: o1, email: me@example.org}\n");
        var broken = await many.RunAsync("reload");
        broken.ExitCode.ShouldBe(1);
        broken.Error.ShouldContain("orders.yaml:2:");
        broken.Error.ShouldContain("the last good orders stay in force");

        many.Write("orders.yaml", "orders:\n" + Entry(1));
        var doubted = await many.RunAsync("reload");
        doubted.ExitCode.ShouldBe(1);
        doubted.Error.ShouldContain("trackwatch reload --confirm");
        OrdersIn(await many.RunAsync("status", "--json")).ShouldBe(12);

        var confirmed = await many.RunAsync("reload", "--confirm");
        confirmed.ExitCode.ShouldBe(0);
        confirmed.Out.ShouldContain("archived with their history: o10, o11, o12, o2");
        OrdersIn(await many.RunAsync("status", "--json")).ShouldBe(1);

        static int OrdersIn(Answer status) => status.Json.GetProperty("orders").GetArrayLength();
    }

    [Fact]
    public async Task An_order_that_only_the_files_know_is_said_to_wait_for_a_reload()
    {
        using var fresh = await Household.WithDatabaseAsync();
        fresh.Write("orders.yaml", Orders);

        var answer = await fresh.RunAsync("timeline", "lamp");

        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain("run trackwatch reload");
    }
}
