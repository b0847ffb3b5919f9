using System.Globalization;
using System.Text;
using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;
using Xunit.Abstractions;

namespace TrackWatch.Worker.Tests.Whole;

/// <summary>The built program between the outside world's ends: a file, a source over HTTP, PostgreSQL, a mail server.</summary>
[Collection(nameof(WholeRuns))]
public sealed class WholeWayTests(ITestOutputHelper output)
{
    private const string Number = "LP00612345678901";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_stalled_parcel_of_the_file_becomes_a_mail_in_the_buyers_language_and_the_file_may_be_edited_meanwhile()
    {
        await using var stub = await ProviderStubProcess.StartAsync();
        await stub.PutParcelAsync(Number, CainiaoParcels.Parcel(Number, CainiaoParcels.FlownOut(Now, daysAgo: 17.5)));
        await using var mailServer = await MailEnd.StartAsync(output);
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = new WorkerHome(database).Asking(stub.Url).WriteOrders(Orders("tr"));
        mailServer.Configure(home);
        await using var worker = home.Start();

        var bytes = (await mailServer.WaitForAsync(1, worker)).ShouldHaveSingleItem(worker.Log);
        var mail = await ReadMail.FromAsync(bytes);
        mail.From.ShouldBe([new ReadBox("TrackWatch", "watch@example.org")]);
        mail.To.ShouldBe([new ReadBox("Ayşe Yılmaz Öğüt", "ayse@example.org")]);
        mail.Headers["Subject"].ShouldContain("kablosuz şarj çığlığı");
        mail.Headers["Message-ID"].ShouldEndWith("@example.org>");
        mail.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.Headers["List-Unsubscribe"].ShouldBe("<mailto:watch@example.org?subject=unsubscribe>");
        (mail.Type, mail.Date.Offset).ShouldBe(("multipart/alternative", TimeSpan.FromHours(3)));
        foreach (var part in (string[])[mail.Text, mail.Html])
        {
            part.ShouldContain("kablosuz şarj çığlığı");
            part.ShouldContain("satıcı", Case.Insensitive);
            part.ShouldNotContain(PostfixServer.Password);
            part.ShouldNotContain("Password=", Case.Insensitive);
        }
        mail.Defects.ShouldBeEmpty();
        // Mailboxes keep LF line ends.
        Encoding.UTF8.GetString(bytes).Split('\n').Max(line => line.Length).ShouldBeLessThanOrEqualTo(998);

        home.WriteOrders(Orders("en"));
        await worker.UntilAsync(
            "the new language is in force",
            async () => await tables.CountAsync("select count(*) from people where profile ->> 'language' = 'en'") == 1
        );

        home.WriteOrders(Orders("en").Replace("tracking:", "trackin:", StringComparison.Ordinal));
        var trouble = await ReadMail.FromAsync(
            (await mailServer.WaitForAsync(2, worker)).Skip(1).ShouldHaveSingleItem()
        );
        trouble.Text.ShouldContain("orders.yaml:13:5");
        trouble.Text.ShouldContain("tracking");
        trouble.To.ShouldBe([new ReadBox("Ayşe Yılmaz Öğüt", "ayse@example.org")]);
        (await tables.CountAsync("select count(*) from orders where archived_at is null")).ShouldBe(1);

        home.WriteOrders(Orders("en").Replace("çığlığı", "pad", StringComparison.Ordinal));
        await worker.UntilAsync(
            "the mended file is in force",
            async () =>
                await tables.CountAsync("select count(*) from orders where definition ->> 'item' like '%şarj pad'") == 1
        );

        (await worker.TerminateAsync()).ShouldBe(0, worker.Log);
        mailServer.Mails.Count.ShouldBe(2);
        (await tables.CountAsync("select count(*) from mails where accepted_at is null")).ShouldBe(0);
        worker.Log.ShouldNotContain(PostfixServer.Password);
        worker.Log.ShouldNotContain("   at TrackWatch");
    }

    private static string Orders(string language) =>
        $$"""
            people:
              ayse:
                name: Ayşe Yılmaz Öğüt
                email: ayse@example.org
                language: {{language}}
                timezone: Europe/Istanbul
                country: TR
                digest: never
            orders:
              - id: pad
                person: ayse
                item: kablosuz şarj çığlığı
                tracking: [{{Number}}]
                thresholds: {notice: 10d, stalled: 15d, critical: 40d} # whatever the season of the test run
                ordered: {{Now.AddDays(-24).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}}
            """;

    /// <summary>Postfix behind STARTTLS and a log-in; where it cannot run, the tests' own server with the same.</summary>
    private sealed class MailEnd(PostfixServer? postfix, SmtpSink? sink) : IAsyncDisposable
    {
        private readonly string _roots = Path.GetTempFileName();

        public static async Task<MailEnd> StartAsync(ITestOutputHelper output)
        {
            if (PostfixServer.WhyMissing is not { } why)
                return new MailEnd(await PostfixServer.StartAsync(), null);
            output.WriteLine($"Not with Postfix but with the tests' own mail server: {why}");
            return new MailEnd(
                null,
                await SmtpSink.StartAsync(
                    new()
                    {
                        Security = SinkSecurity.Starttls,
                        User = PostfixServer.User,
                        Password = PostfixServer.Password,
                    }
                )
            );
        }

        public IReadOnlyList<byte[]> Mails => postfix?.Mails ?? [.. sink!.Mails.Select(m => m.Bytes)];

        public void Configure(WorkerHome home)
        {
            File.WriteAllText(_roots, TestAuthority.Instance.RootPem);
            var password = Path.Combine(home.Folder, "password");
            File.WriteAllText(password, PostfixServer.Password + "\n");
            home.Environment["SSL_CERT_FILE"] = _roots;
            home.Environment["TRACKWATCH__MAIL__HOST"] = SmtpSink.Host;
            home.Environment["TRACKWATCH__MAIL__PORT"] = Port.ToString(CultureInfo.InvariantCulture);
            home.Environment["TRACKWATCH__MAIL__SECURITY"] = "starttls";
            home.Environment["TRACKWATCH__MAIL__USER"] = PostfixServer.User;
            home.Environment["TRACKWATCH__MAIL__PASSWORD__FILE"] = password;
        }

        public async Task<IReadOnlyList<byte[]>> WaitForAsync(int count, WorkerProcess worker)
        {
            await worker.UntilAsync($"{count} mails have arrived", () => Task.FromResult(Mails.Count >= count));
            return Mails;
        }

        public async ValueTask DisposeAsync()
        {
            if (postfix is not null)
                await postfix.DisposeAsync();
            if (sink is not null)
                await sink.DisposeAsync();
            File.Delete(_roots);
        }

        private int Port => postfix?.StarttlsPort ?? sink!.Port;
    }
}
