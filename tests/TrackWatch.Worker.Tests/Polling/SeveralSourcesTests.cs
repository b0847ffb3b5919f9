using TrackWatch.Domain.Polling;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Running;

namespace TrackWatch.Worker.Tests.Polling;

/// <summary>One parcel, several sources, through the rooms and the tables.</summary>
public sealed class SeveralSourcesTests
{
    private const string Number = "LP00612345678901";
    private const string LastMile = "JJD000390006912345678";
    private const string Aggregator = ProviderIds.SeventeenTrack;
    private static readonly DateTimeOffset Start = new(2026, 10, 5, 6, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly CainiaoEvent[] Journey = CainiaoParcels.FlownOut(Start, daysAgo: 2);
    private static readonly PollOutcome Blocked = new PollOutcome.Blocked("shows a captcha");

    [Fact]
    public async Task The_second_source_is_not_asked_while_the_first_answers()
    {
        await using var rooms = await OpenAsync(Aggregator);
        Say(rooms, Number, Journey);

        for (var hour = 0; hour < 240; hour += 3)
            await rooms.PollAsync(TimeSpan.FromHours(3));

        rooms.Sources[0].Asked.Count.ShouldBeGreaterThan(10);
        rooms.Sources[1].Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_takes_over_while_the_first_is_blocked_and_rests_again_afterwards()
    {
        await using var rooms = await OpenAsync(Aggregator);
        Say(rooms, Number, Journey);
        await rooms.PollAsync();
        rooms.Sources[0].Trouble = Blocked;

        for (var hour = 0; hour < 96; hour += 3)
            await rooms.PollAsync(TimeSpan.FromHours(3));

        var askedWhileBlocked = rooms.Sources[1].Asked.Count;
        askedWhileBlocked.ShouldBeGreaterThan(5);
        // What both tell is one history, and the parcel was seen all the time.
        (await rooms.Tables.CountAsync("select count(*) from tracking_events")).ShouldBe(2 * Journey.Length);
        (
            await rooms.Tables.CountAsync(
                $"select count(*) from shipment_sources where last_sight_at > '{Start.AddHours(80):u}'"
            )
        ).ShouldBe(1);
        rooms.Sources[0].Trouble = null;
        await rooms.PollAsync(Day);
        var asked = rooms.Sources[1].Asked.Count;
        for (var hour = 0; hour < 96; hour += 3)
            await rooms.PollAsync(TimeSpan.FromHours(3));
        rooms.Sources[1].Asked.Count.ShouldBe(asked);
        // While it rests it wants nothing of its limit.
        (await rooms.Tables.ListAsync("select provider from shipment_sources where stands_by")).ShouldBe([Aggregator]);
        (
            await rooms.Tables.TextAsync(
                $"select budget_needed::text from provider_health where provider = '{Aggregator}'"
            )
        ).ShouldBe("0");
    }

    [Fact]
    public async Task What_a_second_source_tells_again_is_no_news()
    {
        await using var rooms = await OpenAsync(Aggregator);
        Say(rooms, Number, Journey);
        await rooms.PollAsync();
        await rooms.Get<Round>().AssessAsync(default);
        await rooms.Tables.DoAsync("update orders set next_assessment_at = null");
        rooms.Sources[0].Trouble = Blocked;

        await rooms.PollAsync(Day);

        rooms.Sources[1].Asked.ShouldNotBeEmpty();
        (await rooms.Tables.CountAsync("select count(*) from orders where next_assessment_at is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task That_the_second_knows_nothing_does_not_count_as_having_seen_the_parcel()
    {
        await using var rooms = await OpenAsync(Aggregator);
        Say(rooms, Number, Journey);
        rooms.Sources[1].Parcels[Number] = CainiaoParcels.Unknown(Number);
        await rooms.PollAsync();
        rooms.Sources[0].Trouble = Blocked;

        await rooms.PollAsync(Day);

        rooms.Sources[1].Asked.ShouldNotBeEmpty();
        (await rooms.Tables.TextAsync("select status from shipments")).ShouldBe("InTransit");
        (await rooms.Tables.TextAsync("select max(last_sight_at)::text from shipment_sources")).ShouldStartWith(
            "2026-10-05"
        );
    }

    [Fact]
    public async Task A_number_that_the_first_never_hears_of_is_asked_at_the_second_after_two_days()
    {
        await using var rooms = await OpenAsync(Aggregator);
        rooms.Sources[0].Parcels[Number] = CainiaoParcels.Unknown(Number);
        rooms.Sources[1].Parcels[Number] = CainiaoParcels.Parcel(Number, Journey);

        for (var hour = 0; hour < 45; hour += 3)
            await rooms.PollAsync(TimeSpan.FromHours(3));
        rooms.Sources[1].Asked.ShouldBeEmpty();
        (await rooms.Tables.TextAsync("select status from shipments")).ShouldBe("NotFound");
        await rooms.PollAsync(TimeSpan.FromHours(6));

        rooms.Sources[1].Asked.ShouldBe([Number]);
        (await rooms.Tables.TextAsync("select status from shipments")).ShouldBe("InTransit");
        // It goes on being asked: it is the one who knows.
        for (var hour = 0; hour < 48; hour += 3)
            await rooms.PollAsync(TimeSpan.FromHours(3));
        rooms.Sources[1].Asked.Count.ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task The_number_of_the_last_mile_is_asked_at_its_carrier_and_its_history_joins_the_parcels()
    {
        await using var rooms = await OpenAsync("dhl");
        rooms.Sources[1].Knows = number => number == LastMile;
        rooms.Sources[0].Parcels[Number] = CainiaoParcels
            .Parcel(Number, Journey)
            .Replace("{\"mailNo\"", $"{{\"copyRealMailNo\":\"{LastMile}\",\"mailNo\"");
        rooms.Sources[1].Parcels[LastMile] = CainiaoParcels.Parcel(
            LastMile,
            new CainiaoEvent(Start.AddHours(2), "GTMS_SIGNED", "[Berlin] Delivered")
        );

        await rooms.PollAsync();
        await rooms.PollAsync(Day);

        rooms.Sources[0].Asked.ShouldAllBe(n => n == Number);
        rooms.Sources[1].Asked.ShouldContain(LastMile);
        (await rooms.Tables.ListAsync("select number from tracking_events where provider = 'dhl'")).ShouldBe([
            LastMile,
        ]);
        (await rooms.Tables.TextAsync("select status from shipments")).ShouldBe("Delivered");
        (await rooms.Tables.CountAsync("select count(*) from shipments")).ShouldBe(1);
    }

    [Fact]
    public async Task One_source_may_be_asked_about_both_numbers_of_a_parcel_at_once()
    {
        await using var rooms = await OpenAsync(Aggregator);
        Say(rooms, Number, Journey);
        rooms.Sources[0].Parcels[Number] = rooms
            .Sources[0]
            .Parcels[Number]
            .Replace("{\"mailNo\"", $"{{\"copyRealMailNo\":\"{LastMile}\",\"mailNo\"");
        rooms.Sources[1].Parcels[LastMile] = CainiaoParcels.Parcel(
            LastMile,
            new CainiaoEvent(Start.AddHours(2), "GTMS_DO_DEPART", "[Berlin] Out for delivery")
        );
        await rooms.PollAsync();
        rooms.Sources[0].Trouble = Blocked;
        await rooms.PollAsync(Day);
        rooms.Sources[1].Parcels[Number] = rooms.Sources[1].Parcels[Number].Replace("Left from", "Gone from");
        rooms.Sources[1].Parcels[LastMile] = CainiaoParcels.Parcel(
            LastMile,
            new CainiaoEvent(Start.AddHours(2), "GTMS_DO_DEPART", "[Berlin] Out for delivery"),
            new CainiaoEvent(Start.AddHours(30), "GTMS_SIGNED", "[Berlin] Delivered")
        );

        await rooms.PollAsync(Day);

        rooms.Sources[1].Asked.TakeLast(2).Order().ShouldBe([LastMile, Number]);
        (await rooms.Tables.TextAsync("select status from shipments")).ShouldBe("Delivered");
        (await rooms.Tables.CountAsync("select count(*) from tracking_events")).ShouldBe((2 * Journey.Length) + 2);
        (await rooms.Tables.CountAsync("select count(*) from shipment_sources where lease_token is not null")).ShouldBe(
            0
        );
    }

    [Fact]
    public async Task What_a_provider_wants_remembered_is_told_to_it_the_next_time_and_its_quota_is_kept()
    {
        await using var rooms = await OpenAsync();
        Say(rooms, Number, Journey);
        rooms.Source.Memo = question => $"asked after {question.Memo ?? "nothing"}";
        rooms.Source.Quota = new SourceQuota(7, 100, "numbers");

        await rooms.PollAsync();
        await rooms.PollAsync(Day);
        await rooms.PollAsync(Day);

        rooms
            .Source.Questions.Select(q => q.Memo)
            .ShouldBe([null, "asked after nothing", "asked after asked after nothing"]);
        (
            await rooms.Tables.TextAsync(
                "select quota_left || '/' || quota_total || ' ' || quota_unit from provider_health"
            )
        ).ShouldBe("7/100 numbers");
    }

    [Fact]
    public async Task A_number_that_is_put_off_is_asked_about_as_soon_as_it_is_urgent()
    {
        await using var rooms = await OpenAsync();
        // Silent for so long that it is stalled as soon as anybody looks.
        Say(rooms, Number, CainiaoParcels.FlownOut(Start, daysAgo: 2));
        await rooms.PollAsync();
        rooms.Source.PutsOff = question =>
            question.IsUrgent ? null : new Deferral("kept for others", TimeSpan.FromDays(300));
        await rooms.PollAsync(Day);
        var asked = rooms.Source.Asked.Count;
        await rooms.PollAsync(Day);
        rooms.Source.Asked.Count.ShouldBe(asked);

        await rooms.Tables.DoAsync("update shipments set last_progress_at = last_progress_at - interval '60 days'");
        await rooms.Tables.DoAsync("update orders set next_assessment_at = now() - interval '10 years'");
        await rooms.Get<Round>().AssessAsync(default);
        (await rooms.Tables.CountAsync("select count(*) from shipments where urgent")).ShouldBe(1);
        await rooms.PollAsync();

        rooms.Source.Asked.Count.ShouldBe(asked + 1);
        rooms.Source.Questions[^1].IsUrgent.ShouldBeTrue();
    }

    [Fact]
    public async Task Where_the_limit_is_short_the_interval_is_stretched()
    {
        await using var rooms = await OpenAsync();
        rooms.Source.Limits = rooms.Source.Limits with { BatchSize = 1, PerDay = 2 };
        Say(rooms, Number, Journey);

        await rooms.PollAsync();
        await rooms.PollAsync(TimeSpan.FromHours(7));
        await rooms.PollAsync(TimeSpan.FromHours(7));

        // A moving parcel wants four questions a day.
        (
            await rooms.Tables.TextAsync(
                "select budget_needed || ' of ' || budget_limit || ', ' || stretch from provider_health"
            )
        ).ShouldBe("4 of 2, 2");
        (
            await rooms.Tables.CountAsync(
                "select count(*) from shipment_sources where next_poll_at - last_poll_at between interval '12 hours' and interval '14 hours'"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task A_source_that_is_switched_off_is_not_asked_and_one_that_is_switched_on_is_planned()
    {
        await using var rooms = await OpenAsync();
        Say(rooms, Number, Journey);
        await rooms.PollAsync();

        await using var other = rooms.With(new CainiaoMouth(Aggregator));
        await other.PollAsync();

        (
            await rooms.Tables.ListAsync(
                "select provider || ' ' || (next_poll_at is not null) from shipment_sources order by provider"
            )
        ).ShouldBe(["17track true", "cainiao false"]);
        (await rooms.Tables.CountAsync("select count(*) from tracking_events")).ShouldBe(Journey.Length);
    }

    [Fact]
    public async Task A_source_that_was_in_trouble_is_tried_with_one_number_before_the_others()
    {
        await using var rooms = await OpenAsync();
        await rooms.ReadAsync(
            $$"""
            people:
              ayse: {email: ayse@example.org}
            orders:
              - {id: hub, person: ayse, ordered: 2026-09-20, tracking: [{{Number}}, LP00612345678902, LP00612345678903]}
            """
        );
        rooms.Source.Trouble = Blocked;
        await rooms.PollAsync();
        rooms.Source.Asked.Count.ShouldBe(3);

        await rooms.PollAsync(Day);
        rooms.Source.Asked.Count.ShouldBe(4);

        rooms.Source.Trouble = null;
        await rooms.PollAsync(Day);
        rooms.Source.Asked.Count.ShouldBe(4 + 3);
        rooms.Source.Asked.TakeLast(3).ShouldBeUnique();
    }

    private static async Task<Rooms> OpenAsync(params string[] others)
    {
        var rooms = await Rooms.OpenAsync(Start, others);
        await rooms.ReadAsync(
            $$"""
            people:
              ayse: {email: ayse@example.org}
            orders:
              - {id: hub, person: ayse, ordered: 2026-09-20, shipped: 2026-09-21, tracking: [{{Number}}]}
            """
        );
        return rooms;
    }

    private static void Say(Rooms rooms, string number, CainiaoEvent[] events)
    {
        foreach (var source in rooms.Sources)
            source.Parcels[number] = CainiaoParcels.Parcel(number, events);
    }
}
