#if MAILKIT
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.DependencyInjection;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering.Replying;
using TrackWatch.Worker.Registering.Replying.MailKit;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Tests.Polling;

namespace TrackWatch.Worker.Tests.Registering.Replying;

/// <summary>Answers in a mailbox of a real Dovecot, a folder for each test.</summary>
public sealed class ImapMailboxTests(ImapMailboxTests.Room room) : IClassFixture<ImapMailboxTests.Room>
{
    private const string Step = "done/contact-seller";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly LogLines log = new();

    [DovecotFact]
    public async Task The_program_acts_once_on_an_answer_and_marks_it_as_seen()
    {
        await room.LayAsync("program", await AnswerAsync("asked"));
        var rootFile = Path.Combine(room.Household.Folder, "root.pem");
        await File.WriteAllTextAsync(rootFile, TestAuthority.Instance.RootPem);
        var house = room
            .Household.Set("TRACKWATCH__MAIL__REPLIES__IMAP__HOST", PostfixServer.Host)
            .Set("TRACKWATCH__MAIL__REPLIES__IMAP__PORT", room.Server.ImapPort.ToString(CultureInfo.InvariantCulture))
            .Set("TRACKWATCH__MAIL__REPLIES__IMAP__USER", Room.User)
            .Set("TRACKWATCH__MAIL__REPLIES__IMAP__PASSWORD", PostfixServer.Password)
            .Set("TRACKWATCH__MAIL__REPLIES__IMAP__FOLDER", "program");

        var stranger = await house.RunAsync("run", "--once");
        stranger.Error.ShouldContain("its certificate is none this machine trusts");
        (await room.House.FactsAsync("asked", Step)).ShouldBe(0);

        house.Set("SSL_CERT_FILE", rootFile);
        (await house.RunAsync("run", "--once")).ExitCode.ShouldBe(0);
        (await room.House.FactsAsync("asked", Step)).ShouldBe(1);
        (await room.FlagsAsync("program")).ShouldBe([MessageFlags.Seen]);

        var again = await house.RunAsync("run", "--once");
        again.Error.ShouldNotContain("passed over");
        (await room.House.FactsAsync("asked", Step)).ShouldBe(1);
    }

    [DovecotFact]
    public async Task Neither_an_unreadable_nor_a_huge_nor_an_odd_message_keeps_others_waiting()
    {
        await room.LayAsync("odd", Messages.Plain("nobody can open this"));
        room.LockLast("odd");
        await room.LayAsync(
            "odd",
            Messages.Plain($"done twice {await room.House.TokenAsync("ayse", "twice")}", new string('x', 20 << 20)),
            "\r\n"u8.ToArray(),
            [.. Enumerable.Range(1, 255).Select(b => (byte)b)],
            await AnswerAsync("quiet")
        );

        (await Mailbox("odd").ReadAsync(room.Inbox, Now, default)).ShouldBe(4);

        (await room.House.FactsAsync("twice", Step)).ShouldBe(1);
        (await room.House.FactsAsync("quiet", Step)).ShouldBe(1);
        log.Written.ShouldHaveSingleItem()
            .ShouldContain("Message 1 in odd could not be read (the server broke off at it twice)");
        (await room.FlagsAsync("odd")).ShouldBe([
            MessageFlags.Seen | MessageFlags.Flagged,
            .. Enumerable.Repeat(MessageFlags.Seen, 4),
        ]);
        (await Mailbox("odd").ReadAsync(room.Inbox, Now, default)).ShouldBe(0);
        log.Written.Count.ShouldBe(1);
    }

    [DovecotFact]
    public async Task Two_workers_on_one_mailbox_act_once()
    {
        var answer = await AnswerAsync("over");
        await room.LayAsync("shared", [.. Enumerable.Repeat(answer, 5)]);

        await Task.WhenAll(
            Mailbox("shared").ReadAsync(room.Inbox, Now, default),
            Mailbox("shared").ReadAsync(room.Inbox, Now, default)
        );

        (await room.House.FactsAsync("over", Step)).ShouldBe(1);
        (await room.House.Tables.CountAsync("select count(*) from replies where order_id = 'over'")).ShouldBe(1);
        (await room.FlagsAsync("shared")).ShouldBe(Enumerable.Repeat(MessageFlags.Seen, 5));
        log.Written.ShouldBeEmpty();
    }

    [DovecotTheory]
    [InlineData("password", "it refused the log-in; look at mail.replies.imap.user and .password")]
    [InlineData("away", "Connection refused")]
    [InlineData("no mail server", "unexpectedly disconnected")]
    [InlineData("folder", "could not be found")]
    [InlineData("authority", "(its certificate is none this machine trusts)")]
    [InlineData("name", "(its certificate is not made for this name)")]
    public async Task What_keeps_it_from_the_answers_is_one_line_and_it_is_tried_again(string trouble, string words)
    {
        using var dumb = new DumbServer(hangsUp: true);
        var settings = Settings("INBOX");
        settings = trouble switch
        {
            "password" => settings with { Password = "wr0ng-secret" },
            "away" => settings with { Port = SmtpSink.FreePort() },
            "no mail server" => settings with { Port = dumb.Port },
            "folder" => settings with { Folder = "gone" },
            "name" => settings with { Host = "127.0.0.1" },
            _ => settings,
        };
        var mailbox = new ImapMailbox(settings, log.For<ImapMailbox>())
        {
            Trust = trouble == "authority" ? null : Room.Trust,
        };

        (await mailbox.ReadAsync(room.Inbox, Now, default)).ShouldBe(0);
        (await mailbox.ReadAsync(room.Inbox, Now.AddMinutes(9), default)).ShouldBe(0);

        var line = log.Written.ShouldHaveSingleItem();
        line.ShouldContain($" on {settings.Host}:{settings.Port} cannot be read now (");
        line.ShouldContain(words);
        line.Trim().ShouldNotContain('\n');
        line.ShouldNotContain(settings.Password!);
        (await mailbox.ReadAsync(room.Inbox, Now.AddMinutes(10), default)).ShouldBe(0);
        log.Written.Count.ShouldBe(2);
    }

    [DovecotFact]
    public async Task A_silent_server_holds_nobody_who_wants_to_stop()
    {
        using var silent = new DumbServer(hangsUp: false);
        using var stop = new CancellationTokenSource();
        var mailbox = new ImapMailbox(Settings("INBOX") with { Port = silent.Port }, log.For<ImapMailbox>());

        var reading = mailbox.ReadAsync(room.Inbox, Now, stop.Token);
        await silent.Called;
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(20)));
        log.Written.ShouldBeEmpty();
    }

    private async Task<byte[]> AnswerAsync(string order) =>
        Messages.Plain($"done {order} {await room.House.TokenAsync("ayse", order)}");

    private ImapMailbox Mailbox(string folder) => new(Settings(folder), log.For<ImapMailbox>()) { Trust = Room.Trust };

    private ImapSettings Settings(string folder) =>
        new()
        {
            Host = PostfixServer.Host,
            Port = room.Server.ImapPort,
            User = Room.User,
            Password = PostfixServer.Password,
            Folder = folder,
        };

    /// <summary>Takes calls and says nothing.</summary>
    private sealed class DumbServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public DumbServer(bool hangsUp)
        {
            listener.Start();
            Called = AnswerAsync(hangsUp);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        /// <summary>The first call; where it hangs up it takes more.</summary>
        public Task Called { get; }

        public void Dispose() => listener.Dispose();

        private async Task AnswerAsync(bool hangsUp)
        {
            var call = await listener.AcceptTcpClientAsync();
            if (!hangsUp)
                return;
            call.Dispose();
            (await listener.AcceptTcpClientAsync()).Dispose();
        }
    }

    /// <summary>Mails that can be answered, and a mailbox for the answers.</summary>
    public sealed class Room : IAsyncLifetime
    {
        private PostfixServer? server;
        private ServiceProvider? worker;
        private int laid;

        public static string User => "answers@example.net";

        public AnsweredHousehold House { get; } = new();
        public PostfixServer Server => server!;
        internal Commands.Household Household => House.Household;
        internal Inbox Inbox => worker!.GetRequiredService<Inbox>();

        /// <summary>The authority of the tests, and a certificate for the name that was called.</summary>
        public static bool Trust(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (
                certificate is null
                || errors is not (SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors)
            )
                return false;
            using var ours = new X509Chain();
            ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            ours.ChainPolicy.CustomTrustStore.AddRange(TestAuthority.Instance.Roots);
            return ours.Build(new X509Certificate2(certificate));
        }

        public async Task InitializeAsync()
        {
            if (PostfixServer.WhyMissing is not null)
                return;
            await House.InitializeAsync();
            server = await PostfixServer.StartAsync();
            var loaded = new LoadedSettings(
                new TrackWatchSettings(),
                [],
                null,
                OrdersPaths.Of(Path.Combine(Household.Folder, "orders.yaml"))
            );
            worker = new ServiceCollection()
                .AddLogging()
                .AddRooms(loaded, Household.ConnectionString + ";Maximum Pool Size=4")
                .BuildServiceProvider();
        }

        public async Task DisposeAsync()
        {
            if (server is null)
                return;
            await worker!.DisposeAsync();
            await server.DisposeAsync();
            await House.DisposeAsync();
        }

        /// <summary>As a filter of the mail server lays messages into a folder.</summary>
        public async Task LayAsync(string folder, params byte[][] messages)
        {
            await InFolderAsync(folder, _ => Task.CompletedTask);
            foreach (var message in messages)
            {
                var name = $"{++laid:D10}.test";
                await File.WriteAllBytesAsync(In(folder, "tmp", name), message);
                File.Move(In(folder, "tmp", name), In(folder, "new", name));
            }
        }

        /// <summary>From now on the server's own account cannot open the message that was laid last.</summary>
        public void LockLast(string folder) =>
            File.SetUnixFileMode(In(folder, "new", $"{laid:D10}.test"), UnixFileMode.None);

        public async Task<List<MessageFlags>> FlagsAsync(string folder)
        {
            List<MessageFlags> flags = [];
            await InFolderAsync(
                folder,
                async box =>
                {
                    foreach (var message in await box.FetchAsync(0, -1, MessageSummaryItems.Flags))
                        flags.Add(message.Flags!.Value & ~MessageFlags.Recent);
                }
            );
            return flags;
        }

        private string In(string folder, string part, string name) =>
            Path.Combine(Server.MaildirOf(User), $".{folder}", part, name);

        private async Task InFolderAsync(string name, Func<IMailFolder, Task> work)
        {
            using var client = new ImapClient();
            client.CheckCertificateRevocation = false;
            client.ServerCertificateValidationCallback = Trust;
            await client.ConnectAsync(PostfixServer.Host, Server.ImapPort, SecureSocketOptions.StartTls);
            await client.AuthenticateAsync(Encoding.UTF8, User, PostfixServer.Password);
            var top = client.GetFolder(client.PersonalNamespaces[0]);
            var folder =
                (await top.GetSubfoldersAsync()).FirstOrDefault(f => f.Name == name)
                ?? await top.CreateAsync(name, isMessageFolder: true);
            await folder!.OpenAsync(FolderAccess.ReadWrite);
            await work(folder);
            await client.DisconnectAsync(quit: true);
        }
    }

    private sealed class DovecotFactAttribute : FactAttribute
    {
        public DovecotFactAttribute() => Skip = PostfixServer.WhyMissing;
    }

    private sealed class DovecotTheoryAttribute : TheoryAttribute
    {
        public DovecotTheoryAttribute() => Skip = PostfixServer.WhyMissing;
    }
}
#endif
