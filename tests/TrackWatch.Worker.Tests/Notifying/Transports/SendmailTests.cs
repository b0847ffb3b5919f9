using System.Globalization;
using System.Text;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Sendmail;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

/// <summary>The third way out: Debian's msmtp against a real server, and small programs that answer as none of them can be made to.</summary>
public sealed class SendmailTests : IDisposable
{
    private const string Msmtp = "/usr/bin/msmtp";

    private readonly string _folder = Directory.CreateTempSubdirectory("tw-sendmail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [MsmtpFact]
    public async Task A_mail_arrives_as_it_is_through_msmtp()
    {
        await using var sink = await SmtpSink.StartAsync();
        var mail = Some.Mail("Kargonuz bekliyor 📦");

        var delivery = await Open(MsmtpTo(sink)).SendAsync(mail, default);

        delivery.ShouldBeOfType<Delivery.Accepted>(delivery.Reply);
        var received = sink.Mails.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(received.Bytes).ShouldBe(Encoding.UTF8.GetString(mail.Bytes.Span));
        (received.From, received.To.Single()).ShouldBe((mail.From, mail.To.Single()));
    }

    [MsmtpTheory]
    [InlineData("RCPT gone@example.org", "550 5.1.1 no such user", true)]
    [InlineData("RCPT gone@example.org", "450 4.2.0 greylisted", false)]
    public async Task Who_is_refused_by_the_server_behind_msmtp_does_not_keep_the_mail_from_the_others(
        string when,
        string answer,
        bool forGood
    )
    {
        await using var sink = await SmtpSink.StartAsync();
        sink.On(when, answer);

        var delivery = await Open(MsmtpTo(sink))
            .SendAsync(Some.Mail() with { To = ["gone@example.org", "ayse@example.org"] }, default);

        delivery.ShouldBeOfType<Delivery.Accepted>(delivery.Reply);
        var refusal = delivery.Refused.ShouldHaveSingleItem();
        refusal.Reply.ShouldContain(answer);
        (refusal.To, refusal.ForGood).ShouldBe(("gone@example.org", forGood));
        sink.Mails.ShouldHaveSingleItem().To.ShouldBe(["ayse@example.org"]);
    }

    [MsmtpFact]
    public async Task A_server_that_msmtp_cannot_reach_is_tried_again()
    {
        await using var sink = await SmtpSink.StartAsync();
        var program = MsmtpTo(sink);
        await sink.SwitchOffAsync();

        var delivery = await Open(program).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("msmtp");
    }

    [Theory]
    [InlineData(0, "Accepted")]
    [InlineData(64, "RefusedForNow")]
    [InlineData(65, "RefusedForGood")]
    [InlineData(67, "RefusedForGood")]
    [InlineData(68, "RefusedForGood")]
    [InlineData(69, "RefusedForNow")]
    [InlineData(75, "RefusedForNow")]
    [InlineData(77, "RefusedForNow")]
    [InlineData(78, "RefusedForNow")]
    [InlineData(1, "RefusedForNow")]
    public async Task The_exit_code_is_the_verdict_and_the_last_words_are_the_reply(int code, string verdict)
    {
        var program = Program($"cat > /dev/null; echo 'on the way' >&2; echo 'last\twords' >&2; exit {code}");

        var delivery = await Open(program).SendAsync(Some.Mail(), default);

        delivery.GetType().Name.ShouldBe(verdict);
        delivery.Reply.ShouldContain("on the way last words");
        delivery.Reply.Contains($"exit code {code}", StringComparison.Ordinal).ShouldBe(code != 0);
    }

    [Theory]
    [InlineData("-bv@example.org")]
    [InlineData("$(id)`id`@example.org")]
    [InlineData("a|b&c*'{}@example.org")]
    public async Task An_address_is_an_argument_and_nothing_else(string address)
    {
        // What a server could not say is refused here too; what it can, arrives to the letter.
        var program = Program(
            $"for a in \"$@\"; do printf '%s\\n' \"$a\"; done > {_folder}/arguments; cat > {_folder}/input"
        );
        var mail = Some.Mail() with { From = address, To = [address] };

        var delivery = await Open(program).SendAsync(mail, default);

        if (address.Contains('('))
        {
            delivery.ShouldNotBeOfType<Delivery.Accepted>();
            File.Exists(Path.Combine(_folder, "arguments")).ShouldBeFalse();
            return;
        }
        delivery.ShouldBeOfType<Delivery.Accepted>(delivery.Reply);
        (await File.ReadAllLinesAsync(Path.Combine(_folder, "arguments"))).ShouldBe([
            "-i",
            "-f",
            address,
            "--",
            address,
        ]);
    }

    [Fact]
    public async Task It_reads_the_mail_with_the_line_ends_of_this_machine_and_none_of_our_secrets()
    {
        Environment.SetEnvironmentVariable("TRACKWATCH__MAIL__PASSWORD_OF_THIS_TEST", "s3cret");
        var program = Program($"env > {_folder}/environment; cat > {_folder}/input");
        var mail = Some.Mail();

        await Open(program).SendAsync(mail, default);

        (await File.ReadAllTextAsync(Path.Combine(_folder, "input"))).ShouldBe(
            Encoding.UTF8.GetString(mail.Bytes.Span).Replace("\r\n", "\n")
        );
        (await File.ReadAllTextAsync(Path.Combine(_folder, "environment"))).ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task One_that_hears_nothing_out_still_gives_its_verdict()
    {
        var program = Program("echo 'no such user' >&2; exit 67");
        var large = Some.Mail() with { Bytes = new byte[5_000_000] };

        var delivery = await Open(program).SendAsync(large, default);

        delivery.ShouldBeOfType<Delivery.RefusedForGood>().Reply.ShouldContain("no such user");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_hangs_is_ended_with_all_it_started(bool cancelled)
    {
        var program = Program($"sleep 600 & echo $! > {_folder}/pid; wait");
        using var stop = new CancellationTokenSource();
        var sending = Open(program, cancelled ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(1))
            .SendAsync(Some.Mail(), stop.Token);
        if (cancelled)
        {
            while (!File.Exists(Path.Combine(_folder, "pid")))
                await Task.Delay(20);
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => sending);
        }
        else
            (await sending).ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("was ended");

        var child = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "pid")), CultureInfo.InvariantCulture);
        IsRunning(child).ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_with_the_setting()
    {
        var delivery = await Open(Path.Combine(_folder, "nothing")).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("mail.sendmail");
    }

    private static SendmailTransport Open(string program, TimeSpan? within = null) =>
        new(new SendmailProgram(program, within ?? TimeSpan.FromSeconds(30)));

    private string Program(string script)
    {
        var file = Path.Combine(_folder, "program");
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    private string MsmtpTo(SmtpSink sink)
    {
        var settings = Path.Combine(_folder, "msmtprc");
        File.WriteAllText(settings, $"account default\nhost 127.0.0.1\nport {sink.Port}\nauth off\ntls off\n");
        File.SetUnixFileMode(settings, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return Program($"exec {Msmtp} -C {settings} \"$@\"");
    }

    /// <summary>A process that ended and waits to be noticed by its parent no longer runs.</summary>
    private static bool IsRunning(int process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ");

    private static string? WhyMissing => File.Exists(Msmtp) ? null : "Debian's package msmtp is not installed.";

    private sealed class MsmtpFactAttribute : FactAttribute
    {
        public MsmtpFactAttribute() => Skip = WhyMissing;
    }

    private sealed class MsmtpTheoryAttribute : TheoryAttribute
    {
        public MsmtpTheoryAttribute() => Skip = WhyMissing;
    }
}
