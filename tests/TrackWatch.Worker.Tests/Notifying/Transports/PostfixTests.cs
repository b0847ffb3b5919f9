using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Sendmail;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

/// <summary>The transports against the server that most people's mail really meets.</summary>
public sealed class PostfixTests(PostfixTests.Room room) : IClassFixture<PostfixTests.Room>
{
    private static readonly Dictionary<string, OpenMailSession> Sessions = new()
    {
        ["own client"] = SubmissionClient.ConnectAsync,
#if MAILKIT
        ["MailKit"] = Worker.Notifying.Transports.MailKit.MailKitSession.ConnectAsync,
#endif
    };

    public static TheoryData<string, string> EachSessionAndSecurity
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var session in Sessions.Keys)
            {
                rows.Add(session, nameof(MailSecurity.Starttls));
                rows.Add(session, nameof(MailSecurity.Tls));
            }
            return rows;
        }
    }

    public static TheoryData<string> EachSession => [.. Sessions.Keys];

    [PostfixTheory]
    [MemberData(nameof(EachSessionAndSecurity))]
    public async Task Mails_reach_the_mailbox_encrypted_and_logged_in(string session, string security)
    {
        await using var transport = Open(session, Enum.Parse<MailSecurity>(security));
        for (var i = 0; i < 3; i++)
        {
            var mail = Some.Mail("Kargonuz İstanbul’da bekliyor 📦");

            var delivery = await transport.SendAsync(mail, default);

            delivery.ShouldBeOfType<Delivery.Accepted>().Reply.ShouldStartWith("250 2.0.0 Ok: queued as ");
            var delivered = (await room.Server.WaitForAsync(mail.MessageId)).ShouldNotBeNull();
            Encoding.UTF8.GetString(delivered).ShouldContain("with ESMTPSA");
            var read = await ReadMail.FromAsync(delivered);
            read.Defects.ShouldBeEmpty();
            read.Headers["Subject"].ShouldBe("Kargonuz İstanbul’da bekliyor 📦");
            read.Text.ReplaceLineEndings("\n").ShouldBe("Paketiniz 16 gündür hareketsiz.\n\nYazın.\n");
        }
    }

    [PostfixTheory]
    [InlineData("ayse@example.org")]
    public async Task Its_sendmail_takes_mails_too(string to)
    {
        var transport = new SendmailTransport(new(room.Server.Sendmail, TimeSpan.FromSeconds(20)));
        var mail = Some.Mail("Kargonuz İstanbul’da bekliyor 📦", to);

        var delivery = await transport.SendAsync(mail, default);

        delivery.ShouldBeOfType<Delivery.Accepted>(delivery.Reply);
        var delivered = (await room.Server.WaitForAsync(mail.MessageId)).ShouldNotBeNull();
        Encoding.UTF8.GetString(delivered).ShouldContain($"\nDelivered-To: {to}\n");
        var read = await ReadMail.FromAsync(delivered);
        read.Defects.ShouldBeEmpty();
        read.Text.ReplaceLineEndings("\n").ShouldBe("Paketiniz 16 gündür hareketsiz.\n\nYazın.\n");
    }

    [PostfixTheory]
    [MemberData(nameof(EachSession))]
    public async Task A_wrong_password_is_said_in_the_servers_words(string session)
    {
        await using var transport = Open(
            session,
            MailSecurity.Starttls,
            login: l => l! with { Secret = "wr0ng-secret" }
        );

        var delivery = await transport.SendAsync(Some.Mail(), default);

        var reply = delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply;
        reply.ShouldContain("535 5.7.8 Error: authentication failed");
        reply.ShouldContain("mail.password");
        reply.ShouldNotContain("wr0ng-secret");
    }

    [PostfixTheory]
    [MemberData(nameof(EachSession))]
    public async Task A_recipient_refused_for_good_is_told_from_a_log_in_that_is_missing(string session)
    {
        await using var known = Open(session, MailSecurity.Starttls);
        await using var stranger = Open(session, MailSecurity.Starttls, login: _ => null);

        var refused = await known.SendAsync(Some.Mail(to: "nobody@example.org"), default);
        var denied = await stranger.SendAsync(Some.Mail(), default);

        refused.ShouldBeOfType<Delivery.RefusedForGood>().Reply.ShouldContain("nobody@example.org: 554 5.7.1");
        denied.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("set mail.user");
        (await known.SendAsync(Some.Mail(), default)).ShouldBeOfType<Delivery.Accepted>();
    }

    private SmtpTransport Open(string session, MailSecurity security, Func<MailLogin?, MailLogin?>? login = null)
    {
        var given = new MailLogin(PostfixServer.User, PostfixServer.Password, IsToken: false, "mail.password");
        return new SmtpTransport(
            new MailServer(
                PostfixServer.Host,
                security == MailSecurity.Tls ? room.Server.TlsPort : room.Server.StarttlsPort,
                security
            )
            {
                Login = login is null ? given : login(given),
                Roots = TestAuthority.Instance.Roots,
            },
            Sessions[session],
            TimeProvider.System,
            NullLogger<SmtpTransport>.Instance
        );
    }

    public sealed class Room : IAsyncLifetime
    {
        private PostfixServer? _server;

        public PostfixServer Server => _server!;

        public async Task InitializeAsync() =>
            _server = PostfixServer.WhyMissing is null ? await PostfixServer.StartAsync() : null;

        public async Task DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
        }
    }

    private sealed class PostfixTheoryAttribute : TheoryAttribute
    {
        public PostfixTheoryAttribute() => Skip = PostfixServer.WhyMissing;
    }
}
