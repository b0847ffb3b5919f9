using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

/// <summary>What every transport to a mail server keeps, tried against a real one in another process.</summary>
public abstract class MailTransportContract(SinkRoom sinks) : IClassFixture<SinkRoom>, IAsyncLifetime
{
    protected const string User = "watch@example.org";
    protected const string Password = "p=ä ß\"\\x";
    private const string Token = "ya29.secret-token";

    private readonly List<IMailTransport> _open = [];

    private protected abstract OpenMailSession Connect { get; }

    private SmtpTransport Create(MailServer server) =>
        new SmtpTransport(server, Connect, TimeProvider.System, NullLogger<SmtpTransport>.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var transport in _open.OfType<IAsyncDisposable>())
            await transport.DisposeAsync();
    }

    [Theory]
    [InlineData(SinkSecurity.Starttls, "PLAIN")]
    [InlineData(SinkSecurity.Starttls, "LOGIN")]
    [InlineData(SinkSecurity.Starttls, "XOAUTH2")]
    [InlineData(SinkSecurity.Tls, "PLAIN")]
    [InlineData(SinkSecurity.Tls, "LOGIN")]
    [InlineData(SinkSecurity.Tls, "XOAUTH2")]
    public async Task A_mail_arrives_as_it_is_over_TLS_and_with_a_log_in(SinkSecurity security, string mechanism)
    {
        var sink = await sinks.OpenAsync(WithLogin(security) with { Mechanisms = [mechanism] });
        var mail = Some.Mail("Kargonuz bekliyor 📦");

        var delivery = await Open(sink, token: mechanism == "XOAUTH2").SendAsync(mail, default);

        delivery.ShouldBeOfType<Delivery.Accepted>().Reply.ShouldStartWith("250 2.0.0 Ok: queued as");
        var received = sink.Mails.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(received.Bytes).ShouldBe(Encoding.UTF8.GetString(mail.Bytes.Span));
        received.To.ShouldBe(mail.To);
        (received.From, received.Encrypted, received.User).ShouldBe((mail.From, true, User));
    }

    [Fact]
    public async Task A_relay_without_TLS_and_log_in_takes_a_mail_too()
    {
        var sink = await sinks.OpenAsync(new());

        await Open(sink).SendAsync(Some.Mail(), default);

        sink.Mails.ShouldHaveSingleItem().Encrypted.ShouldBeFalse();
    }

    [Fact]
    public async Task Lines_that_begin_with_a_dot_and_a_line_that_is_one_arrive_unchanged()
    {
        var sink = await sinks.OpenAsync(new());
        var mail = Some.Mail() with { Bytes = "Subject: dots\r\n\r\n.\r\n..two\r\nmiddle.\r\n.end\r\n"u8.ToArray() };

        await Open(sink).SendAsync(mail, default);

        Encoding
            .ASCII.GetString(sink.Mails.ShouldHaveSingleItem().Bytes)
            .ShouldEndWith("\r\n\r\n.\r\n..two\r\nmiddle.\r\n.end\r\n");
    }

    [Theory]
    [InlineData(false, "PLAIN", "mail.password")]
    [InlineData(false, "LOGIN", "mail.password")]
    [InlineData(true, "XOAUTH2", "mail.access_token")]
    public async Task A_refused_log_in_says_what_to_mend_and_sends_nothing(bool token, string mechanism, string setting)
    {
        var sink = await sinks.OpenAsync(
            WithLogin(SinkSecurity.Starttls) with
            {
                Mechanisms = [mechanism],
                AccessToken = "other",
                Password = "other",
            }
        );

        var delivery = await Open(sink, token).SendAsync(Some.Mail(), default);

        var reply = delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply;
        reply.ShouldContain("535 5.7.8 Authentication credentials invalid");
        reply.ShouldContain(setting);
        reply.ShouldNotContain(Password);
        reply.ShouldNotContain(Token);
        sink.Conversation.ShouldNotContain(line => line.Contains("MAIL"));
    }

    [Fact]
    public async Task User_and_password_never_cross_an_unencrypted_connection()
    {
        var sink = await sinks.OpenAsync(WithLogin(SinkSecurity.None));

        var delivery = await Open(sink).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("mail.security");
        sink.Conversation.ShouldNotContain(line => line.Contains("AUTH"));
    }

    [Fact]
    public async Task They_do_where_the_settings_allow_it()
    {
        var sink = await sinks.OpenAsync(WithLogin(SinkSecurity.None));

        await Open(sink, change: server => server with { AllowPlaintextPassword = true })
            .SendAsync(Some.Mail(), default);

        sink.Mails.ShouldHaveSingleItem().User.ShouldBe(User);
    }

    [Fact]
    public async Task A_server_without_a_common_way_to_log_in_gets_no_mail()
    {
        var sink = await sinks.OpenAsync(WithLogin(SinkSecurity.Starttls) with { Mechanisms = ["XOAUTH2"] });

        var delivery = await Open(sink).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("XOAUTH2");
        sink.Conversation.ShouldNotContain(line => line.Contains("MAIL"));
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_no_mail()
    {
        var sink = await sinks.OpenAsync(new());

        var delivery = await Open(sink, change: server => server with { Security = MailSecurity.Starttls })
            .SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("STARTTLS");
        sink.Conversation.ShouldNotContain(line => line.Contains("MAIL"));
    }

    [Theory]
    [InlineData(SinkSecurity.Starttls)]
    [InlineData(SinkSecurity.Tls)]
    public async Task A_certificate_of_an_unknown_authority_or_for_another_name_ends_it_before_the_log_in(
        SinkSecurity security
    )
    {
        var sink = await sinks.OpenAsync(WithLogin(security));

        var unknown = await Open(sink, change: server => server with { Roots = null }).SendAsync(Some.Mail(), default);
        var other = await Open(sink, change: server => server with { Host = "127.0.0.1" })
            .SendAsync(Some.Mail(), default);

        foreach (var delivery in (Delivery[])[unknown, other])
            delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("SSL_CERT_FILE");
        sink.Conversation.ShouldNotContain(line => line.Contains("AUTH"));
    }

    [Theory]
    [InlineData(SinkSecurity.Starttls, "Tls", "mail.security: starttls")]
    [InlineData(SinkSecurity.Tls, "Starttls", "mail.security: tls")]
    public async Task A_port_that_speaks_the_other_way_is_told_with_the_setting(
        SinkSecurity security,
        string setting,
        string advice
    )
    {
        var sink = await sinks.OpenAsync(WithLogin(security));
        var mistaken = Enum.Parse<MailSecurity>(setting);

        var delivery = await Open(
                sink,
                change: server => server with { Security = mistaken, StepTimeout = TimeSpan.FromMilliseconds(400) }
            )
            .SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain(advice);
    }

    [Theory]
    [InlineData("CONNECT", "554 5.7.1 not from here", false, "not from here")]
    [InlineData("CONNECT", "421 4.3.2 busy", false, "busy")]
    [InlineData("CONNECT", "drop", false, "")]
    [InlineData("EHLO", "421 4.3.2 busy", false, "")]
    [InlineData("MAIL", "451 4.3.0 later", false, "451 4.3.0 later")]
    [InlineData("MAIL", "421 4.3.2 shutting down", false, "shutting down")]
    [InlineData("MAIL", "553 5.7.1 not your address", false, "mail.from")]
    [InlineData("MAIL", "530 5.7.0 Authentication required", false, "mail.user")]
    [InlineData("MAIL", "552 5.3.4 too big", true, "552 5.3.4 too big")]
    [InlineData("RCPT", "450 4.2.0 greylisted", false, "450 4.2.0 greylisted")]
    [InlineData("RCPT", "550-5.1.1 no such user\r\n550 5.1.1 here", true, "550 5.1.1 no such user here")]
    [InlineData("RCPT", "554 5.7.1 relay access denied", false, "mail.user")]
    [InlineData("RCPT", "421 4.3.2 shutting down", false, "shutting down")]
    [InlineData("DATA", "451 4.3.0 later", false, "451 4.3.0 later")]
    [InlineData("DATA", "554 5.5.1 no", true, "554 5.5.1 no")]
    [InlineData("END", "452 4.2.2 mailbox full", false, "452 4.2.2 mailbox full")]
    [InlineData("END", "554 5.7.1 looks like spam", true, "554 5.7.1 looks like spam")]
    [InlineData("END", "drop", false, "")]
    public async Task A_refusal_keeps_the_servers_words_and_the_next_mail_goes(
        string when,
        string answer,
        bool forGood,
        string words
    )
    {
        var sink = await sinks.OpenAsync(new());
        var transport = Open(sink);
        sink.On(when, answer);

        var refused = await transport.SendAsync(Some.Mail(), default);
        sink.On(when, null);
        var next = await transport.SendAsync(Some.Mail(), default);

        refused.ShouldBeOfType(forGood ? typeof(Delivery.RefusedForGood) : typeof(Delivery.RefusedForNow));
        refused.Reply.ShouldContain(words);
        refused.Reply.ShouldNotContain("\n");
        next.ShouldBeOfType<Delivery.Accepted>();
        sink.Mails.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("CONNECT", SinkSecurity.None)]
    [InlineData("EHLO", SinkSecurity.None)]
    [InlineData("STARTTLS", SinkSecurity.Starttls)]
    [InlineData("AUTH", SinkSecurity.Starttls)]
    [InlineData("MAIL", SinkSecurity.None)]
    [InlineData("RCPT", SinkSecurity.None)]
    [InlineData("DATA", SinkSecurity.None)]
    [InlineData("END", SinkSecurity.None)]
    public async Task A_server_that_falls_silent_costs_one_time_out_and_is_left(string when, SinkSecurity security)
    {
        var sink = await sinks.OpenAsync(security == SinkSecurity.None ? new() : WithLogin(security));
        sink.On(when, "hang");

        var delivery = await Open(sink, change: server => server with { StepTimeout = TimeSpan.FromMilliseconds(400) })
            .SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("did not answer");
    }

    [Theory]
    [InlineData("CONNECT", SinkSecurity.None)]
    [InlineData("EHLO", SinkSecurity.None)]
    [InlineData("STARTTLS", SinkSecurity.Starttls)]
    [InlineData("AUTH", SinkSecurity.Starttls)]
    [InlineData("MAIL", SinkSecurity.None)]
    [InlineData("RCPT", SinkSecurity.None)]
    [InlineData("DATA", SinkSecurity.None)]
    [InlineData("END", SinkSecurity.None)]
    public async Task The_callers_cancellation_ends_any_step(string when, SinkSecurity security)
    {
        var sink = await sinks.OpenAsync(security == SinkSecurity.None ? new() : WithLogin(security));
        var transport = Open(sink);
        sink.On(when, "hang");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await Should.ThrowAsync<OperationCanceledException>(() => transport.SendAsync(Some.Mail(), stop.Token));
        sink.On(when, null);

        (await transport.SendAsync(Some.Mail(), default)).ShouldBeOfType<Delivery.Accepted>();
    }

    [Theory]
    [InlineData("550 5.1.1 unknown", true)]
    [InlineData("450 4.2.0 greylisted", false)]
    public async Task Who_is_refused_does_not_keep_the_mail_from_the_others(string answer, bool forGood)
    {
        var sink = await sinks.OpenAsync(new());
        // MailKit says the domain in its own letters to a server that knows SMTPUTF8.
        sink.On("RCPT odd@xn--rnek-4qa.com.tr", answer);
        sink.On("RCPT odd@örnek.com.tr", answer);
        string[] to = ["odd@örnek.com.tr", "ayse@example.org"];

        var delivery = await Open(sink).SendAsync(Some.Mail() with { To = to }, default);

        delivery.ShouldBeOfType<Delivery.Accepted>().Reply.ShouldContain($"odd@örnek.com.tr: {answer}");
        delivery.Refused.ShouldBe([new Refusal("odd@örnek.com.tr", answer, forGood)]);
        delivery.Remaining(to).ShouldBe(forGood ? [] : ["odd@örnek.com.tr"]);
        sink.Mails.ShouldHaveSingleItem().To.ShouldBe(["ayse@example.org"]);
    }

    [Fact]
    public async Task Where_nobody_is_taken_those_refused_for_good_are_not_tried_again()
    {
        var sink = await sinks.OpenAsync(new());
        sink.On("RCPT busy@example.org", "450 4.2.0 greylisted");
        sink.On("RCPT gone@example.org", "550 5.1.1 unknown");
        string[] to = ["busy@example.org", "gone@example.org"];

        var delivery = await Open(sink).SendAsync(Some.Mail() with { To = to }, default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Remaining(to).ShouldBe(["busy@example.org"]);
        sink.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_refused_for_good_does_not_decide_over_a_mail_that_the_server_cannot_take_yet()
    {
        var sink = await sinks.OpenAsync(new());
        sink.On("RCPT gone@example.org", "550 5.1.1 unknown");
        sink.On("END", "452 4.3.1 disk full");

        var delivery = await Open(sink)
            .SendAsync(Some.Mail() with { To = ["gone@example.org", "ayse@example.org"] }, default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("452 4.3.1 disk full");
    }

    [Fact]
    public async Task An_address_that_the_server_cannot_say_does_not_keep_the_mail_from_the_others()
    {
        var sink = await sinks.OpenAsync(new() { SmtpUtf8 = false });

        var delivery = await Open(sink)
            .SendAsync(Some.Mail() with { To = ["ayşe@example.org", "ayse@example.org"] }, default);

        delivery.ShouldBeOfType<Delivery.Accepted>(delivery.Reply);
        delivery.Refused.ShouldHaveSingleItem().Reply.ShouldContain("SMTPUTF8");
        sink.Mails.ShouldHaveSingleItem().To.ShouldBe(["ayse@example.org"]);
    }

    [Fact]
    public async Task Mails_in_a_row_share_one_connection_which_ends_with_QUIT()
    {
        var sink = await sinks.OpenAsync(WithLogin(SinkSecurity.Tls));
        var transport = Open(sink);

        await transport.SendAsync(Some.Mail(), default);
        await transport.SendAsync(Some.Mail(), default);
        await ((IAsyncDisposable)transport).DisposeAsync();

        sink.Mails.Select(mail => mail.Connection).Distinct().Count().ShouldBe(1);
        sink.Conversation[^1].ShouldEndWith("QUIT");
    }

    [Fact]
    public async Task A_server_that_was_away_for_a_while_gets_the_mail_afterwards()
    {
        var sink = await sinks.OpenAsync(WithLogin(SinkSecurity.Starttls));
        var transport = Open(sink);
        await transport.SendAsync(Some.Mail(), default);

        await sink.SwitchOffAsync();
        var away = await transport.SendAsync(Some.Mail(), default);
        await sink.SwitchOnAsync();
        var back = await transport.SendAsync(Some.Mail(), default);

        away.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain($"localhost:{sink.Port}");
        back.ShouldBeOfType<Delivery.Accepted>();
        sink.Mails.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_hung_up_unnoticed_is_called_again()
    {
        var sink = await sinks.OpenAsync(WithLogin(SinkSecurity.Starttls));
        var transport = Open(sink);
        await transport.SendAsync(Some.Mail(), default);

        await sink.SwitchOffAsync();
        await sink.SwitchOnAsync();
        var next = await transport.SendAsync(Some.Mail(), default);

        next.ShouldBeOfType<Delivery.Accepted>();
    }

    [Fact]
    public async Task A_mail_that_is_too_big_is_not_sent_at_all()
    {
        var sink = await sinks.OpenAsync(new() { Size = 500 });

        var delivery = await Open(sink).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForGood>();
        sink.Conversation.ShouldNotContain(line => line.Contains("DATA"));
    }

    // The domain travels as punycode; MailKit does so only where the server leaves no other way.
    [Theory]
    [InlineData("ayşe@example.org", "ayşe@example.org", true)]
    [InlineData("ayse@örnek.com.tr", "ayse@xn--rnek-4qa.com.tr", false)]
    public async Task Letters_of_any_script_in_an_address_go_the_way_the_server_can(
        string address,
        string wire,
        bool utf8
    )
    {
        var sink = await sinks.OpenAsync(new() { SmtpUtf8 = utf8 });

        await Open(sink).SendAsync(Some.Mail(to: address), default);

        var received = sink.Mails.ShouldHaveSingleItem();
        received.To.ShouldBe([wire]);
        received.Parameters.Contains("SMTPUTF8").ShouldBe(utf8);
    }

    [Fact]
    public async Task An_address_that_the_server_cannot_take_is_refused_for_good()
    {
        var sink = await sinks.OpenAsync(new() { SmtpUtf8 = false });

        var delivery = await Open(sink).SendAsync(Some.Mail(to: "ayşe@example.org"), default);

        delivery.ShouldBeOfType<Delivery.RefusedForGood>().Reply.ShouldContain("SMTPUTF8");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("no-such-host.invalid")]
    public async Task A_server_that_cannot_be_reached_is_named(string host)
    {
        var server = new MailServer(host, SmtpSink.FreePort(), MailSecurity.None);

        var delivery = await Create(server).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain($"{host}:{server.Port}");
    }

    [Fact]
    public async Task An_address_carries_no_second_command()
    {
        var sink = await sinks.OpenAsync(new());

        var delivery = await Open(sink)
            .SendAsync(Some.Mail() with { To = ["a@example.org>\r\nRCPT TO:<b@example.org"] }, default);

        delivery.ShouldBeOfType<Delivery.RefusedForGood>();
        sink.Mails.ShouldBeEmpty();
    }

    protected static SmtpSinkOptions WithLogin(SinkSecurity security) =>
        new()
        {
            Security = security,
            User = User,
            Password = Password,
            AccessToken = Token,
        };

    protected Task<SmtpSink> SinkAsync(SmtpSinkOptions options) => sinks.OpenAsync(options);

    private protected IMailTransport Open(
        SmtpSink sink,
        bool token = false,
        Func<MailServer, MailServer>? change = null
    )
    {
        var server = new MailServer(SmtpSink.Host, sink.Port, Enum.Parse<MailSecurity>($"{sink.Options.Security}"))
        {
            Login = sink.Options.User is { } user
                ? new MailLogin(user, token ? Token : Password, token, token ? "mail.access_token" : "mail.password")
                : null,
            Roots = TestAuthority.Instance.Roots,
            StepTimeout = TimeSpan.FromSeconds(10),
        };
        var transport = Create(change is null ? server : change(server));
        _open.Add(transport);
        return transport;
    }
}

/// <summary>The servers of one test class, each started once.</summary>
public sealed class SinkRoom : IAsyncLifetime
{
    private readonly Dictionary<string, SmtpSink> _sinks = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task<SmtpSink> OpenAsync(SmtpSinkOptions options)
    {
        var key = $"{options} {string.Join(' ', options.Mechanisms)}";
        if (!_sinks.TryGetValue(key, out var sink))
            _sinks[key] = sink = await SmtpSink.StartAsync(options);
        sink.Forget();
        return sink;
    }

    public async Task DisposeAsync()
    {
        foreach (var sink in _sinks.Values)
            await sink.DisposeAsync();
    }
}
