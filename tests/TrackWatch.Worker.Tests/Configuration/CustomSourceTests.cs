using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Tests.Configuration;

/// <summary>What is wrong with a described source is said where it stands; secrets are never said.</summary>
public sealed class CustomSourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tw-custom-").FullName;
    private readonly Dictionary<string, string> environment = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(
        "url: http://api.example/{number}",
        4,
        12,
        "error: providers.custom.mine.url: over http everybody on the way"
    )]
    [InlineData(
        "url: https://10.0.0.1/{number}",
        4,
        12,
        "error: providers.custom.mine.url: 10.0.0.1 is no address of the public internet"
    )]
    [InlineData(
        "url: https://[::1]:8443/{number}",
        4,
        12,
        "error: providers.custom.mine.url: ::1 is no address of the public internet"
    )]
    [InlineData("url: https://api.example/parcels", 4, 12, "error: providers.custom.mine.url: {number} is missing")]
    [InlineData(
        "url: https://api.example/{nummer}",
        4,
        12,
        "error: providers.custom.mine.url: 'https://api.example/{nummer}' is not the address of an API"
    )]
    [InlineData(
        "url: https://{country}.example/{number}",
        4,
        12,
        "error: providers.custom.mine.url: 'https://{country}.example/{number}' is not"
    )]
    [InlineData(
        "url: https://me:pw@api.example/{number}",
        4,
        12,
        "error: providers.custom.mine.url: 'https://me:pw@api.example/{number}' is not"
    )]
    [InlineData(
        "url: https://api.example/{number}\nlist: $.a..b",
        5,
        13,
        "error: providers.custom.mine.list: '$.a..b' is not a path into JSON; write it like"
    )]
    [InlineData(
        "url: https://api.example/{number}\ntime_format: yyyy-QQ",
        5,
        20,
        "error: providers.custom.mine.time_format: no day can be written"
    )]
    [InlineData(
        "url: https://api.example/{number}\ntime_zone: Istanbul",
        5,
        18,
        "error: providers.custom.mine.time_zone: 'Istanbul' is not a time zone"
    )]
    [InlineData(
        "url: https://api.example/{number}\nstatus_map: {X: arrived}",
        5,
        23,
        "error: providers.custom.mine.status_map.X: 'arrived' is none of"
    )]
    [InlineData(
        "url: https://api.example/{number}\nstatus_map: {X: not-found}",
        5,
        20,
        "error: providers.custom.mine.status_map.X: an event cannot be not-found"
    )]
    [InlineData(
        "url: https://api.example/{number}\nstatus_map: {ab c: delivered, AB  C: returned}",
        5,
        37,
        "error: providers.custom.mine.status_map: 'AB  C' is the same as 'ab c'"
    )]
    [InlineData(
        "url: https://api.example/{number}\nnot_found: {http: 401}",
        5,
        18,
        "error: providers.custom.mine.not_found.http: 401 never says"
    )]
    [InlineData(
        "url: https://api.example/{number}\nnot_found: {value: x}",
        5,
        18,
        "error: providers.custom.mine.not_found: each is either"
    )]
    [InlineData(
        "url: https://api.example/{number}\nnumbers: {pattern: \"(?=x)x\"}",
        5,
        26,
        "error: providers.custom.mine.numbers.pattern: '(?=x)x' is not a regular expression"
    )]
    [InlineData(
        "url: https://api.example/{number}\nheaders: {Host: a.example}",
        5,
        17,
        "error: providers.custom.mine.headers: Host is not yours to set"
    )]
    [InlineData(
        "url: https://api.example/{number}\nbody: x",
        5,
        13,
        "error: providers.custom.mine.body: a GET sends none"
    )]
    [InlineData(
        "url: https://api.example/{number}\npage: https://a.example/",
        5,
        13,
        "error: providers.custom.mine.page: 'https://a.example/' is not the address of a page with {number} in it"
    )]
    [InlineData(
        "url: https://api.example/{number}\nkey: abc",
        5,
        12,
        "warning: providers.custom.mine.key: nothing uses it"
    )]
    public void A_mistake_is_told_with_its_line_and_column(string keys, int line, int column, string message)
    {
        var problems = Load("mine", keys).Problems.Select(p => p.ToString());

        problems.ShouldContain(p =>
            p.StartsWith($"{Path.Combine(folder, "trackwatch.yaml")}:{line}:{column}: {message}")
        );
    }

    [Theory]
    [InlineData("cainiao", "'cainiao' is a source of the program")]
    [InlineData("17track", "'17track' is a source of the program")]
    [InlineData("La-Poste", "'La-Poste' cannot be an id")]
    [InlineData("a b", "'a b' cannot be an id")]
    public void An_id_shadows_nothing_and_is_made_of_lower_case_words(string id, string message) =>
        Load(id, "url: https://api.example/{number}")
            .Problems.Select(p => p.ToString())
            .ShouldContain(p => p.Contains(":3:5: error: providers.custom: ") && p.Contains(message));

    [Fact]
    public void A_source_whose_key_is_missing_is_off_and_one_whose_key_comes_from_a_file_is_on()
    {
        const string keys = "url: https://api.example/{number}\nheaders: {X-Key: \"{key}\"}";
        var without = Load("my-post", keys);
        without.Settings.Providers.Custom["my-post"].IsOn().ShouldBeFalse();
        without
            .Problems.Select(p => p.Message)
            .ShouldContain(m => m.Contains("TRACKWATCH__PROVIDERS__CUSTOM__MY_POST__KEY__FILE"));

        var secret = Path.Combine(folder, "secret");
        File.WriteAllText(secret, "sesame\n");
        environment["TRACKWATCH__PROVIDERS__CUSTOM__MY_POST__KEY__FILE"] = secret;
        environment["TRACKWATCH__PROVIDERS__CUSTOM__MYPOST__HEADERS__X_OTHER__FILE"] = secret;
        environment["TRACKWATCH__PROVIDERS__CUSTOM__MYPOST__MIN_GAP"] = "7s";
        environment["TRACKWATCH__LINKS__ROYAL_MAIL"] = "none";

        var with = Load("my-post", keys);

        with.Problems.ShouldAllBe(p => p.Message.Contains("no status is ever known"));
        var source = with.Settings.Providers.Custom["my-post"];
        source.IsOn().ShouldBeTrue();
        source.Key.ShouldBe("sesame");
        source.Headers["x-other"].ShouldBe("sesame");
        source.MinGap.ShouldBe(TimeSpan.FromSeconds(7));
        with.Settings.Links["royal-mail"].ShouldBe("none");
    }

    [Fact]
    public void Secrets_are_in_no_problem_and_in_no_text_of_the_settings()
    {
        var loaded = Load(
            "mine",
            "url: https://api.example/parcels\nkey: sesame-1\nheaders: {Authorization: \"sesame-2\\n\", \"bad name\": sesame-3}"
        );

        loaded.IsUsable.ShouldBeFalse();
        string.Join('\n', loaded.Problems).ShouldNotContain("sesame");
        $"{loaded.Settings} {loaded.Settings.Providers.Custom["mine"]}".ShouldNotContain("sesame");
    }

    [Fact]
    public void An_order_may_name_a_source_of_ones_own()
    {
        var settings = Load("mine", "url: https://api.example/{number}").Settings;
        File.WriteAllText(
            Path.Combine(folder, "orders.yaml"),
            """
            orders:
              - email: me@example.org
                tracking: [{number: LU900000018FR, provider: mine}, {number: LU900000021FR, provider: mines}, {number: LU900000035FR, provider: custom}]
            """
        );

        var problems = OrdersFile
            .Read(
                OrdersPaths.Of(Path.Combine(folder, "orders.yaml")),
                OrdersDesk.Context(settings, new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero))
            )
            .Problems.Where(p => p.Severity == Severity.Error)
            .ToList();

        problems.Count.ShouldBe(2);
        problems[0].Message.ShouldStartWith("'mines' is no provider");
        problems[0].Suggestion.ShouldBe("mine");
        problems[1].Message.ShouldStartWith("'custom' is no provider");
    }

    [Fact]
    public void The_example_of_own_sources_has_no_problem_but_the_missing_key()
    {
        var loaded = SettingsLoader.Load(
            new SettingsRequest
            {
                Config = Path.Combine(House.Repository.Root, "ops", "config", "custom-sources.yaml"),
                CurrentFolder = "/",
                Environment = environment,
            }
        );

        loaded.Problems.ShouldHaveSingleItem().Message.ShouldContain("it uses {key} and has none");
        loaded.Settings.Providers.Custom.Keys.ShouldBe(["la_poste", "corner-post"]);
    }

    /// <param name="keys">At the source's own indentation; what is required besides is added.</param>
    private LoadedSettings Load(string id, string keys)
    {
        var lines = keys.Split('\n').ToList();
        if (!lines.Exists(l => l.StartsWith("list:", StringComparison.Ordinal)))
            lines.Add("list: events");
        lines.Add("time: at");
        var file = Path.Combine(folder, "trackwatch.yaml");
        File.WriteAllText(
            file,
            $"providers:\n  custom:\n    {id}:\n{string.Join('\n', lines.Select(l => $"      {l}"))}\n"
        );
        return SettingsLoader.Load(
            new SettingsRequest
            {
                Config = file,
                CurrentFolder = folder,
                Environment = environment,
            }
        );
    }
}
