using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Tests.Registering.Replying;

/// <summary>People whose every address came back.</summary>
public sealed class UnreachableTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_has_a_last_day_goes_to_the_operator_and_the_rest_waits()
    {
        await using var rooms = await Rooms.OpenAsync(Now);
        // Nobody is named as the operator, so it is the first person.
        await rooms.ReadAsync(
            """
            people:
              ayse: {email: ayse@example.org}
              ghost: {email: [ghost@example.org, ghost2@example.org]}
            orders:
              - {id: hub, person: ghost, number: LP00612345678901}
              - {id: lamp, person: ayse, number: LP00612345678902}
            """
        );
        await WaitingAsync(rooms, "deadline/protection/2026-11-25/3", NoticeKind.Deadline, new DateOnly(2026, 11, 25));
        await WaitingAsync(rooms, "silent/x", NoticeKind.Step, null);
        await rooms.Tables.DoAsync(
            """
            insert into mails (id, person_id, kind, message_id, sender, recipients, settled, subject, body, composed_at, attempts)
            values ('00000000-0000-0000-0000-000000000001', 'ghost', 'Digest', 'a@b', 'a', '{}', '{}', '', '', now(), 1);
            insert into refused_addresses (address, since, why, mail_id)
            select a, now(), 'unknown', '00000000-0000-0000-0000-000000000001' from unnest(array['ghost@example.org', 'ghost2@example.org']) a;
            """
        );
        rooms.Clock.SetTo(Now.AddHours(1));

        await rooms.Get<MailPlanner>().PlanAsync(rooms.Clock.GetUtcNow(), CancellationToken.None);

        const string alerts = "from mails where person_id = 'ghost' and kind = 'Alert'";
        (await rooms.Tables.ListAsync($"select array_to_string(recipients, ' ') {alerts}")).ShouldBe([
            "ayse@example.org",
        ]);
        (await rooms.Tables.ListAsync("select instance from notices where mail_id is null")).ShouldBe(["silent/x"]);

        await rooms.Tables.DoAsync("delete from refused_addresses where address = 'ghost2@example.org'");
        await rooms.Get<MailPlanner>().PlanAsync(rooms.Clock.GetUtcNow(), CancellationToken.None);
        (
            await rooms.Tables.ListAsync(
                $"select array_to_string(recipients, ' ') {alerts} order by composed_at, subject"
            )
        ).ShouldContain("ghost2@example.org");
    }

    private static Task<int> WaitingAsync(Rooms rooms, string instance, NoticeKind kind, DateOnly? doBy)
    {
        var draft = new NoticeDraft(
            instance,
            kind,
            Channel.Alert,
            new Reason(ReasonCode.Silent, Days: 20),
            Step.ContactSeller,
            DoBy: doBy
        );
        var day = doBy is { } by ? $"'{by:yyyy-MM-dd}'" : "null";
        return rooms.Tables.DoAsync(
            $"""
            insert into notices (dedup_key, person_id, order_id, kind, channel, instance, content, written_at, do_by)
            values ('ghost/hub/{instance}', 'ghost', 'hub', '{kind}', 'Alert', '{instance}', '{DomainJson.Write(
                draft
            )}', '{Now:O}', {day})
            """
        );
    }
}
