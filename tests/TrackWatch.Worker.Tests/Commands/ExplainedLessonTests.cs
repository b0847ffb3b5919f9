using System.Text.Json;
using TrackWatch.TestKit.Database;
using TrackWatch.Worker.Tests.Evidence;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary><c>explain</c> of a parcel whose lane is known from parcels before it.</summary>
public sealed class ExplainedLessonTests(RecordedOrder recorded) : IClassFixture<RecordedOrder>
{
    [Theory]
    [InlineData(6, 40, 6, "learned", "notice from day 6 instead of the rule's 4")]
    [InlineData(40, 40, 8, "learned", "notice from day 8 instead of the rule's 4, at most twice")]
    [InlineData(4, 40, 4, "rule", "the rule's notice from day 4 stands")]
    [InlineData(6, 29, null, null, null)]
    public async Task Both_limits_are_shown_and_which_of_them_stands(
        int days,
        int legs,
        int? notice,
        string? stands,
        string? said
    )
    {
        await using var tables = new Tables(recorded.ConnectionString);
        await tables.DoAsync(
            $"delete from learned_lanes; insert into learned_lanes (origin, destination, service, leg, days, legs) values ('', '', 'Standard', 'ImportCustoms', {days}, {legs})"
        );

        var shown = await recorded.Home.RunAsync("explain", "hub");
        var json = await recorded.Home.RunAsync("explain", "hub", "--json");

        (shown.ExitCode, json.ExitCode).ShouldBe((0, 0), shown.Log + json.Log);
        var stall = JsonDocument.Parse(json.Output).RootElement.GetProperty("stalls")[0];
        stall.GetProperty("limits").GetProperty("notice").GetInt32().ShouldBe(notice ?? 4);
        stall.GetProperty("table").GetProperty("notice").GetInt32().ShouldBe(4);
        var learned = stall.GetProperty("learned");
        if (stands is null)
            learned.ValueKind.ShouldBe(JsonValueKind.Null);
        else
            (notice, stands).ShouldBe(
                (learned.GetProperty("notice").GetInt32(), learned.GetProperty("stands").GetString())
            );
        var words = string.Join(' ', shown.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (said is null)
            words.ShouldNotContain("95 of 100");
        else
            words.ShouldContain(said);
    }
}
