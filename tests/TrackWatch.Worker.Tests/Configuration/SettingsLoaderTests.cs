using Microsoft.Extensions.Logging;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Tests.Configuration;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trackwatch-settings-").FullName;
    private readonly Dictionary<string, string> environment = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Without_any_file_the_defaults_stand_and_paths_start_at_the_current_folder()
    {
        var loaded = Load();

        loaded.Problems.ShouldBeEmpty();
        loaded.SettingsPath.ShouldBeNull();
        loaded.Settings.State.ShouldBe(In("work/state"));
        loaded.Settings.Mail.Folder.ShouldBe(In("work/mail"));
        loaded.Orders.ShouldBe(new OrdersPaths(In("work/orders.yaml"), In("work/orders.d")));
    }

    [Fact]
    public void The_settings_are_looked_for_in_the_usual_places_in_order()
    {
        Write("etc/trackwatch.yaml", "state: /of/the/machine");
        Load().Settings.State.ShouldBe("/of/the/machine");
        Write("home/.config/trackwatch/trackwatch.yaml", "state: of-the-home");
        Load().Settings.State.ShouldBe(In("home/.config/trackwatch/of-the-home"));
        Write("work/trackwatch.yaml", "state: ~/of-the-folder");
        Load().Settings.State.ShouldBe(In("home/of-the-folder"));
        Write("named/by-variable.yaml", "state: of-the-variable");
        environment["TRACKWATCH_CONFIG"] = In("named/by-variable.yaml");
        Load().Settings.State.ShouldBe(In("named/of-the-variable"));
        Write("work/by-option.yaml", "state: of-the-option");
        Load(config: "by-option.yaml").Settings.State.ShouldBe(In("work/of-the-option"));
    }

    [Fact]
    public void A_settings_file_that_was_named_must_be_there()
    {
        var problem = Load(config: "gone.yaml").Problems.ShouldHaveSingleItem();
        problem.ToString().ShouldBe($"{In("work/gone.yaml")}: error: --config names this file, and it does not exist.");
    }

    [Fact]
    public void A_mailbox_over_IMAP_is_for_builds_that_can_read_it_and_needs_a_log_in()
    {
        Write("work/trackwatch.yaml", "mail:\n  replies:\n    imap: {host: imap.example.org}\n");

        Load()
            .Problems.Select(p => p.ToString())
            .ShouldContain(
                $"{In("work/trackwatch.yaml")}:3:11: error: mail.replies.imap: "
                    + (
                        ImapSettings.IsIn
                            ? "host, user and password are all needed."
                            : "this build has no IMAP, which comes with MailKit. Use mail.replies.maildir or "
                                + "`trackwatch inbound`, or build with FullPackages=true."
                    )
            );
    }

    [Fact]
    public void Orders_lie_where_the_option_says_else_where_the_settings_say_else_in_a_usual_place()
    {
        Write("work/trackwatch.yaml", "orders: shop/all.yaml");
        Load().Orders.ShouldBe(new OrdersPaths(In("work/shop/all.yaml"), In("work/shop/orders.d")));
        Load()
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                $"{In("work/trackwatch.yaml")}:1:9: warning: The orders file {In("work/shop/all.yaml")} does not exist."
            );
        Write("else/many/a.yaml", "orders: []");
        Load(orders: "../else/many").Orders.ShouldBe(new OrdersPaths(null, In("else/many")));

        Write("work/trackwatch.yaml", "state: here");
        Write("etc/orders.yaml", "orders: []");
        Load().Orders.File.ShouldBe(In("etc/orders.yaml"));
    }

    [Fact]
    public void Variables_stand_before_the_file_and_underscores_and_case_do_not_matter()
    {
        Write("work/trackwatch.yaml", "mail: {host: old.example.org, daily_cap: 3}\nproviders: {cainiao: }\n");
        environment["TRACKWATCH__MAIL__HOST"] = "new.example.org";
        environment["TRACKWATCH__PROVIDERS__CAINIAO__BASEURL"] = "http://127.0.0.1:9";
        environment["TRACKWATCH__PROVIDERS__CAINIAO__MINGAP"] = "0";
        environment["TrackWatch__Providers__Cainiao__Batch_Size"] = "7";
        environment["TRACKWATCH__STATE"] = "/var/lib/trackwatch";
        environment["TRACKWATCH__MAIL__FOLDER"] = "out";
        environment["TRACKWATCH__MAIL__USER"] = "";
        environment["TRACKWATCH__DATABASE__CONNECTIONSTRING"] = "Host=db;Password= x ";
        environment["TRACKWATCH__LOG__LEVEL"] = "Debug";

        var (settings, problems) = (Load().Settings, Load().Problems);

        problems.ShouldBeEmpty();
        settings.Mail.Host.ShouldBe("new.example.org");
        settings.Mail.DailyCap.ShouldBe(3);
        settings.Mail.User.ShouldBeNull("an empty variable counts as not set");
        settings.Mail.Folder.ShouldBe(In("work/out"));
        settings.Providers.Cainiao.BaseUrl.ShouldBe(new Uri("http://127.0.0.1:9"));
        settings.Providers.Cainiao.MinGap.ShouldBe(TimeSpan.Zero);
        settings.Providers.Cainiao.BatchSize.ShouldBe(7);
        settings.State.ShouldBe("/var/lib/trackwatch");
        settings.Database.ConnectionString.ShouldBe("Host=db;Password= x ");
        settings.Log.Level.ShouldBe(LogLevel.Debug);
    }

    [Fact]
    public void Every_setting_has_a_variable()
    {
        foreach (var variable in EnvironmentOverrides.Variables)
            environment[variable] = "?"; // not every setting minds, but none is unknown

        Load().Problems.ShouldNotContain(p => p.Message.StartsWith("No setting", StringComparison.Ordinal));
        EnvironmentOverrides.Variables.ShouldContain("TRACKWATCH__PROVIDERS__CAINIAO__MIN_GAP");
        EnvironmentOverrides.Variables.ShouldContain("TRACKWATCH__TIMEZONE");
    }

    [Fact]
    public void A_secret_can_come_from_a_file_and_loses_one_line_end()
    {
        Write("secret", "p w\n\n");
        environment["TRACKWATCH__MAIL__PASSWORD__FILE"] = In("secret");
        environment["TRACKWATCH__MAIL__USER"] = "me";
        environment["TRACKWATCH__MAIL__HOST"] = "h";
        var loaded = Load();
        loaded.Problems.ShouldBeEmpty();
        loaded.Settings.Mail.Password.ShouldBe("p w\n");
    }

    [Fact]
    public void A_secret_that_cannot_be_read_or_is_set_twice_is_told_with_the_variable()
    {
        environment["TRACKWATCH__MAIL__ACCESSTOKEN__FILE"] = In("gone");
        environment["TRACKWATCH__DATABASE__CONNECTION_STRING"] = "Host=a";
        Write("there", "Host=b");
        environment["TRACKWATCH__DATABASE__CONNECTIONSTRING__FILE"] = In("there");

        var problems = Load().Problems.Select(p => p.ToString()).ToList();

        problems.Count.ShouldBe(2);
        problems.ShouldContain(p =>
            p.StartsWith(
                $"TRACKWATCH__MAIL__ACCESSTOKEN__FILE: error: The file '{In("gone")}'",
                StringComparison.Ordinal
            )
        );
        problems.ShouldContain(p => p.Contains("sets the same. Keep one of them.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_source_with_a_key_from_the_file_the_environment_or_a_file_of_its_own_is_on()
    {
        Write("work/trackwatch.yaml", "providers: {17track: {key: of-the-file}, ship24: {key: x, enabled: false}}");
        Write("secret", "of-a-secret\n");
        environment["TRACKWATCH__PROVIDERS__DHL__KEY"] = "of-the-environment";
        environment["TRACKWATCH__PROVIDERS__AFTERSHIP__KEY__FILE"] = In("secret");

        var providers = Load().Settings.Providers;

        providers.SeventeenTrack.Key.ShouldBe("of-the-file");
        providers.Dhl.Key.ShouldBe("of-the-environment");
        providers.AfterShip.Key.ShouldBe("of-a-secret");
        providers
            .Paced()
            .Where(p => p.Value.IsOn())
            .Select(p => p.Key)
            .ShouldBe(["cainiao", "17track", "dhl", "aftership"], ignoreOrder: true);
        providers.ToString().ShouldNotContain("of-");
    }

    [Fact]
    public void A_source_that_is_preferred_must_be_one()
    {
        Write("work/trackwatch.yaml", "polling:\n  prefer: [dhl, 17trak]");

        Load()
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith($"{In("work/trackwatch.yaml")}:2:17: error: polling.prefer: '17trak' is no provider;");
    }

    [Theory]
    [InlineData("TRACKWATCH__MAIL__HOSTS", "TRACKWATCH__MAIL__HOST")]
    [InlineData("TRACKWATCH__PROVIDER__CAINIAO__MINGAP", "TRACKWATCH__PROVIDERS__CAINIAO__MIN_GAP")]
    [InlineData("TRACKWATCH__MAIL__PASWORD__FILE", "TRACKWATCH__MAIL__PASSWORD__FILE")]
    [InlineData("TRACKWATCH__MAIL__HOST__FILE", null)]
    [InlineData("TRACKWATCH__MAIL", null)]
    [InlineData("TRACKWATCH__XYZZY", null)]
    public void An_unknown_variable_is_a_warning_with_the_likeliest_name(string variable, string? likeliest)
    {
        environment[variable] = "hunter2";
        var problem = Load().Problems.ShouldHaveSingleItem();
        (problem.File, problem.Severity).ShouldBe((variable, Severity.Warning));
        if (likeliest is not null)
            problem.Suggestion.ShouldBe(likeliest);
        problem.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void Values_out_of_bounds_are_told_with_key_and_place_and_all_at_once()
    {
        Write(
            "work/trackwatch.yaml",
            "mail:\n  port: 70000\n  step_timeout: 0\npolling: {ring: 1ms}\nassessing: {stalled: 20, critical: 10d}\n"
        );
        environment["TRACKWATCH__PROVIDERS__CAINIAO__LANES"] = "0";

        var file = In("work/trackwatch.yaml");
        Load()
            .Problems.Select(p => p.ToString())
            .ShouldBe(
                [
                    $"{file}:2:9: error: mail.port: the value is too large; at most 65535.",
                    $"{file}:3:17: error: mail.step_timeout: the value is too small; at least 1s.",
                    $"{file}:4:17: error: polling.ring: the value is too small; at least 100ms.",
                    $"{file}:5:36: error: assessing.critical: comes before stalled; it must be 20d or more.",
                    "TRACKWATCH__PROVIDERS__CAINIAO__LANES: error: providers.cainiao.lanes: the value is too small; at least 1.",
                ],
                ignoreOrder: true
            );
    }

    [Theory]
    [InlineData("mail: {password: [hunter2]}")]
    [InlineData("mail: {password: {is: hunter2}}")]
    [InlineData("mail: {pasword: hunter2}")]
    [InlineData("mail: {password: \"hunter2\\0\"}")]
    [InlineData("mail: {password: !!binary hunter2}")]
    [InlineData("mail: {password: hunter2, password: hunter2}")]
    [InlineData("mail: {password: hunter2}")]
    [InlineData("mail: {password: hunter2")]
    [InlineData("mail: hunter2")]
    [InlineData("mail: {password: *hunter2}")]
    [InlineData("mail: {password: &hunter2 x}")]
    [InlineData("mail: {password: !hunter2 x}")]
    [InlineData("mail: {password: !a!hunter2 x}")]
    [InlineData("mail: {password: @hunter2}")]
    [InlineData("mail: {password: %hunter2}")]
    [InlineData("mail:\n  password: `hunter2`")]
    [InlineData("mail:\n  password: 'hunter2")]
    [InlineData("mail:\n  password: \"\\hunter2\"")]
    [InlineData("mail:\n  password: hunter2: x")]
    [InlineData("database: {connection_string: Password: hunter2}")]
    public void A_secret_is_never_repeated_in_a_problem(string yaml)
    {
        Write("work/trackwatch.yaml", yaml);
        var loaded = Load();
        loaded.IsUsable.ShouldBeFalse();
        string.Join('\n', loaded.Problems).ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("10d", 864000d)]
    [InlineData("6h", 21600d)]
    [InlineData("90s", 90d)]
    [InlineData("500ms", 0.5)]
    [InlineData("1h30m", 5400d)]
    [InlineData("1w2d", 777600d)]
    [InlineData("00:01:30", 90d)]
    [InlineData("0", 0d)]
    [InlineData("10", null)]
    [InlineData("", null)]
    [InlineData("1.5h", null)]
    [InlineData("-1h", null)]
    [InlineData("1m1h", null)]
    [InlineData("1h 30m", null)]
    [InlineData("1:30", null)]
    [InlineData("25:00:00", null)]
    [InlineData("٣d", null)]
    [InlineData("9999999999d", null)]
    public void Durations_have_a_unit_and_the_shape_hh_mm_ss(string text, double? seconds)
    {
        Durations.TryParse(text, out var duration).ShouldBe(seconds is not null);
        duration.TotalSeconds.ShouldBe(seconds ?? 0);
        if (seconds is not null)
        {
            Durations.TryParse(Durations.Write(duration), out var again).ShouldBeTrue();
            again.ShouldBe(duration);
        }
    }

    private LoadedSettings Load(string? config = null, string? orders = null)
    {
        Directory.CreateDirectory(In("work"));
        return SettingsLoader.Load(
            new SettingsRequest
            {
                Config = config,
                Orders = orders,
                Environment = environment,
                CurrentFolder = In("work"),
                Home = In("home"),
                SystemFolder = In("etc"),
            }
        );
    }

    private string In(string path) => Path.Combine(folder, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }
}
