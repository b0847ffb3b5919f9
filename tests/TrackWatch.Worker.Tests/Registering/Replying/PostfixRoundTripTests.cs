using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Smtp;
using TrackWatch.Worker.Tests.Commands;

namespace TrackWatch.Worker.Tests.Registering.Replying;

/// <summary>
/// The whole way as a household has it: mails out by submission with STARTTLS and a log-in, into mailboxes, answers and
/// bounces back by Postfix's own pipe into the built program.
/// </summary>
public sealed class PostfixRoundTripTests
{
    [PostfixFact]
    public async Task A_mail_goes_out_is_answered_and_one_comes_back()
    {
        using var household = await Household.WithDatabaseAsync();
        await using var tables = new Tables(household.ConnectionString);
        await using var postfix = await PostfixServer.StartAsync(
            (Line(household.ConnectionString), await OwnerAsync(household.ConnectionString))
        );
        using var root = new Root();
        household
            .Set("SSL_CERT_FILE", root.File)
            .Set("TRACKWATCH__OPERATOR", "root@example.net")
            .Set("TRACKWATCH__MAIL__FROM", $"TrackWatch <{PostfixServer.PipedAddress}>")
            .Set("TRACKWATCH__MAIL__REPLIES__ADDRESS", PostfixServer.PipedAddress)
            .Set("TRACKWATCH__MAIL__HOST", PostfixServer.Host)
            .Set("TRACKWATCH__MAIL__PORT", postfix.StarttlsPort.ToString(CultureInfo.InvariantCulture))
            .Set("TRACKWATCH__MAIL__SECURITY", "starttls")
            .Set("TRACKWATCH__MAIL__USER", PostfixServer.User)
            .Set("TRACKWATCH__MAIL__PASSWORD", PostfixServer.Password)
            .Set("TRACKWATCH__MAIL__SETTLE", "0");
        var promised = TimeProvider.System.GetUtcNow().AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        household.Write(
            "orders.yaml",
            $$"""
            people:
              ayse: {email: ayse@example.net}
              ghost: {email: ghost@example.net}
            orders:
              - {id: asked, person: ayse, tracking: [SIMSILENT12], promised_by: {{promised}}}
              - {id: lost, person: ghost, tracking: [SIMSILENT13], promised_by: {{promised}}}
            """
        );

        (await household.RunAsync("run", "--once")).ExitCode.ShouldBe(0);

        var id = (await tables.TextAsync("select message_id from mails where person_id = 'ayse'"))!;
        await UntilAsync(
            "the mail lies in the mailbox",
            () => Task.FromResult(postfix.MailsOf("ayse@example.net").Count == 1)
        );
        var mail = Encoding.UTF8.GetString(postfix.MailsOf("ayse@example.net")[0]);
        mail.ShouldContain($"Message-ID: <{id}>");
        mail.ShouldContain("with ESMTPSA");
        (await ReadMail.FromAsync(postfix.MailsOf("ayse@example.net")[0]))
            .Headers["Reply-To"]
            .ShouldBe(PostfixServer.PipedAddress);

        // Dovecot knows no ghost; Postfix says so to the sender, which is the pipe.
        await UntilAsync(
            "the address is switched off",
            async () =>
                await tables.CountAsync("select count(*) from refused_addresses where address = 'ghost@example.net'")
                == 1
        );
        (await tables.TextAsync("select why from refused_addresses")).ShouldNotBeNull().ShouldContain("550 5.1.1");

        await AnswerAsync(postfix, id);
        await UntilAsync(
            "the answer is heard",
            async () =>
                await tables.CountAsync(
                    "select count(*) from facts where order_id = 'asked' and key = 'closed' and origin = 'Mail'"
                ) == 1
        );

        (await household.RunAsync("run", "--once")).ExitCode.ShouldBe(0);
        await UntilAsync("the operator is told", () => Task.FromResult(postfix.MailsOf("root@example.net").Count == 1));
        (await ReadMail.FromAsync(postfix.MailsOf("root@example.net")[0]))
            .Headers["Subject"]
            .ShouldContain("No mail reaches ghost");
        (await household.RunAsync("status")).Out.ShouldContain("Nothing is sent to ghost@example.net");

        Task UntilAsync(string what, Func<Task<bool>> isSo) =>
            Until.SoAsync($"{what}\n{postfix.Log}\n{postfix.PipeLog}", isSo, TimeSpan.FromMinutes(1));
    }

    /// <summary>As a phone does: through the same server, with the words on top of the quoted mail.</summary>
    private static async Task AnswerAsync(PostfixServer postfix, string id)
    {
        var answer = Encoding
            .UTF8.GetString(Messages.Sample("apple", id))
            .Replace("Return-Path: <ayse@example.org>\n", "", StringComparison.Ordinal)
            .Replace("<ayse@example.org>", "", StringComparison.Ordinal)
            .Replace(
                "From: =?utf-8?Q?Ay=C5=9Fe?=",
                "From: =?utf-8?Q?Ay=C5=9Fe?= <ayse@example.net>",
                StringComparison.Ordinal
            )
            .ReplaceLineEndings("\r\n");
        await using var phone = new SmtpTransport(
            new MailServer(PostfixServer.Host, postfix.StarttlsPort, MailSecurity.Starttls)
            {
                Login = new MailLogin("ayse@example.net", PostfixServer.Password, IsToken: false, "mail.password"),
                Roots = TestAuthority.Instance.Roots,
            },
            SubmissionClient.ConnectAsync,
            TimeProvider.System,
            NullLogger<SmtpTransport>.Instance
        );
        (
            await phone.SendAsync(
                new OutgoingMail(
                    "x@y",
                    "ayse@example.net",
                    [PostfixServer.PipedAddress],
                    Encoding.UTF8.GetBytes(answer)
                ),
                default
            )
        ).ShouldBeOfType<Delivery.Accepted>();
    }

    /// <summary>What <c>master.cf</c> would name, with its settings: Postfix hands on no environment.</summary>
    private static string Line(string connectionString) =>
        $"""
            cd / && HOME=/tmp TRACKWATCH__DATABASE__CONNECTIONSTRING='{connectionString}' \
            TRACKWATCH__MAIL__FROM='TrackWatch <{PostfixServer.PipedAddress}>' TRACKWATCH__MAIL__REPLIES__ADDRESS={PostfixServer.PipedAddress} \
            exec dotnet {Path.Combine(AppContext.BaseDirectory, "trackwatch.dll")} inbound
            """;

    /// <summary>Who may reach the test's database: its socket lies in a folder of one account.</summary>
    private static async Task<string> OwnerAsync(string connectionString)
    {
        var host = new NpgsqlConnectionStringBuilder(connectionString).Host!;
        if (!host.StartsWith('/'))
            return "nobody";
        var start = new ProcessStartInfo("stat", ["-c", "%U", host]) { RedirectStandardOutput = true };
        using var stat = Process.Start(start)!;
        return (await stat.StandardOutput.ReadToEndAsync()).Trim();
    }

    private sealed class Root : IDisposable
    {
        public string File { get; } = Path.GetTempFileName();

        public Root() => System.IO.File.WriteAllText(File, TestAuthority.Instance.RootPem);

        public void Dispose() => System.IO.File.Delete(File);
    }

    private sealed class PostfixFactAttribute : FactAttribute
    {
        public PostfixFactAttribute() => Skip = PostfixServer.WhyMissing;
    }
}
