using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Whole;

/// <summary>Mail servers that are away, refuse, or break off. Back-off is not waited for: the tests move what is due.</summary>
[Collection(nameof(WholeRuns))]
public sealed class MailTroubleTests
{
    private static readonly Load Load = new(Moving: 0, Stalled: 2);

    [Fact]
    public async Task Mails_wait_for_a_server_that_is_away_and_arrive_once()
    {
        await using var room = await Room.OpenAsync();
        await using var sink = await SmtpSink.StartAsync();
        await sink.SwitchOffAsync();
        await using var worker = room.Home.MailingTo(sink).Start();
        await room.UntilAttemptedAsync(worker);

        await sink.SwitchOnAsync();
        await room.Tables.DoAsync("update mails set next_attempt_at = now() where accepted_at is null");
        await room.UntilAcceptedAsync(worker);

        await Load.ShouldBeWholeIn(room.Tables, sink);
        worker.Log.ShouldContain("warning: Mail not taken for now");
        worker.Log.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_mail_whose_answer_is_lost_goes_again_as_the_same_mail()
    {
        await using var room = await Room.OpenAsync();
        await using var sink = await SmtpSink.StartAsync();
        sink.On("END", "lost");
        await using var worker = room.Home.MailingTo(sink).Start();
        await room.UntilAttemptedAsync(worker);

        sink.On("END", null);
        await room.Tables.DoAsync("update mails set next_attempt_at = now() where accepted_at is null");
        await room.UntilAcceptedAsync(worker);

        var twice = sink.Mails.GroupBy(m => m.To.ShouldHaveSingleItem()).Where(g => g.Count() > 1).ToList();
        twice.ShouldNotBeEmpty();
        twice.ShouldAllBe(g => g.All(m => m.Bytes.SequenceEqual(g.First().Bytes)));
    }

    [Fact]
    public async Task A_mail_refused_for_good_is_told_to_the_operator_once()
    {
        await using var room = await Room.OpenAsync();
        await using var sink = await SmtpSink.StartAsync();
        var gone = $"person-{Load.Moving}@example.org";
        sink.On($"RCPT {gone}", "550 5.1.1 no such user");
        room.Home.Environment["TRACKWATCH__OPERATOR"] = "operator@example.org";
        await using var worker = room.Home.MailingTo(sink).Start();
        await worker.UntilAsync("the operator is told", () => Task.FromResult(ToOperator(sink).Any()));

        // Another change of the same order composes and sends once more; the refused mail stays refused.
        room.Home.WriteOrders(Load.Orders().Replace("id: o1,", "id: o1, item: lamp,", StringComparison.Ordinal));
        await worker.UntilAsync(
            "the change is assessed",
            async () =>
                await room.Tables.CountAsync(
                    "select count(*) from orders where definition ->> 'item' = 'lamp' and (next_assessment_at is null or next_assessment_at > now())"
                ) == 1
        );

        var told = ToOperator(sink).ShouldHaveSingleItem();
        var mail = await ReadMail.FromAsync(told.Bytes);
        mail.Text.ShouldContain("550 5.1.1 no such user");
        (await room.Tables.CountAsync("select count(*) from mails where refused_at is not null")).ShouldBe(1);
        (await room.Tables.CountAsync("select count(*) from mails where next_attempt_at is not null")).ShouldBe(0);
        sink.Mails.Count.ShouldBe(2, worker.Log);
    }

    [Fact]
    public async Task Of_several_addresses_each_gets_the_mail_once_and_the_operator_hears_of_the_one_that_is_gone()
    {
        await using var room = await Room.OpenAsync();
        await using var sink = await SmtpSink.StartAsync();
        sink.On("RCPT gone@example.org", "550 5.1.1 no such user");
        sink.On("RCPT busy@example.org", "450 4.2.0 greylisted");
        var first = $"person-{Load.Moving}@example.org";
        room.Home.WriteOrders(
            Load.Orders().Replace($"email: {first}", $"email: [{first}, gone@example.org, busy@example.org]")
        );
        room.Home.Environment["TRACKWATCH__OPERATOR"] = "operator@example.org";
        await using var worker = room.Home.MailingTo(sink).Start();
        await worker.UntilAsync("the operator is told", () => Task.FromResult(ToOperator(sink).Any()));
        await room.UntilAcceptedAsync(worker, but: "and next_attempt_at is null", count: Load.Stalled);

        sink.On("RCPT busy@example.org", null);
        await room.Tables.DoAsync("update mails set next_attempt_at = now() where next_attempt_at is not null");
        await worker.UntilAsync(
            "the last one has it",
            () => Task.FromResult(sink.Mails.Any(m => m.To.Contains("busy@example.org")))
        );
        await worker.UntilAsync(
            "nothing is left",
            async () =>
                await room.Tables.CountAsync("select count(*) from mails where next_attempt_at is not null") == 0
        );

        var mails = sink.Mails.Where(m => m.To.Contains(first) || m.To.Contains("busy@example.org")).ToList();
        mails.Select(m => m.To.ShouldHaveSingleItem()).ShouldBe([first, "busy@example.org"]);
        mails[1].Bytes.ShouldBe(mails[0].Bytes);
        var told = await ReadMail.FromAsync(ToOperator(sink).ShouldHaveSingleItem().Bytes);
        told.Headers["Subject"].ShouldContain("gone@example.org");
        told.Text.ShouldContain("550 5.1.1 no such user");
        (await room.Tables.CountAsync("select count(*) from mails where refused_at is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task A_wrong_password_is_said_plainly_shows_in_health_and_is_never_written_anywhere()
    {
        await using var room = await Room.OpenAsync();
        const string Wrong = "wr0ng-s3cret";
        await using var sink = await SmtpSink.StartAsync(
            new()
            {
                Security = SinkSecurity.Starttls,
                User = "watch@example.org",
                Password = "right",
            }
        );
        room.Home.MailingTo(sink);
        room.Home.Environment["TRACKWATCH__MAIL__PASSWORD"] = Wrong;
        await using var worker = room.Home.Start();
        await room.UntilAttemptedAsync(worker);

        worker.Log.ShouldContain("535");
        worker.Log.ShouldContain("mail.password");
        (await room.Home.RunAsync("health")).ExitCode.ShouldBe(0);
        await room.Tables.DoAsync("update mails set composed_at = composed_at - interval '1 hour'");
        var health = await room.Home.RunAsync("health");
        (health.ExitCode, health.Output.Contains("unwell  outbox", StringComparison.Ordinal)).ShouldBe(
            (1, true),
            health.Output
        );

        await worker.TerminateAsync();
        foreach (var said in (string[])[worker.Log, health.Output, health.Log])
            said.ShouldNotContain(Wrong);
        (await room.Tables.CountAsync($"select count(*) from mails where reply like '%{Wrong}%'")).ShouldBe(0);
    }

    private static IEnumerable<ReceivedMail> ToOperator(SmtpSink sink) =>
        sink.Mails.Where(m => m.To.Contains("operator@example.org"));

    /// <summary>Two stalled parcels, each of a person of its own, and a worker's folder.</summary>
    private sealed record Room(ProviderStubProcess Stub, WorkerHome Home, Tables Tables) : IAsyncDisposable
    {
        public static async Task<Room> OpenAsync()
        {
            var stub = await Load.StartStubAsync();
            var database = await ProductDatabases.Shared.CreateAsync();
            var home = new WorkerHome(database).Asking(stub.Url).WriteOrders(Load.Orders());
            return new Room(stub, home, new Tables(database));
        }

        public Task UntilAttemptedAsync(WorkerProcess worker) =>
            worker.UntilAsync(
                "a mail was tried and not taken",
                async () =>
                    await Tables.CountAsync("select count(*) from mails where attempts > 0 and accepted_at is null") > 0
            );

        /// <param name="but">A further condition.</param>
        public Task UntilAcceptedAsync(WorkerProcess worker, string but = "", int? count = null) =>
            worker.UntilAsync(
                "all mails are accepted",
                async () =>
                    await Tables.CountAsync($"select count(*) from mails where accepted_at is not null {but}")
                    == (count ?? Load.Stalled)
            );

        public async ValueTask DisposeAsync()
        {
            Home.Dispose();
            await Tables.DisposeAsync();
            await Stub.DisposeAsync();
        }
    }
}
