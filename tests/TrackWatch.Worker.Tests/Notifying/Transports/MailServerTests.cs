using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

public sealed class MailServerTests
{
    [Theory]
    [InlineData("smtps://me:pw@smtp.example.org", "smtp.example.org:465", "Tls", "me", "pw")]
    [InlineData("smtps://me:pw@smtp.example.org:8465/", "smtp.example.org:8465", "Tls", "me", "pw")]
    [InlineData("smtp://me:pw@smtp.example.org", "smtp.example.org:587", "Starttls", "me", "pw")]
    [InlineData("SMTP://me:pw@smtp.example.org:2525", "smtp.example.org:2525", "Starttls", "me", "pw")]
    [InlineData("smtp://me:pw@smtp.example.org:465", "smtp.example.org:465", "Tls", "me", "pw")]
    [InlineData("smtp://localhost:25", "localhost:25", "None", null, null)]
    [InlineData("smtp://[::1]:25", "[::1]:25", "None", null, null)]
    [InlineData(
        "smtps://me%40example.org:p%40%3A%2F%25@h.example.org",
        "h.example.org:465",
        "Tls",
        "me@example.org",
        "p@:/%"
    )]
    [InlineData(
        "smtps://me@example.org:p@:/#?%@h.example.org",
        "h.example.org:465",
        "Tls",
        "me@example.org",
        "p@:/#?%"
    )]
    [InlineData("smtps://me:pw@örnek.com.tr", "xn--rnek-4qa.com.tr:465", "Tls", "me", "pw")]
    public void One_line_says_it_all(string line, string place, string security, string? user, string? password)
    {
        var resolved = MailServer.Resolve(new() { Server = line, From = "me@example.org" });

        resolved.Problems.ShouldBeEmpty();
        var server = resolved.Server.ShouldNotBeNull();
        ($"{server}", $"{server.Security}", server.Login?.User, server.Login?.Secret).ShouldBe(
            (place, security, user, password)
        );
    }

    [Fact]
    public void The_password_may_stand_beside_the_line_and_a_token_makes_it_XOAUTH2()
    {
        var beside = MailServer.Resolve(new() { Server = "smtps://me@example.org@h.example.org", Password = "pw" });
        var token = MailServer.Resolve(new() { Server = "smtps://me@example.org@h.example.org", AccessToken = "t" });

        beside.Server!.Login.ShouldBe(new MailLogin("me@example.org", "pw", IsToken: false, "mail.password"));
        token.Server!.Login.ShouldBe(new MailLogin("me@example.org", "t", IsToken: true, "mail.access_token"));
    }

    [Theory]
    [InlineData("gmail", "smtp.gmail.com:465", "Tls")]
    [InlineData("Gmail", "smtp.gmail.com:465", "Tls")]
    [InlineData("outlook", "smtp-mail.outlook.com:587", "Starttls")]
    [InlineData("office365", "smtp.office365.com:587", "Starttls")]
    [InlineData("icloud", "smtp.mail.me.com:587", "Starttls")]
    [InlineData("ses.eu-central-1", "email-smtp.eu-central-1.amazonaws.com:465", "Tls")]
    public void A_preset_needs_no_more_than_user_and_password(string preset, string place, string security)
    {
        var resolved = MailServer.Resolve(
            new()
            {
                Preset = preset,
                User = "me@example.org",
                Password = "pw",
            }
        );

        resolved.Problems.ShouldBeEmpty();
        ($"{resolved.Server}", $"{resolved.Server!.Security}").ShouldBe((place, security));
        resolved.Server.Login!.Hint.ShouldNotBeNull();
        resolved.Sender.ShouldBe(new MailboxAddress("me@example.org", "TrackWatch"));
    }

    [Theory]
    [InlineData(null, null, "h:587", "Starttls")]
    [InlineData(465, null, "h:465", "Tls")]
    [InlineData(2525, null, "h:2525", "Starttls")]
    [InlineData(null, "Tls", "h:465", "Tls")]
    [InlineData(2465, "Tls", "h:2465", "Tls")]
    public void Port_and_security_follow_from_each_other(int? port, string? security, string place, string meant)
    {
        var server = MailServer
            .Resolve(
                new()
                {
                    Host = "h",
                    Port = port,
                    Security = security is null ? null : Enum.Parse<MailSecurity>(security),
                    User = "me@example.org",
                    Password = "pw",
                }
            )
            .Server!;

        ($"{server}", $"{server.Security}").ShouldBe((place, meant));
    }

    [Fact]
    public void No_server_at_all_means_the_folder()
    {
        MailServer
            .Resolve(new())
            .ShouldSatisfyAllConditions(
                r => r.Server.ShouldBeNull(),
                r => r.Problems.ShouldBeEmpty(),
                r => r.Sender.ShouldNotBeNull()
            );
    }

    public static TheoryData<string, string> Mistakes =>
        new()
        {
            { "mail.server", "server=smtp.example.org" },
            { "mail.server", "server=https://example.org" },
            { "mail.server", "server=smtps://me:secret@" },
            { "mail.server", "server=smtps://me:secret@host:99999" },
            { "mail.server", "server=smtps://me:secret@host/path" },
            { "mail.security", "server=smtps://me:secret@host;security=none" },
            { "mail.security", "server=smtp://me:secret@host:25" },
            { "mail.security", "host=h;user=me@example.org;password=secret;security=none" },
            { "mail.password", "host=h;user=me@example.org" },
            { "mail.password", "password=secret" },
            { "mail.user", "host=h;password=secret;from=me@example.org" },
            { "mail.user", "preset=gmail" },
            { "mail.user", "user=me@example.org" },
            { "mail.preset", "preset=gmial;user=me@example.org;password=secret" },
            { "mail.host", "host=no host;from=me@example.org" },
            { "mail.port", "host=h;port=70000;from=me@example.org" },
            { "mail.password", "host=h;user=me@example.org;password=secret\r\nQUIT" },
            { "mail.from", "host=h;user=me;password=secret" },
            { "mail.from", "host=h;from=not an address" },
            { "mail.step_timeout", "host=h;from=me@example.org;timeout=0" },
            { "mail.access_token", "host=h;user=me@example.org;password=secret;token=secret" },
            { "mail.oauth", "host=h;user=me@example.org;password=secret;oauth=https://h/t" },
            { "mail.oauth", "host=h;user=me@example.org;token=secret;oauth=https://h/t" },
            { "mail.oauth.token_url", "host=h;user=me@example.org;oauth=" },
            { "mail.oauth.token_url", "host=h;user=me@example.org;oauth=http://example.org/token" },
            { "mail.oauth.token_url", "host=h;user=me@example.org;oauth=ftp://localhost/token" },
            { "mail.user", "host=h;from=me@example.org;oauth=https://h/t" },
            { "mail.oauth", "oauth=https://h/t" },
            { "mail.host", "sendmail=/usr/sbin/sendmail;host=h;from=me@example.org" },
            { "mail.preset", "sendmail=/usr/sbin/sendmail;preset=gmail;from=me@example.org" },
            { "mail.server", "sendmail=/usr/sbin/sendmail;server=smtp://h:25;from=me@example.org" },
            { "mail.password", "sendmail=/usr/sbin/sendmail;password=secret;from=me@example.org" },
            { "mail.sendmail", "sendmail=sendmail;from=me@example.org" },
            { "mail.from", "sendmail=/usr/sbin/sendmail" },
            { "mail.unsubscribe_url", "page=http://example.org/stop" },
            { "mail.unsubscribe_url", "page=https://example.org/stop> <x" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_setting_and_without_the_password(string setting, string written)
    {
        var values = written
            .Split(';')
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

        var resolved = MailServer.Resolve(
            new()
            {
                Server = values.GetValueOrDefault("server"),
                Preset = values.GetValueOrDefault("preset"),
                Host = values.GetValueOrDefault("host"),
                Port = values.TryGetValue("port", out var port)
                    ? int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)
                    : null,
                Security = values.ContainsKey("security") ? MailSecurity.None : null,
                User = values.GetValueOrDefault("user"),
                Password = values.GetValueOrDefault("password"),
                AccessToken = values.GetValueOrDefault("token"),
                OAuth = values.TryGetValue("oauth", out var url)
                    ? new()
                    {
                        TokenUrl = url == "" ? null : url,
                        ClientId = "c",
                        ClientSecret = "secret",
                        RefreshToken = "secret",
                    }
                    : new(),
                Sendmail = values.GetValueOrDefault("sendmail"),
                UnsubscribeUrl = values.GetValueOrDefault("page"),
                From = values.GetValueOrDefault("from"),
                StepTimeout = values.ContainsKey("timeout") ? TimeSpan.Zero : TimeSpan.FromSeconds(30),
            }
        );

        resolved.Server.ShouldBeNull();
        resolved.Problems.ShouldContain(problem => problem.Setting == setting);
        $"{resolved} {string.Join(' ', resolved.Problems)}".ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("gmail", "https://oauth2.googleapis.com/token", false)]
    [InlineData("outlook", "https://login.microsoftonline.com/consumers/oauth2/v2.0/token", true)]
    [InlineData("office365", "https://login.microsoftonline.com/organizations/oauth2/v2.0/token", true)]
    public void A_preset_knows_where_tokens_are_fetched(string preset, string url, bool hasScope)
    {
        var mail = new MailSettings
        {
            User = "me@example.org",
            OAuth = new() { ClientId = "c", RefreshToken = "secret" },
        };
        foreach (var way in (MailSettings[])[mail with { Preset = preset }, mail with { Host = HostOf(preset) }])
        {
            var resolved = MailServer.Resolve(way);

            resolved.Problems.ShouldBeEmpty();
            var grant = resolved.Server!.Login!.OAuth.ShouldNotBeNull();
            (grant.TokenUrl.AbsoluteUri, grant.Scope is not null).ShouldBe((url, hasScope));
            $"{resolved} {resolved.Server.Login} {grant} {way}".ShouldNotContain("secret");
        }
    }

    private static string HostOf(string preset) => MailPresets.Find(preset)!.Host;

    [Fact]
    public void No_text_of_a_server_shows_the_password()
    {
        var server = MailServer
            .Resolve(
                new()
                {
                    Preset = "gmail",
                    User = "me@example.org",
                    Password = "secret",
                }
            )
            .Server!;

        $"{server} {server.Login} {server with { Port = 1 }}".ShouldNotContain("secret");
    }

    [Fact]
    public async Task The_one_transport_is_the_folder_the_server_or_the_program()
    {
        const string From = "watch@example.org";
        (await NameAsync(new())).ShouldBe("folder /var/mail-of-trackwatch");
        (await NameAsync(new() { Host = "smtp.example.org", From = From })).ShouldBe("smtp.example.org:587");
        (await NameAsync(new() { Sendmail = "/usr/sbin/sendmail", From = From })).ShouldBe("/usr/sbin/sendmail");
    }

    private static async Task<string> NameAsync(MailSettings mail)
    {
        var settings = new TrackWatchSettings { Mail = mail with { Folder = "/var/mail-of-trackwatch" } };

        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddMailTransport(MailServer.Resolve(mail), settings)
            .BuildServiceProvider();
        return services.GetRequiredService<IMailTransport>().Name;
    }
}
