using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Advising;

public sealed class CaseLifeTests
{
    private static readonly DateTimeOffset Opened = Some.Noon(Some.May(1));
    private static readonly DateTimeOffset Now = Some.Noon(Some.May(20));

    private static readonly Dictionary<string, CaseRecord?> Stored = new()
    {
        ["none"] = null,
        ["open"] = new(Opened),
        ["settling"] = new(Opened, SettlingSince: Now.AddDays(-2), Why: CaseEnd.Moving),
        ["settled, not yet closed"] = new(Opened, SettlingSince: Now.AddDays(-3), Why: CaseEnd.Moving),
        ["settled long ago, not looked at"] = new(Opened, SettlingSince: Now.AddDays(-40), Why: CaseEnd.Moving),
        ["closed lately"] = new(Opened, Now.AddDays(-32), Now.AddDays(-29), CaseEnd.Moving, 1),
        ["closed long ago"] = new(Opened, Now.AddDays(-33), Now.AddDays(-30), CaseEnd.Moving, 1),
    };

    /// <summary>Every stored state with everything that can be: state, how often reopened, whether it is the same case, why.</summary>
    public static TheoryData<string, CaseEnd?, CaseState, int, bool, CaseEnd?> Transitions() =>
        new()
        {
            { "none", null, CaseState.Open, 0, false, null },
            { "none", CaseEnd.Moving, CaseState.None, 0, false, null },
            { "none", CaseEnd.Delivered, CaseState.None, 0, false, null },
            { "none", CaseEnd.Refunded, CaseState.None, 0, false, null },
            { "none", CaseEnd.ClosedByBuyer, CaseState.None, 0, false, null },
            { "open", null, CaseState.Open, 0, true, null },
            { "open", CaseEnd.Moving, CaseState.Settling, 0, true, CaseEnd.Moving },
            { "open", CaseEnd.Delivered, CaseState.Settling, 0, true, CaseEnd.Delivered },
            { "open", CaseEnd.Refunded, CaseState.Closed, 0, true, CaseEnd.Refunded },
            { "open", CaseEnd.ClosedByBuyer, CaseState.Closed, 0, true, CaseEnd.ClosedByBuyer },
            { "settling", null, CaseState.Open, 0, true, null },
            { "settling", CaseEnd.Moving, CaseState.Settling, 0, true, CaseEnd.Moving },
            { "settling", CaseEnd.Delivered, CaseState.Settling, 0, true, CaseEnd.Delivered },
            { "settling", CaseEnd.Refunded, CaseState.Closed, 0, true, CaseEnd.Refunded },
            { "settling", CaseEnd.ClosedByBuyer, CaseState.Closed, 0, true, CaseEnd.ClosedByBuyer },
            { "settled, not yet closed", null, CaseState.Open, 1, true, null },
            { "settled, not yet closed", CaseEnd.Moving, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "settled, not yet closed", CaseEnd.Delivered, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "settled, not yet closed", CaseEnd.Refunded, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "settled, not yet closed", CaseEnd.ClosedByBuyer, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "settled long ago, not looked at", null, CaseState.Open, 1, true, null },
            { "settled long ago, not looked at", CaseEnd.Moving, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "settled long ago, not looked at", CaseEnd.Delivered, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "settled long ago, not looked at", CaseEnd.Refunded, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "settled long ago, not looked at", CaseEnd.ClosedByBuyer, CaseState.Closed, 0, true, CaseEnd.Moving },
            { "closed lately", null, CaseState.Open, 2, true, null },
            { "closed lately", CaseEnd.Moving, CaseState.Closed, 1, true, CaseEnd.Moving },
            { "closed lately", CaseEnd.Delivered, CaseState.Closed, 1, true, CaseEnd.Moving },
            { "closed lately", CaseEnd.Refunded, CaseState.Closed, 1, true, CaseEnd.Moving },
            { "closed lately", CaseEnd.ClosedByBuyer, CaseState.Closed, 1, true, CaseEnd.Moving },
            { "closed long ago", null, CaseState.Open, 0, false, null },
            { "closed long ago", CaseEnd.Moving, CaseState.Closed, 1, true, CaseEnd.Moving },
            { "closed long ago", CaseEnd.Delivered, CaseState.Closed, 1, true, CaseEnd.Moving },
            { "closed long ago", CaseEnd.Refunded, CaseState.Closed, 1, true, CaseEnd.Moving },
            { "closed long ago", CaseEnd.ClosedByBuyer, CaseState.Closed, 1, true, CaseEnd.Moving },
        };

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Every_state_knows_what_everything_makes_of_it(
        string stored,
        CaseEnd? end,
        CaseState state,
        int reopened,
        bool isSame,
        CaseEnd? why
    )
    {
        var next = CaseLife.Next(Stored[stored], end, Now);

        (next?.State ?? CaseState.None).ShouldBe(state);
        (next?.Reopened ?? 0).ShouldBe(reopened);
        (next is not null && next.OpenedAt == Opened).ShouldBe(isSame);
        next?.Why.ShouldBe(why);
        CaseLife.Next(next, end, Now).ShouldBe(next, "Deciding twice changes nothing.");
    }

    [Fact]
    public void The_table_of_transitions_misses_none()
    {
        CaseEnd?[] ends = [null, .. Enum.GetValues<CaseEnd>()];

        Transitions()
            .Select(row => ((string)row[0], (CaseEnd?)row[1]))
            .ShouldBe(Stored.Keys.SelectMany(s => ends.Select(e => (s, e))), ignoreOrder: true);
        Stored
            .Values.Select(s => s?.State ?? CaseState.None)
            .Distinct()
            .Count()
            .ShouldBe(Enum.GetValues<CaseState>().Length);
    }

    [Fact]
    public void A_case_that_settled_is_closed_at_the_moment_it_was_due_however_late_anybody_looks() =>
        CaseLife
            .Next(Stored["settled long ago, not looked at"], CaseEnd.Moving, Now)!
            .ClosedAt.ShouldBe(Now.AddDays(-37));

    [Fact]
    public void A_stall_opens_a_case_progress_settles_it_and_the_next_look_is_when_it_closes()
    {
        var order = Some.Snapshot();
        var stalled = order.On(Some.May(9));
        stalled.Case.ShouldBe(new CaseRecord(Some.Noon(Some.May(9))));

        var moving = order with { Case = stalled.Case, Shipments = [Some.Shipment(silentSince: Some.May(10))] };
        var now = Some.Noon(Some.May(10));
        var settling = moving.On(Some.May(10));
        (settling.Case!.State, settling.Case.Why).ShouldBe((CaseState.Settling, CaseEnd.Moving));
        Ladder.NextChange(moving.Answered(now), settling, now).ShouldBe(now.AddDays(3));

        var closed = (moving with { Case = settling.Case }).On(Some.May(14));
        closed.Case.ShouldBe(settling.Case with { ClosedAt = now.AddDays(3) });
    }

    [Fact]
    public void What_the_buyer_calls_over_is_over_at_once()
    {
        var stored = new CaseRecord(Opened);

        Next(new Fact.Closed(ClosedWhy.Received)).ShouldBe(stored with { ClosedAt = Now, Why = CaseEnd.ClosedByBuyer });
        Next(new Fact.RefundReceived()).ShouldBe(stored with { ClosedAt = Now, Why = CaseEnd.Refunded });

        CaseRecord? Next(Fact told) =>
            (Some.Snapshot(null, Some.Facts((told, Some.May(20)))) with { Case = stored }).On(Some.May(20)).Case;
    }

    [Theory]
    [InlineData(Domain.Polling.ParcelStatus.Exception)]
    [InlineData(Domain.Polling.ParcelStatus.Returning)]
    [InlineData(Domain.Polling.ParcelStatus.Returned)]
    public void Trouble_and_a_parcel_that_goes_back_open_a_case_at_once(Domain.Polling.ParcelStatus status) =>
        Some.Snapshot(null, null, Some.Shipment() with { Status = status })
            .On(Some.May(1))
            .Case!.State.ShouldBe(CaseState.Open);
}
