using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary><c>doctor</c> and <c>provider-probe</c> as processes, beside a source in another process.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private const string Number = "LU900000018FR";

    private const string Settings = """
        providers:
          custom:
            mine:
              url: STUB{number}?key={key}
              list: e
              time: t
              code: c
              status_map: {A: in-transit}
              allow_private: true
              min_gap: 0
              answer_within: 3s
        """;

    private ProviderStubProcess stub = null!;
    private Household household = null!;

    public async Task InitializeAsync()
    {
        stub = await ProviderStubProcess.StartAsync();
        household = await Household.WithDatabaseAsync();
        household.Set("TRACKWATCH__PROVIDERS__SIMULATED__ENABLED", "false");
        household.Set("TRACKWATCH__PROVIDERS__CUSTOM__MINE__KEY", "sesame");
        household.Write("trackwatch.yaml", Settings.Replace("STUB", stub.Url.AbsoluteUri));
        household.Write(
            "orders.yaml",
            $"orders:\n  - {{email: me@example.org, tracking: [{{number: {Number}, provider: mine}}]}}\n"
        );
    }

    public async Task DisposeAsync()
    {
        household.Dispose();
        await stub.DisposeAsync();
    }

    [Fact]
    public async Task All_that_works_is_said_and_what_is_off_says_why()
    {
        await stub.PutBodyAsync("""{"e":[{"t":"2026-10-01","c":"A"}]}"""u8.ToArray());

        var answer = await household.RunAsync("doctor", "--json");

        answer.ExitCode.ShouldBe(0, answer.Out + answer.Error);
        answer.Json.GetProperty("ok").GetBoolean().ShouldBeTrue();
        State(answer, "files").ShouldNotBe("failed");
        State(answer, "database").ShouldBe("ok");
        State(answer, "clock").ShouldBe("ok");
        State(answer, "clock of sources").ShouldBe("ok");
        State(answer, "source mine").ShouldBe("ok");
        Said(answer, "source cainiao").ShouldBe("switched off (enabled: false).");
        State(answer, "mail").ShouldBe("ok");
        State(answer, "rules").ShouldNotBe("failed", "how old rules are changes from day to day");
        (await stub.StatsAsync()).Requests.ShouldBe(1);
        await using var tables = new Tables(household.ConnectionString);
        (await tables.CountAsync("select requests_today from provider_health where provider = 'mine'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("error", 401, "The source turns us away (HTTP 401).")]
    [InlineData("block-page", null, "The source shows a page where data was due.")]
    [InlineData("too-many", 0, "The source wants fewer questions (HTTP 429).")]
    [InlineData("error", 500, "The source has trouble of its own (HTTP 500).")]
    [InlineData("error", 407, "The proxy on the way wants a log-in (HTTP 407); see HTTPS_PROXY.")]
    [InlineData("hang", null, "No complete answer within 3 s.")]
    public async Task A_source_in_trouble_is_wrong_and_says_how(string mode, int? arg, string said)
    {
        await stub.SetModeAsync(mode, arg);

        var answer = await household.RunAsync("doctor", "--json");

        answer.ExitCode.ShouldBe(1, answer.Out + answer.Error);
        (State(answer, "source mine"), Said(answer, "source mine")).ShouldBe(("failed", said));
        (answer.Out + answer.Error).ShouldNotContain("sesame");
    }

    [Fact]
    public async Task A_source_that_is_left_alone_is_asked_by_force_only()
    {
        await using var tables = new Tables(household.ConnectionString);
        await tables.DoAsync(
            "insert into provider_health (provider, next_request_at, counted_on, requests_today, requests_this_month, breaker_trips, breaker_open_until, detail) "
                + "values ('mine', now(), current_date, 0, 0, 1, now() + interval '1 hour', 'it shows a captcha')"
        );
        await stub.PutBodyAsync("{}"u8.ToArray());

        var polite = await household.RunAsync("doctor", "--json");

        polite.ExitCode.ShouldBe(0, polite.Out + polite.Error);
        State(polite, "source mine").ShouldBe("warning");
        Said(polite, "source mine").ShouldMatch("^It is left alone until .*Z: it shows a captcha$");
        (await stub.StatsAsync()).Requests.ShouldBe(0);
        (await household.RunAsync("provider-probe", "mine", Number)).ExitCode.ShouldBe(1);
        (await stub.StatsAsync()).Requests.ShouldBe(0);

        State(await household.RunAsync("doctor", "--json", "--force"), "source mine").ShouldBe("ok");
        (await stub.StatsAsync()).Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Without_its_database_the_sources_are_not_asked_and_it_is_out_of_reach()
    {
        household.Set(
            "TRACKWATCH__DATABASE__CONNECTIONSTRING",
            $"Host=127.0.0.1;Port={SmtpSink.FreePort()};Username=tw;Password=sesame-opens"
        );

        var answer = await household.RunAsync("doctor", "--json");

        answer.ExitCode.ShouldBe(3, answer.Out + answer.Error);
        State(answer, "database").ShouldBe("failed");
        State(answer, "mail").ShouldBe("ok", "what can be looked at is looked at");
        (await stub.StatsAsync()).Requests.ShouldBe(0);
        (answer.Out + answer.Error).ShouldNotContain("sesame");
    }

    [Fact]
    public async Task Files_and_a_mail_server_in_trouble_are_told_in_plain_lines()
    {
        await stub.PutBodyAsync("{}"u8.ToArray());
        household.Write("orders.yaml", "orders:\n  - {email: me@example.org, number: LU900000018FR, colour: red}\n");
        var port = SmtpSink.FreePort();
        household.Set("TRACKWATCH__MAIL__SERVER", $"smtp://127.0.0.1:{port}");
        household.Set("TRACKWATCH__MAIL__FROM", "watch@example.org");

        var answer = await household.RunAsync("doctor");

        answer.ExitCode.ShouldBe(1);
        answer.Out.ShouldContain("orders.yaml: 1 error, ");
        answer.Out.ShouldContain("         trackwatch check lists them with line and column.\n");
        answer.Out.ShouldContain($"failed   mail: 127.0.0.1:{port} cannot be reached: ");
        answer.Out.ShouldContain("ok       source mine: answers.\n");
    }

    [Theory]
    [InlineData(
        "api.carrier.example",
        "The proxy wants a log-in before it lets us to api.carrier.example (HTTP 407); see HTTPS_PROXY."
    )]
    [InlineData("localhost", "localhost resolves to ")]
    public async Task A_proxy_may_stand_anywhere_and_what_is_asked_of_it_may_not(string host, string said)
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        _ = RefuseAsync(proxy);
        household.Write("trackwatch.yaml", Settings.Replace("STUB", $"https://{host}/"));
        household.Set("TRACKWATCH__PROVIDERS__CUSTOM__MINE__ALLOW_PRIVATE", "false");
        household.Set("HTTPS_PROXY", $"http://me:sesame-2@{proxy.LocalEndpoint}");

        var answer = await household.RunAsync("doctor", "--json");

        answer.ExitCode.ShouldBe(1, answer.Out + answer.Error);
        Said(answer, "proxy").ShouldBe($"HTTPS_PROXY=…@{proxy.LocalEndpoint}.");
        Said(answer, "source mine").ShouldStartWith(said);
        (answer.Out + answer.Error).ShouldNotContain("sesame");
    }

    [Fact]
    public async Task What_a_source_wants_besides_the_number_is_there_when_it_is_tried()
    {
        household.Write(
            "trackwatch.yaml",
            Settings.Replace("STUB{number}", $"{stub.Url}{{number}}/{{postcode}}/{{country}}")
        );
        await stub.PutBodyAsync("{}"u8.ToArray());

        var answer = await household.RunAsync("doctor", "--json");

        State(answer, "source mine").ShouldBe("ok", answer.Out + answer.Error);
        (await stub.StatsAsync()).LastRequest.ShouldStartWith("GET /RR473124829GB/");
    }

    [Fact]
    public async Task A_probe_shows_what_is_said_how_it_is_read_and_writes_nothing_but_the_file()
    {
        await stub.PutBodyAsync(
            """{"e":[{"t":"2026-10-02","c":"Z9","recipientName":"Made Up Person"},{"t":"2026-10-01","c":"A"}]}"""u8.ToArray()
        );
        await using var tables = new Tables(household.ConnectionString);

        var answer = await household.RunAsync("provider-probe", "Mine", "lu 900000018 fr", "--save", "--json");

        answer.ExitCode.ShouldBe(0, answer.Error);
        var json = answer.Json;
        json.GetProperty("http")[0].GetProperty("status").GetInt32().ShouldBe(200);
        json.GetProperty("outcome").GetString().ShouldBe("ok");
        json.GetProperty("status").GetString().ShouldBe("in-transit");
        json.GetProperty("unknownCodes").EnumerateArray().Select(c => c.GetString()).ShouldBe(["Z9"]);
        json.GetProperty("events").GetArrayLength().ShouldBe(2);
        var saved = household.Read($"probes/mine/{Number}.json");
        JsonDocument.Parse(saved).RootElement.GetProperty("e").GetArrayLength().ShouldBe(2);
        household.Read("probes/README.md").ShouldContain("status_map");
        (saved + answer.Out + answer.Error).ShouldNotContain("Made Up Person");
        (saved + answer.Out + answer.Error).ShouldNotContain("sesame");
        (await tables.CountAsync("select count(*) from shipments")).ShouldBe(0);
        (await tables.CountAsync("select count(*) from tracking_events")).ShouldBe(0);

        var plain = await household.RunAsync("provider-probe", "mine", Number);
        plain.Out.ShouldContain("HTTP 200 after");
        plain.Out.ShouldContain("Read as in-transit, with 2 events.");
        plain.Out.ShouldContain("No table knows Z9.");
    }

    [Fact]
    public async Task A_probe_of_a_source_in_trouble_is_wrong()
    {
        await stub.SetModeAsync("error", 403);

        var answer = await household.RunAsync("provider-probe", "mine", Number, "--json");

        answer.ExitCode.ShouldBe(1);
        answer.Json.GetProperty("http")[0].GetProperty("status").GetInt32().ShouldBe(403);
        answer.Json.GetProperty("outcome").GetString().ShouldBe("blocked");
    }

    [Fact]
    public async Task A_source_that_is_off_or_unknown_cannot_be_probed()
    {
        household.Set("TRACKWATCH__PROVIDERS__CUSTOM__MINE__KEY", "");

        var keyless = await household.RunAsync("provider-probe", "mine", Number);
        var unknown = await household.RunAsync("provider-probe", "mien", Number);
        var number = await household.RunAsync("provider-probe", "simulated", "?");

        keyless.ExitCode.ShouldBe(2);
        keyless.Error.ShouldContain("TRACKWATCH__PROVIDERS__CUSTOM__MINE__KEY__FILE");
        unknown.ExitCode.ShouldBe(2);
        unknown.Error.ShouldContain("there is no source 'mien'. Did you mean 'mine'?");
        number.ExitCode.ShouldBe(2);
        (await stub.StatsAsync()).Requests.ShouldBe(0);
    }

    private static async Task RefuseAsync(TcpListener proxy)
    {
        try
        {
            while (true)
            {
                using var client = await proxy.AcceptTcpClientAsync();
                await using var wire = client.GetStream();
                _ = await wire.ReadAsync(new byte[4096]);
                await wire.WriteAsync(
                    "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray()
                );
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private static string State(Answer answer, string check) => Check(answer, check).GetProperty("state").GetString()!;

    private static string Said(Answer answer, string check) => Check(answer, check).GetProperty("detail").GetString()!;

    private static JsonElement Check(Answer answer, string name) =>
        answer.Json.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
}
