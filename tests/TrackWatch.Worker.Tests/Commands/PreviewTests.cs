using Npgsql;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary><c>trackwatch preview</c> as a process: of a made-up household, and of the orders on file.</summary>
public sealed class PreviewTests(ShownOrders orders) : IClassFixture<ShownOrders>
{
    private readonly Household household = orders.Household;

    [Theory]
    [InlineData("digest", "need")]
    [InlineData("alert", "Open the dispute by")]
    [InlineData("welcome", "Welcome: 3 parcels are being watched")]
    [InlineData("weekly", "Still watching 3 parcels")]
    [InlineData("delivered", "delivered")]
    [InlineData("moving-again", "moving again")]
    [InlineData("operator", "Cainiao does not answer")]
    public async Task Every_kind_of_mail_can_be_seen_before_there_is_a_database(string kind, string said)
    {
        using var empty = new Household();

        var answer = await empty.RunAsync("preview", kind, "--sample", "--out", "mails");

        answer.ExitCode.ShouldBe(0, answer.Error);
        var files = answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        files.Length.ShouldBe(2);
        File.ReadAllText(files[0]).ShouldContain("Message-ID:");
        var page = File.ReadAllText(files[1]);
        page.ShouldStartWith("<!DOCTYPE html>");
        page.ShouldContain(said);
    }

    [Fact]
    public async Task A_mail_of_the_orders_on_file_is_written_and_nothing_is_changed()
    {
        var before = await CountsAsync();

        var alert = await household.RunAsync(
            "preview",
            "alert",
            "--order",
            "usb-hub",
            "--lang",
            "tr",
            "--out",
            "mails"
        );
        var digest = await household.RunAsync("preview", "--out", "mails", "--json");

        alert.ExitCode.ShouldBe(0, alert.Error);
        File.ReadAllText(alert.Out.Split('\n')[1]).ShouldContain("<html lang=\"tr\"");
        digest.ExitCode.ShouldBe(0, digest.Error);
        File.ReadAllText(digest.Json.GetProperty("html").GetString()!).ShouldContain("USB-C hub");
        (await CountsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("Did you mean 'digest'?", "digst")]
    [InlineData("Did you mean 'ayse'?", "digest", "--person", "ayce")]
    [InlineData("there is no order 'usb-hup'", "alert", "--order", "usb-hup")]
    [InlineData("there is no language 'xq'", "digest", "--lang", "xq")]
    [InlineData("does not go with --sample", "digest", "--sample", "--order", "usb-hub")]
    public async Task What_is_not_there_is_named_with_what_is(string said, params string[] arguments)
    {
        var answer = await household.RunAsync(["preview", .. arguments]);

        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain(said);
        answer.Out.ShouldBeEmpty();
    }

    private async Task<(long Mails, long Notices, object? LastDigest)> CountsAsync()
    {
        await using var connection = new NpgsqlConnection(household.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select (select count(*) from mails), (select count(*) from notices where mail_id is null), (select max(last_digest_at)::text from people)",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetValue(2));
    }
}
