using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Tests.Registering.Database;

/// <summary>What the files and the commands say, once it is in force.</summary>
public sealed class RegistrarTests
{
    private const string Number = "LP00612345678901";
    private static readonly DateTimeOffset Start = new(2026, 10, 5, 6, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private const string FactsInForce =
        "select origin || ' ' || (value ->> 'on') from facts where undone_at is null order by told_at";

    [Fact]
    public async Task The_newest_telling_of_a_fact_counts_and_only_commands_can_be_taken_back()
    {
        await using var rooms = await Rooms.OpenAsync(Start);
        var registrar = rooms.Get<Registrar>();
        await rooms.ReadAsync(One("protection_ends: 2026-11-28"));
        await TellAsync(rooms, new Fact.ProtectionEnds(new(2026, 12, 20)));
        (await ProtectionAsync(rooms)).ShouldBe(new(2026, 12, 20));

        // The file says the same as before and something new beside it: the command's word stands.
        await LaterAsync(rooms, One("protection_ends: 2026-11-28, done: [{step: contact-seller}]"));
        (await ProtectionAsync(rooms)).ShouldBe(new(2026, 12, 20));

        // The file says something else, later: now the file's word is the newest.
        await LaterAsync(rooms, One("protection_ends: 2026-11-30"));
        (await ProtectionAsync(rooms)).ShouldBe(new(2026, 11, 30));
        (
            await rooms.Tables.CountAsync("select count(*) from facts where key like 'done/%' and undone_at is null")
        ).ShouldBe(0);

        // The file says nothing any more: what the command told is left.
        await LaterAsync(rooms, One("item: lamp"));
        (await ProtectionAsync(rooms)).ShouldBe(new(2026, 12, 20));

        (await registrar.UndoAsync("a", rooms.Clock.GetUtcNow(), default)).ShouldBe(
            new Fact.ProtectionEnds(new(2026, 12, 20))
        );
        (await ProtectionAsync(rooms)).ShouldBeNull();
        (await registrar.UndoAsync("a", rooms.Clock.GetUtcNow(), default)).ShouldBeNull();
        // Nothing was deleted on the way.
        (await rooms.Tables.CountAsync("select count(*) from facts")).ShouldBe(4);
    }

    [Fact]
    public async Task A_step_done_by_command_is_not_undone_by_a_file_that_does_not_know_it()
    {
        await using var rooms = await Rooms.OpenAsync(Start);
        await rooms.ReadAsync(One("item: lamp"));
        await TellAsync(rooms, new Fact.StepDone(Step.ContactSeller, new(2026, 10, 4)));

        await LaterAsync(rooms, One("item: big lamp"));

        (await rooms.Tables.ListAsync(FactsInForce)).ShouldBe(["Command 2026-10-04"]);
        (
            await rooms.Get<Registrar>().TellAsync("unknown", new Fact.Missing(), FactOrigin.Command, Start, default)
        ).ShouldBeFalse();
    }

    [Fact]
    public async Task An_order_that_leaves_the_file_is_archived_with_its_history_and_may_come_back()
    {
        await using var rooms = await Rooms.OpenAsync(Start);
        rooms.Source.Parcels[Number] = CainiaoParcels.Parcel(Number, CainiaoParcels.FlownOut(Start, daysAgo: 2));
        await rooms.ReadAsync(Orders(("a", Number), ("b", "LP00612345678902")));
        await rooms.PollAsync();

        await LaterAsync(rooms, Orders(("b", "LP00612345678902")));
        await rooms.PollAsync(TimeSpan.FromDays(2));

        rooms.Source.Asked.Count(n => n == Number).ShouldBe(1);
        (await rooms.Tables.ListAsync("select id from orders where archived_at is not null")).ShouldBe(["a"]);
        (await rooms.Tables.CountAsync("select count(*) from tracking_events")).ShouldBe(3);

        await LaterAsync(rooms, Orders(("a", Number), ("b", "LP00612345678902")));
        await rooms.PollAsync();

        rooms.Source.Asked.Count(n => n == Number).ShouldBe(2);
        (await rooms.Tables.CountAsync("select count(*) from orders where archived_at is null")).ShouldBe(2);
        (await rooms.Tables.CountAsync("select count(*) from tracking_events")).ShouldBe(3);
    }

    [Fact]
    public async Task A_parcel_of_two_orders_is_asked_about_once_and_stays_while_one_of_them_does()
    {
        await using var rooms = await Rooms.OpenAsync(Start);
        await rooms.ReadAsync(Orders(("a", Number), ("b", "lp 0061 2345 678901")));
        await rooms.PollAsync();
        rooms.Source.Asked.ShouldBe([Number]);

        await LaterAsync(rooms, Orders(("b", Number)));
        await rooms.PollAsync(TimeSpan.FromDays(2));

        rooms.Source.Asked.ShouldBe([Number, Number]);
    }

    [Theory]
    [InlineData(10, 2, true)]
    [InlineData(10, 3, false)]
    [InlineData(9, 8, true)]
    public async Task More_than_a_fifth_of_ten_orders_do_not_go_by_accident(int orders, int gone, bool applied)
    {
        await using var rooms = await Rooms.OpenAsync(Start);
        await rooms.ReadAsync(Many(orders));

        var result = await LaterAsync(rooms, Many(orders - gone));

        (result is DeskResult.Applied).ShouldBe(applied);
        (await ActiveAsync(rooms)).ShouldBe(applied ? orders - gone : orders);
        if (applied)
            return;
        result.ShouldBeOfType<DeskResult.TooManyGone>().Result.ShouldBe(new Registered.TooManyGone(gone, orders));
        (await rooms.ReadAsync(Many(orders - gone), confirmed: true)).ShouldBeOfType<DeskResult.Applied>();
        (await ActiveAsync(rooms)).ShouldBe(orders - gone);
    }

    [Fact]
    public async Task An_unchanged_file_is_not_applied_again_and_an_empty_one_archives_nothing()
    {
        await using var rooms = await Rooms.OpenAsync(Start);
        await rooms.ReadAsync(One("item: lamp"));

        // Saved again without a change, a restart, an empty file.
        (await LaterAsync(rooms, One("item: lamp"))).ShouldBeOfType<DeskResult.Unchanged>();
        (await LaterAsync(rooms, "")).ShouldNotBeOfType<DeskResult.Applied>();

        (await rooms.Tables.CountAsync("select count(*) from registrations")).ShouldBe(1);
        (await ActiveAsync(rooms)).ShouldBe(1);
    }

    [Fact]
    public async Task Two_hosts_do_not_undo_each_others_newer_files()
    {
        await using var one = await Rooms.OpenAsync(Start);
        await using var other = one.Beside();
        await one.ReadAsync(One("item: lamp"));
        await other.ReadAsync(One("item: lamp"));

        // The first host's file is edited; the other's copy is touched, and stays as it was.
        await LaterAsync(one, One("item: big lamp"));
        (await LaterAsync(other, One("item: lamp"))).ShouldBeOfType<DeskResult.Unchanged>();
        (await one.Tables.TextAsync("select definition ->> 'item' from orders")).ShouldBe("big lamp");

        // Then the copy arrives there too.
        await LaterAsync(other, One("item: big lamp"));
        (await LaterAsync(one, One("item: big lamp"))).ShouldBeOfType<DeskResult.Unchanged>();
        (await one.Tables.TextAsync("select definition ->> 'item' from orders")).ShouldBe("big lamp");
    }

    [Fact]
    public async Task Workers_that_read_the_same_new_file_at_once_do_not_fall_over_each_other()
    {
        await using var one = await Rooms.OpenAsync(Start);
        await using var other = one.Beside();
        await using var third = one.Beside();

        var results = await Task.WhenAll(((Rooms[])[one, other, third]).Select(r => r.ReadAsync(Many(30))));

        results.ShouldAllBe(r => r is DeskResult.Applied);
        (await ActiveAsync(one)).ShouldBe(30);
        (await one.Tables.CountAsync("select count(*) from shipments")).ShouldBe(30);
    }

    private static string One(string more) =>
        $"orders:\n  - {{id: a, email: me@example.org, number: {Number}, {more}}}\n";

    private static string Orders(params (string Id, string Number)[] orders) =>
        "orders:\n"
        + string.Concat(orders.Select(o => $"  - {{id: {o.Id}, email: me@example.org, number: {o.Number}}}\n"));

    private static string Many(int count) =>
        Orders([.. Enumerable.Range(0, count).Select(i => ($"o{i}", $"LP006000000000{i:D2}"))]);

    private static Task<DeskResult> LaterAsync(Rooms rooms, string yaml)
    {
        rooms.Clock.SetTo(rooms.Clock.GetUtcNow() + Hour);
        return rooms.ReadAsync(yaml);
    }

    private static async Task TellAsync(Rooms rooms, Fact fact)
    {
        rooms.Clock.SetTo(rooms.Clock.GetUtcNow() + Hour);
        (
            await rooms.Get<Registrar>().TellAsync("a", fact, FactOrigin.Command, rooms.Clock.GetUtcNow(), default)
        ).ShouldBeTrue();
    }

    private static Task<long> ActiveAsync(Rooms rooms) =>
        rooms.Tables.CountAsync("select count(*) from orders where archived_at is null");

    private static async Task<DateOnly?> ProtectionAsync(Rooms rooms)
    {
        var facts =
            rooms.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<TrackWatch.Worker.Storage.TrackWatchDb>>();
        await using var db = await facts.CreateDbContextAsync();
        var orders = await TrackWatch.Worker.Storage.OrderSnapshots.LoadAsync(
            db,
            ["a"],
            new(),
            TrackWatch.Domain.Notifying.Reminding.Default,
            rooms.Get<TrackWatch.Domain.Rules.RuleBook>(),
            default
        );
        return orders.ShouldHaveSingleItem().Snapshot.Facts.Protection?.On;
    }
}
