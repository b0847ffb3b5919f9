using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Smtp;
using TrackWatch.Worker.Tests.Polling;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

/// <summary>Logging in with tokens that are fetched: a provider and a mail server, each in a process of its own.</summary>
public sealed class OAuthTests : IAsyncLifetime
{
    private const string User = "watch@example.org";
    private const string GoodToken = "ya29.good-token";
    private const string Given = "1//the-refresh-token-of-the-settings";

    private readonly string _state = Directory.CreateTempSubdirectory("tw-state-").FullName;
    private readonly LogLines _log = new();
    private readonly Clock _clock = new();
    private TokenServer _provider = null!;
    private SmtpSink _sink = null!;

    public async Task InitializeAsync()
    {
        _provider = await TokenServer.StartAsync();
        _sink = await SmtpSink.StartAsync(
            new()
            {
                Security = SinkSecurity.Starttls,
                User = User,
                AccessToken = GoodToken,
                Mechanisms = ["XOAUTH2"],
            }
        );
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _sink.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task A_token_is_fetched_once_and_again_shortly_before_it_expires()
    {
        _provider.Answers(200, new { access_token = GoodToken, expires_in = 3600 });
        var sessions = Sessions();

        (await SendAsync(sessions)).ShouldBeOfType<Delivery.Accepted>();
        _clock.Pass(TimeSpan.FromMinutes(58));
        (await SendAsync(sessions)).ShouldBeOfType<Delivery.Accepted>();
        _provider.Asked.Count.ShouldBe(1);
        _clock.Pass(TimeSpan.FromMinutes(1.5));
        (await SendAsync(sessions)).ShouldBeOfType<Delivery.Accepted>();

        _provider.Asked.Count.ShouldBe(2);
        _provider
            .Asked[0]
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "refresh_token",
                    ["refresh_token"] = Given,
                    ["client_id"] = "trackwatch",
                    ["client_secret"] = "s3cret-of-the-client",
                    ["scope"] = "smtp send",
                },
                ignoreOrder: true
            );
        _sink.Mails.ShouldAllBe(mail => mail.User == User);
    }

    [Fact]
    public async Task A_token_that_the_mail_server_no_longer_takes_is_replaced_once()
    {
        var sessions = Sessions();
        _provider.Answers(200, new { access_token = "old-token" });
        var first = await SendAsync(sessions);
        first.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("mail.oauth");
        _provider.Asked.Count.ShouldBe(1, "a token fetched just now is as good as the next");

        _provider.Answers(200, new { access_token = GoodToken });
        (await SendAsync(sessions)).ShouldBeOfType<Delivery.Accepted>();

        _provider.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_new_refresh_token_is_kept_for_its_owner_alone_until_the_settings_name_another()
    {
        _provider.Answers(
            200,
            new
            {
                access_token = GoodToken,
                expires_in = 3600,
                refresh_token = "second",
            }
        );
        await SendAsync(Sessions());
        await SendAsync(Sessions());
        await SendAsync(Sessions(given: "another of the settings"));

        _provider.Asked.Select(form => form["refresh_token"]).ShouldBe([Given, "second", "another of the settings"]);
        var file = Directory.GetFiles(_state).ShouldHaveSingleItem();
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _log.Written.ShouldContain(line => line.Contains(file) && line.Contains("mail.oauth.refresh_token"));
        _log.Written.ShouldNotContain(line => line.Contains("second"));
    }

    [Theory]
    [InlineData(
        400,
        """{"error": "invalid_grant", "error_description": "Token expired\nor revoked."}""",
        "Log in there anew"
    )]
    [InlineData(401, """{"error": "invalid_client"}""", "mail.oauth.client_id")]
    [InlineData(400, """{"error": "invalid_scope"}""", "mail.oauth.scope")]
    [InlineData(503, "<html>busy</html>", "answered 503")]
    [InlineData(200, """{"access_token": "two\r\nlines"}""", "mail.oauth.token_url")]
    [InlineData(200, "[]", "mail.oauth.token_url")]
    [InlineData(
        400,
        """{"error": "odd", "error_description": "you sent 1//the-refresh-token-of-the-settings"}""",
        "odd"
    )]
    public async Task A_provider_that_gives_no_token_is_told_with_what_to_do(int status, string body, string words)
    {
        _provider.Answers(status, body);

        var reply = (await SendAsync(Sessions())).ShouldBeOfType<Delivery.RefusedForNow>().Reply;

        reply.ShouldContain(words);
        reply.ShouldNotContain("\n");
        foreach (var said in _log.Written.Append(reply))
        foreach (var secret in (string[])[Given, "s3cret-of-the-client"])
            said.ShouldNotContain(secret);
        _sink.Conversation.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_refresh_token_is_not_carried_on_to_somebody_else()
    {
        await using var other = await TokenServer.StartAsync();
        _provider.Redirects(other.Url);

        (await SendAsync(Sessions())).ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("answered 307");

        other.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_provider_that_hangs_or_is_away_is_left_and_the_caller_can_leave_it_sooner()
    {
        _provider.Hangs();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Should.ThrowAsync<OperationCanceledException>(() => SendAsync(Sessions(), stop.Token));

        var hung = await SendAsync(Sessions(within: TimeSpan.FromMilliseconds(300)));
        hung.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("did not answer within 0.3 s");

        await _provider.DisposeAsync();
        _provider = await TokenServer.StartAsync();
        var away = await SendAsync(Sessions(url: $"http://127.0.0.1:{SmtpSink.FreePort()}/"));
        away.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task Tokens_are_never_logged()
    {
        _provider.Answers(200, new { access_token = GoodToken, refresh_token = "second" });

        await SendAsync(Sessions());

        _log.Written.ShouldContain(line => line.Contains("gave an access token"));
        _log.Written.ShouldNotContain(line =>
            line.Contains(GoodToken) || line.Contains(Given) || line.Contains("second") || line.Contains("s3cret")
        );
    }

    private (MailServer Server, MailSessions Sessions) Sessions(
        string given = Given,
        string? url = null,
        TimeSpan? within = null
    )
    {
        var resolved = MailServer.Resolve(
            new()
            {
                Host = SmtpSink.Host,
                Port = _sink.Port,
                User = User,
                StepTimeout = within ?? TimeSpan.FromSeconds(10),
                OAuth = new()
                {
                    TokenUrl = url ?? _provider.Url.ToString(),
                    ClientId = "trackwatch",
                    ClientSecret = "s3cret-of-the-client",
                    RefreshToken = given,
                    Scope = "smtp send",
                },
            }
        );
        resolved.Problems.ShouldBeEmpty();
        var server = resolved.Server! with { Roots = TestAuthority.Instance.Roots };
        return (server, new MailSessions(server, _state, _clock, _log));
    }

    private static async Task<Delivery> SendAsync(
        (MailServer Server, MailSessions Sessions) way,
        CancellationToken ct = default
    )
    {
        await using var transport = new SmtpTransport(
            way.Server,
            way.Sessions.OpenAsync,
            TimeProvider.System,
            NullLogger<SmtpTransport>.Instance
        );
        return await transport.SendAsync(Some.Mail(), ct);
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
