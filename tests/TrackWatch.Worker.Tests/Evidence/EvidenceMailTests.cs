using System.Globalization;
using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Evidence;

/// <summary>The evidence beside the mails that ask for a dispute, from the file to the mail server.</summary>
public sealed class EvidenceMailTests
{
    private const string Number = "LP00612345678901";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData("attach_evidence: true", null)]
    [InlineData("language: en", "true")]
    public async Task It_arrives_whole_and_is_what_the_command_makes(string person, string? setting)
    {
        await using var run = await RunAsync(person, setting);

        var mail = await ReadMail.FromAsync(run.Mail);
        mail.Type.ShouldBe("multipart/mixed");
        mail.Defects.ShouldBeEmpty();
        var evidence = mail.Attachments.Where(a => a.Type == "application/zip").ShouldHaveSingleItem();
        (evidence.Name, evidence.Type).ShouldBe(("evidence-pad.zip", "application/zip"));
        mail.Text.ShouldContain("evidence-pad.zip");
        (await run.Home.RunAsync("evidence", "pad", "--out", "same.zip")).ExitCode.ShouldBe(0);
        evidence.Bytes.ShouldBe(File.ReadAllBytes(Path.Combine(run.Home.Folder, "same.zip")));
    }

    [Theory]
    [InlineData("language: en", null)]
    [InlineData("attach_evidence: false", "true")]
    public async Task Who_does_not_want_it_does_not_get_it(string person, string? setting)
    {
        await using var run = await RunAsync(person, setting);

        var mail = await ReadMail.FromAsync(run.Mail);
        mail.Attachments.ShouldNotContain(a => a.Type == "application/zip");
        mail.Text.ShouldNotContain("evidence-pad.zip");
    }

    [Fact]
    public async Task What_is_too_large_for_a_mail_stays_behind_and_the_mail_says_how_to_get_it()
    {
        await using var run = await RunAsync(
            "attach_evidence: true",
            null,
            // Before the round is over nothing can be added; so the history was long before the order was wanted by mail.
            async tables =>
                await tables.DoAsync(
                    """
                    insert into payloads (shipment_id, provider, number, hash, body, fetched_at)
                    select id, 'cainiao', number, sha256('x'), (select string_agg(md5(random()::text), '') from generate_series(1, 400000)),
                        now() - interval '1 day'
                    from shipments
                    """
                )
        );

        run.Mail.Length.ShouldBeLessThan(1_000_000);
        var mail = await ReadMail.FromAsync(run.Mail);
        mail.Attachments.ShouldNotContain(a => a.Type == "application/zip");
        Folded(mail.Text).ShouldContain("larger than 5 MiB. Make it with: trackwatch evidence pad");
        (await run.Home.RunAsync("evidence", "pad", "--out", "large.zip")).ExitCode.ShouldBe(0);
        new FileInfo(Path.Combine(run.Home.Folder, "large.zip")).Length.ShouldBeGreaterThan(5 * 1024 * 1024);
    }

    /// <summary>One round records the parcel, the next one, with the order's days as they are, mails the dispute.</summary>
    private static async Task<Run> RunAsync(string person, string? setting, Func<Tables, Task>? between = null)
    {
        var stub = await ProviderStubProcess.StartAsync();
        await stub.PutParcelAsync(Number, CainiaoParcels.Parcel(Number, CainiaoParcels.FlownOut(Now, daysAgo: 50.5)));
        var sink = await SmtpSink.StartAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        var home = new WorkerHome(database).Asking(stub.Url).MailingTo(sink);
        if (setting is not null)
            home.Environment["TRACKWATCH__MAIL__ATTACHEVIDENCE"] = setting;
        var run = new Run(stub, sink, home);

        home.WriteOrders(Orders(person, "{notice: 100d, stalled: 200d, critical: 300d}"));
        (await home.RunAsync("run", "--once")).ExitCode.ShouldBe(0);
        await using (var tables = new Tables(database))
            await (between?.Invoke(tables) ?? Task.CompletedTask);
        home.WriteOrders(Orders(person, "{notice: 10d, stalled: 15d, critical: 40d}"));
        var round = await home.RunAsync("run", "--once");
        round.ExitCode.ShouldBe(0, round.Log);
        run.Mail = (await sink.WaitForAsync(1)).ShouldHaveSingleItem(round.Log).Bytes;
        return run;
    }

    private static string Orders(string person, string thresholds) =>
        $$"""
            people:
              ayse: {name: Ayşe Yılmaz, email: ayse@example.org, timezone: Europe/Istanbul, digest: never, {{person}}}
            orders:
              - id: pad
                person: ayse
                item: şarj aleti
                ordered: {{Now.AddDays(-56).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}}
                protection_ends: {{Now.AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}}
                tracking: [{{Number}}]
                thresholds: {{thresholds}}
            """;

    private static string Folded(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private sealed class Run(ProviderStubProcess stub, SmtpSink sink, WorkerHome home) : IAsyncDisposable
    {
        public WorkerHome Home => home;

        public byte[] Mail { get; set; } = [];

        public async ValueTask DisposeAsync()
        {
            await stub.DisposeAsync();
            await sink.DisposeAsync();
            home.Dispose();
        }
    }
}
