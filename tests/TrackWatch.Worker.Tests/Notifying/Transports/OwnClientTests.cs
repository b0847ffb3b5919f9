using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

public sealed class OwnClientTests(SinkRoom sinks) : MailTransportContract(sinks)
{
    private protected override OpenMailSession Connect => SubmissionClient.ConnectAsync;

    [Fact]
    public async Task What_comes_with_the_answer_to_STARTTLS_is_not_obeyed()
    {
        var sink = await SinkAsync(WithLogin(SinkSecurity.Starttls));
        sink.On("STARTTLS", "220 go ahead\r\n250 smuggled in");

        var delivery = await Open(sink).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("before TLS began");
    }

    [Theory]
    [InlineData("a line of HTTP", "HTTP/1.1 400 Bad Request")]
    [InlineData("more than", "250-endless")]
    [InlineData("mixed the codes", "250-one\r\n251 two")]
    public async Task An_answer_that_is_none_is_bounded_and_named(string why, string line)
    {
        var sink = await SinkAsync(new());
        sink.On("MAIL", why == "more than" ? string.Join("\r\n", Enumerable.Repeat(line, 500)) : line);

        var delivery = await Open(sink).SendAsync(Some.Mail(), default);

        delivery
            .ShouldBeOfType<Delivery.RefusedForNow>()
            .Reply.ShouldContain(why == "a line of HTTP" ? "does not speak SMTP" : why);
    }

    [Fact]
    public async Task A_line_without_end_is_bounded()
    {
        var sink = await SinkAsync(new());
        sink.On("MAIL", "250 " + new string('x', 1_000_000));

        var delivery = await Open(sink).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("more than 4096 bytes");
    }

    [Fact]
    public async Task A_domain_of_another_script_asks_no_more_of_a_server_than_any_other()
    {
        var sink = await SinkAsync(new());

        await Open(sink).SendAsync(Some.Mail(to: "ayse@örnek.com.tr"), default);

        var received = sink.Mails.ShouldHaveSingleItem();
        received.To.ShouldBe(["ayse@xn--rnek-4qa.com.tr"]);
        received.Parameters.ShouldNotContain("SMTPUTF8");
    }

    [Fact]
    public async Task What_is_wrong_with_a_certificate_is_said()
    {
        var sink = await SinkAsync(WithLogin(SinkSecurity.Tls));

        var unknown = await Open(sink, change: server => server with { Roots = null }).SendAsync(Some.Mail(), default);
        var other = await Open(sink, change: server => server with { Host = "127.0.0.1" })
            .SendAsync(Some.Mail(), default);

        unknown.Reply.ShouldContain("not trusted (");
        other.Reply.ShouldContain("its certificate is for localhost.");
    }

    [Fact]
    public async Task A_lost_answer_to_the_mail_is_said_to_be_unknown()
    {
        var sink = await SinkAsync(new());
        sink.On("END", "lost");

        var delivery = await Open(sink).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("unknown");
        sink.Mails.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_line_end_that_servers_read_in_different_ways_is_not_sent()
    {
        var sink = await SinkAsync(new());
        var mail = Some.Mail() with { Bytes = "Subject: x\r\n\r\ntext\n.\nMAIL FROM:<b@example.org>\r\n"u8.ToArray() };

        var delivery = await Open(sink).SendAsync(mail, default);

        delivery.ShouldBeOfType<Delivery.RefusedForGood>();
        sink.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_left_alone_is_given_back()
    {
        var clock = new TimerOnly();
        var sink = await SinkAsync(new());
        await using var transport = new SmtpTransport(
            new MailServer(SmtpSink.Host, sink.Port, Worker.Configuration.MailSecurity.None),
            Connect,
            clock,
            NullLogger<SmtpTransport>.Instance
        );
        await transport.SendAsync(Some.Mail(), default);

        clock.Ring();
        await transport.SendAsync(Some.Mail(), default);

        sink.Mails.Select(mail => mail.Connection).Distinct().Count().ShouldBe(2);
        sink.Conversation.Count(line => line.EndsWith("QUIT", StringComparison.Ordinal)).ShouldBe(1);
    }

    /// <summary>A clock whose one timer rings when the test says so.</summary>
    private sealed class TimerOnly : TimeProvider
    {
        private Action _ring = () => { };

        public void Ring() => _ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ring = () => callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
