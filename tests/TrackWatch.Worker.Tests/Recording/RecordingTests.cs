using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Running;

namespace TrackWatch.Worker.Tests.Recording;

/// <summary>What answers leave behind in the tables.</summary>
public sealed class RecordingTests
{
    private const string Number = "LP00612345678901";
    private const string Other = "LP00612345678902";
    private static readonly DateTimeOffset Start = new(2026, 10, 5, 6, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly CainiaoEvent[] Journey = CainiaoParcels.FlownOut(Start, daysAgo: 2);

    private static readonly string[] Kept =
    [
        "tracking_events",
        "event_texts",
        "anomalies",
        "payloads",
        "stalls",
        "notices",
        "facts",
    ];

    [Fact]
    public async Task An_unchanged_answer_leaves_nothing_but_a_line_in_the_poll_log()
    {
        await using var rooms = await OpenAsync(Number);
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, Journey);
        await rooms.PollAsync();
        var before = await CountsAsync(rooms);

        var tally = await rooms.PollAsync(Day);

        (tally.Polled, tally.Unchanged, tally.Events).ShouldBe((1, 1, 0));
        (await CountsAsync(rooms)).ShouldBe(before);
        (await rooms.Tables.CountAsync("select count(*) from polls where outcome = 'Ok'")).ShouldBe(2);
        (
            await rooms.Tables.CountAsync(
                "select count(*) from shipment_sources where last_answer_at = last_poll_at and next_poll_at > last_poll_at and octet_length(answer_hash) = 32"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task The_first_import_is_quiet_about_the_past_and_a_new_event_is_recorded_once()
    {
        await using var rooms = await OpenAsync(Number);
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, Journey);
        await rooms.PollAsync();
        await rooms.Get<Round>().AssessAsync(default);
        (await rooms.Tables.CountAsync("select count(*) from tracking_events where first_import")).ShouldBe(3);
        (await rooms.Tables.CountAsync("select count(*) from notices")).ShouldBe(0);

        CainiaoEvent[] landed = [.. Journey, new(Start.AddHours(20), "LH_ARRIVE", "Arrived at destination country")];
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, landed);
        (await rooms.PollAsync(Day)).Events.ShouldBe(1);
        (await rooms.PollAsync(Day)).Events.ShouldBe(0);

        (await rooms.Tables.ListAsync("select code from tracking_events where not first_import")).ShouldBe([
            "LH_ARRIVE",
        ]);
        (await rooms.Tables.ListAsync("select new_events::text from polls order by id")).ShouldBe(["3", "1", "0"]);
    }

    [Fact]
    public async Task An_edited_text_keeps_both_wordings_and_is_no_news()
    {
        await using var rooms = await OpenAsync(Number);
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, Journey);
        await rooms.PollAsync();
        await rooms.Get<Round>().AssessAsync(default);
        var progress = await rooms.Tables.TextAsync("select last_progress_at::text from shipments");

        CainiaoEvent[] edited = [.. Journey[..2], Journey[2] with { Text = "Flight has left" }];
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, edited);
        (await rooms.PollAsync(Day)).Events.ShouldBe(0);
        await rooms.Get<Round>().AssessAsync(default);

        (
            await rooms.Tables.ListAsync(
                "select e.text || ' | ' || t.text from event_texts t join tracking_events e on e.id = t.event_id"
            )
        ).ShouldBe(["Left from departure country/region | Flight has left"]);
        (await rooms.Tables.CountAsync("select count(*) from tracking_events")).ShouldBe(3);
        (await rooms.Tables.CountAsync("select count(*) from notices")).ShouldBe(0);
        (await rooms.Tables.TextAsync("select last_progress_at::text from shipments")).ShouldBe(progress);
        (await rooms.Tables.TextAsync("select last_text from shipments")).ShouldBe("Flight has left");
    }

    [Fact]
    public async Task Who_lost_the_claim_meanwhile_writes_nothing_at_all()
    {
        await using var rooms = await OpenAsync(Number);
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, Journey);
        await rooms.PollAsync();
        var before = await CountsAsync(rooms);
        var shipment = await rooms.Tables.TextAsync(
            "select (s.*)::text || (w.*)::text from shipments s join shipment_sources w on w.shipment_id = s.id"
        );

        // Everything at once: a new event, a new wording, one that vanished.
        CainiaoEvent[] changed =
        [
            Journey[1],
            Journey[2] with
            {
                Text = "Flight has left",
            },
            new(Start.AddHours(20), "LH_ARRIVE", "Arrived"),
        ];
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, changed);
        rooms.Source.Meanwhile = () =>
            rooms.Tables.DoAsync(
                "update shipment_sources set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour'"
            );
        (await rooms.PollAsync(Day)).Events.ShouldBe(0);

        (await CountsAsync(rooms)).ShouldBe(before);
        (await rooms.Tables.CountAsync("select count(*) from polls")).ShouldBe(1);
        await rooms.Tables.DoAsync("update shipment_sources set lease_token = null, lease_until = null");
        (
            await rooms.Tables.TextAsync(
                "select (s.*)::text || (w.*)::text from shipments s join shipment_sources w on w.shipment_id = s.id"
            )
        ).ShouldBe(shipment);
    }

    [Theory]
    [InlineData("nul \\u0000 nul", "nul  nul")]
    [InlineData("flown \\ud83d out", "flown � out")]
    [InlineData("\\udce6 flown", "� flown")]
    [InlineData("a pair \\ud83d\\udce6 is fine", "a pair 📦 is fine")]
    [InlineData("written out: \\\\u0000 \\\\ud83d", "written out: \\u0000 \\ud83d")]
    public async Task What_is_no_text_for_PostgreSQL_is_survived_by_the_event_and_its_batch(string json, string text)
    {
        await using var rooms = await OpenAsync(Number, Other);
        rooms.Source.Parcels[Number] = CainiaoParcels
            .Parcel(Number, Journey)
            .Replace(Journey[2].Text, json, StringComparison.Ordinal);
        rooms.Source.Parcels[Other] = CainiaoParcels.Parcel(Other, Journey);

        var tally = await rooms.PollAsync();

        (tally.Polled, tally.Events).ShouldBe((2, 6));
        (await rooms.Tables.CountAsync("select count(*) from polls where outcome = 'Ok'")).ShouldBe(2);
        (await rooms.Tables.TextAsync("select last_text from shipments order by id")).ShouldBe(text);
    }

    [Theory]
    [InlineData("{\"mailNo\":\"LP00612345678901\",\"detailList\":[{\"timeStr\":\"no time\"}]}")]
    [InlineData(
        "{\"mailNo\":\"LP00612345678901\",\"status\":{\"a\":1},\"status\":[],\"detailList\":{},\"detailList\":7}"
    )]
    [InlineData("{\"mailNo\":\"LP00612345678901\",\"\\ud83d\":1,\"status\":\"DELIVERING\",\"receiverName\":\"x\"}")]
    [InlineData(
        "{\"mailNo\":\"LP00612345678901\",\"detailList\":[{\"time\":1e400,\"timeStr\":\"0001-01-01 00:00:00\",\"timeZone\":\"GMT+99\"}]}"
    )]
    [InlineData(
        "{\"mailNo\":\"LP00612345678901\",\"detailList\":[{\"timeStr\":\"9999-12-31 23:59:59\",\"timeZone\":\"GMT-12\",\"actionCode\":\"X\"}]}"
    )]
    [InlineData("not json")]
    public async Task One_numbers_broken_entry_does_not_stop_the_others(string entry)
    {
        await using var rooms = await OpenAsync(Number, Other);
        rooms.Source.Parcels[Number] = entry;
        rooms.Source.Parcels[Other] = CainiaoParcels.Parcel(Other, Journey);

        await rooms.PollAsync();
        var asked = rooms.Source.Asked.Count;
        await rooms.PollAsync();

        (
            await rooms.Tables.CountAsync(
                $"select count(*) from tracking_events e join shipments s on s.id = e.shipment_id where s.number = '{Other}'"
            )
        ).ShouldBe(3);
        (
            await rooms.Tables.CountAsync(
                "select count(*) from shipment_sources where lease_token is not null or next_poll_at <= last_poll_at"
            )
        ).ShouldBe(0);
        (asked, rooms.Source.Asked.Count).ShouldBe((2, 2));
        (await rooms.Tables.CountAsync("select count(*) from payloads where body like '%receiverName%'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_the_database_refuses_of_one_number_does_not_stop_the_others()
    {
        await using var rooms = await OpenAsync(Number, Other);
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, Journey[..2]);
        rooms.Source.Parcels[Other] = CainiaoParcels.Parcel(Other, Journey);
        await rooms.Tables.DoAsync("alter table tracking_events add check (code <> 'LH_DEPART')");

        (await rooms.PollAsync()).Events.ShouldBe(2);

        (
            await rooms.Tables.ListAsync(
                "select outcome || ' ' || coalesce(detail, '') from polls order by shipment_id"
            )
        ).ShouldBe(["Ok ", "Failed the answer cannot be stored (23514)"]);
        (
            await rooms.Tables.CountAsync(
                "select count(*) from shipment_sources where lease_token is not null or next_poll_at <= last_poll_at"
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task A_history_that_vanishes_and_scans_after_the_delivery_become_anomalies_and_undo_nothing()
    {
        await using var rooms = await OpenAsync(Number);
        CainiaoEvent[] delivered = [.. Journey, new(Start.AddHours(-2), "GTMS_SIGNED", "Delivered")];
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, delivered);
        await rooms.PollAsync();

        CainiaoEvent[] strange = [.. delivered[1..], new(Start.AddHours(5), "GTMS_SC_ARRIVE", "At the sorting centre")];
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, strange);
        await rooms.PollAsync(Day);
        await rooms.PollAsync(Day);

        (
            await rooms.Tables.ListAsync(
                "select a.kind || ' ' || e.code from anomalies a join tracking_events e on e.id = a.event_id order by 1"
            )
        ).ShouldBe(["after-delivery GTMS_SC_ARRIVE", "vanished PU_PICKUP_SUCCESS"]);
        (await rooms.Tables.TextAsync("select status from shipments")).ShouldBe("Delivered");
        (await rooms.Tables.CountAsync("select count(*) from tracking_events")).ShouldBe(5);
    }

    private static async Task<Rooms> OpenAsync(params string[] numbers)
    {
        var rooms = await Rooms.OpenAsync(Start);
        await rooms.ReadAsync(
            "orders:\n" + string.Concat(numbers.Select(n => $"  - {{email: me@example.org, number: {n}}}\n"))
        );
        return rooms;
    }

    private static async Task<string> CountsAsync(Rooms rooms)
    {
        var counts = new List<string>();
        foreach (var table in Kept)
            counts.Add($"{table}: {await rooms.Tables.CountAsync($"select count(*) from {table}")}");
        return string.Join(", ", counts);
    }
}
