using System.Globalization;
using System.Text;
using Npgsql;

namespace TrackWatch.Worker.Tests.Commands.Simulating;

/// <summary>What the tables recorded, lived again: <c>simulate</c>, <c>explain --at</c> and <c>calendar</c>.</summary>
public sealed class RecordedTests : IAsyncLifetime
{
    private Household household = null!;

    public async Task InitializeAsync()
    {
        household = await Household.WithDatabaseAsync();
        household.Set("TRACKWATCH__MAIL__SETTLE", "0");
        household.Write(
            "orders.yaml",
            """
            people:
              ayse: {email: ayse@example.org, language: tr, timezone: Europe/Istanbul, country: TR}
              jan: {email: jan@example.org, country: PL}
            orders:
              - {id: usb-hub, person: ayse, item: "Hub; çift, kablo", tracking: [SIMSILENT01], shipped: 2020-01-01}
              - {id: lamp, person: jan, item: Lamp, tracking: [SIMMOVING01], protection_ends: 2098-12-31}
              - {id: ending, person: jan, item: Kettle, tracking: [SIMENDING01], protection_ends: 2099-12-31}
            """
        );
        (await household.RunAsync("run", "--once")).ExitCode.ShouldBe(0);
    }

    public Task DisposeAsync()
    {
        household.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_recorded_history_brings_the_mails_again_that_were_sent()
    {
        var sent = await ColumnAsync("select message_id from mails where kind = 'Alert'");

        var answer = await household.RunAsync("simulate", "--json");

        answer.ExitCode.ShouldBe(0, answer.Error);
        sent.ShouldNotBeEmpty();
        var mails = answer.Json.EnumerateArray().Select(e => e.GetProperty("mail").GetString()!).ToList();
        sent.ShouldBeSubsetOf(mails);
        (await household.RunAsync("simulate", "--json")).Out.ShouldBe(answer.Out);
    }

    [Fact]
    public async Task One_order_can_be_simulated_by_any_of_its_names_and_for_as_long_as_wanted()
    {
        var answer = await household.RunAsync("simulate", "--order", "simsilent01", "--to", "2027-12-31", "--json");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Json.EnumerateArray().ShouldAllBe(e => e.GetProperty("order").GetString() == "usb-hub");
        (await household.RunAsync("simulate", "--order", "usb-hob")).ShouldSatisfyAllConditions(
            wrong => wrong.ExitCode.ShouldBe(2),
            wrong => wrong.Error.ShouldContain("Did you mean 'usb-hub'?")
        );
    }

    [Fact]
    public async Task Explain_tells_of_any_moment()
    {
        var today = TimeProvider.System.GetUtcNow().UtcDateTime;

        var now = (await household.RunAsync("explain", "usb-hub", "--json")).Json;
        var tonight = (await household.RunAsync("explain", "usb-hub", "--at", Iso(today.AddDays(1)), "--json")).Json;
        var later = (
            await household.RunAsync("explain", "lamp", "--at", $"{Iso(today.AddDays(60))}T08:30", "--json")
        ).Json;
        var before = await household.RunAsync("explain", "usb-hub", "--at", "2020-01-01");
        var wrong = await household.RunAsync("explain", "usb-hub", "--at", "tomorrow");

        // What is known does not change by being told as of a moment.
        tonight
            .GetProperty("stalls")[0]
            .GetProperty("countedFrom")
            .GetString()
            .ShouldBe(now.GetProperty("stalls")[0].GetProperty("countedFrom").GetString());
        tonight.GetProperty("deadlines").GetRawText().ShouldBe(now.GetProperty("deadlines").GetRawText());
        later.GetProperty("asOf").GetString().ShouldBe($"{Iso(today.AddDays(60))}T08:30:00Z");
        later.GetProperty("stalls")[0].GetProperty("level").GetString().ShouldBe("critical");
        before.ExitCode.ShouldBe(2);
        before.Error.ShouldContain("before that nothing was known of it");
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("'tomorrow' is no time; write 2026-12-01");
    }

    [Fact]
    public async Task The_calendar_names_each_last_day_once_and_reads_the_same_every_time()
    {
        var everybody = await household.RunAsync("calendar");
        var jan = await household.RunAsync("calendar", "jan@example.org");
        var nobody = await household.RunAsync("calendar", "jna");

        everybody.ExitCode.ShouldBe(0, everybody.Error);
        (await household.RunAsync("calendar")).Out.ShouldBe(everybody.Out);
        var events = Calendar.Read(everybody.Out);
        events.Select(e => e["UID"]).ShouldBeUnique();
        var protection = events.Single(e => e["UID"] == "lamp.protection.jan@trackwatch");
        protection["DTSTART;VALUE=DATE"].ShouldBe("20981230");
        protection["DTEND;VALUE=DATE"].ShouldBe("20981231");
        protection["SUMMARY"].ShouldContain("Lamp");
        protection["DESCRIPTION"].ShouldContain("lamp, AE-");
        events.ShouldContain(e => e["SUMMARY"].Contains("Hub; çift, kablo", StringComparison.Ordinal));
        Calendar
            .Read(jan.Out)
            .ShouldAllBe(e =>
                e["UID"].StartsWith("lamp.", StringComparison.Ordinal)
                || e["UID"].StartsWith("ending.", StringComparison.Ordinal)
            );
        nobody.ExitCode.ShouldBe(2);
        nobody.Error.ShouldContain("Did you mean 'jan'?");
    }

    [Fact]
    public async Task An_event_keeps_its_name_and_grows_its_sequence_when_its_day_moves()
    {
        var before = Calendar.Read((await household.RunAsync("calendar")).Out).Single(IsLamp);

        (await household.RunAsync("tell", "lamp", "protection", "2097-06-30")).ExitCode.ShouldBe(0);

        var after = Calendar.Read((await household.RunAsync("calendar")).Out).Single(IsLamp);
        after["DTSTART;VALUE=DATE"].ShouldBe("20970629");
        int.Parse(after["SEQUENCE"], CultureInfo.InvariantCulture)
            .ShouldBeGreaterThan(int.Parse(before["SEQUENCE"], CultureInfo.InvariantCulture));
        string.CompareOrdinal(after["DTSTAMP"], before["DTSTAMP"]).ShouldBeGreaterThanOrEqualTo(0);
    }

    private static bool IsLamp(Dictionary<string, string> e) => e["UID"] == "lamp.protection.jan@trackwatch";

    private static string Iso(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async Task<List<string>> ColumnAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(household.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await row.ReadAsync())
            values.Add(row.GetString(0));
        return values;
    }

    /// <summary>A reader of RFC 5545 that knows nothing of the writer.</summary>
    private static class Calendar
    {
        public static List<Dictionary<string, string>> Read(string file)
        {
            file.ShouldEndWith("\r\n");
            var lines = file[..^2].Split("\r\n");
            lines.ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 75 && !line.Contains('\n'));
            var whole = new List<string>();
            foreach (var line in lines)
                if (line.StartsWith(' '))
                    whole[^1] += line[1..];
                else
                    whole.Add(line);
            whole[0].ShouldBe("BEGIN:VCALENDAR");
            whole[^1].ShouldBe("END:VCALENDAR");
            foreach (var once in (string[])["VERSION:2.0", "METHOD:PUBLISH"])
                whole.Count(l => l == once).ShouldBe(1, once);
            whole.Count(l => l.StartsWith("PRODID:", StringComparison.Ordinal)).ShouldBe(1);

            var open = new Stack<string>();
            var events = new List<Dictionary<string, string>>();
            foreach (var line in whole)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var (name, value) = (line[..colon], Unescape(line[(colon + 1)..]));
                switch (name)
                {
                    case "BEGIN":
                        open.Push(value);
                        if (value == "VEVENT")
                            events.Add([]);
                        break;
                    case "END":
                        open.Pop().ShouldBe(value);
                        break;
                    default:
                        if (open.Peek() == "VEVENT")
                            events[^1].Add(name, value);
                        else if (open.Peek() == "VALARM" && name == "TRIGGER")
                            value.ShouldBeOneOf("-P6DT15H", "-P2DT15H", "-P0DT15H");
                        break;
                }
            }
            open.ShouldBeEmpty();
            foreach (var e in events)
            foreach (var name in (string[])["UID", "DTSTAMP", "SEQUENCE", "DTSTART;VALUE=DATE", "SUMMARY"])
                e.ShouldContainKey(name);
            return events;
        }

        private static string Unescape(string text)
        {
            var plain = new StringBuilder();
            for (var i = 0; i < text.Length; i++)
                plain.Append(
                    text[i] != '\\' ? text[i]
                    : text[++i] == 'n' ? '\n'
                    : text[i]
                );
            return plain.ToString();
        }
    }
}
