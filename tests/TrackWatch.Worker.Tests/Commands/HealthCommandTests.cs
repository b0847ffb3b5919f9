using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary><c>trackwatch health</c> as a container asks it: often, and at moments when nothing is ready.</summary>
public sealed class HealthCommandTests : IDisposable
{
    private static readonly TestDatabases Empty = new(_ => Task.CompletedTask);

    private readonly Household household = new();

    public void Dispose() => household.Dispose();

    [Fact]
    public async Task Before_the_first_worker_it_says_what_is_missing_and_leaves_the_database_as_it_is()
    {
        var connectionString = await Empty.CreateAsync();
        await using var tables = new Tables(connectionString);
        household.Set("TRACKWATCH__DATABASE__CONNECTIONSTRING", connectionString);

        var answer = await household.RunAsync("health");

        (answer.ExitCode, answer.Out).ShouldBe(
            (1, "unwell  database: has no tables yet; trackwatch run makes them\n"),
            answer.Error
        );
        (await tables.CountAsync("select count(*) from pg_tables where schemaname = 'public'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_database_out_of_reach_is_unwell()
    {
        household.Set(
            "TRACKWATCH__DATABASE__CONNECTIONSTRING",
            $"Host=127.0.0.1;Port={SmtpSink.FreePort()};Username=tw;Password=sesame-opens"
        );

        var answer = await household.RunAsync("health");

        answer.ExitCode.ShouldBe(1);
        answer.Out.ShouldStartWith("unwell  database: Failed to connect to 127.0.0.1:");
        (answer.Out + answer.Error).ShouldNotContain("sesame");
    }
}
