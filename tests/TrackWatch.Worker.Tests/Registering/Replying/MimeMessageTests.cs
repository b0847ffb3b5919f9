using System.Diagnostics;
using System.Text;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Registering.Replying;

namespace TrackWatch.Worker.Tests.Registering.Replying;

public class MimeMessageTests
{
    [Theory]
    [InlineData("gmail", "Merhaba, ulaştı, teşekkürler!")]
    [InlineData("outlook", "I have received the parcel, thank you very much.")]
    [InlineData("apple", "Received.")]
    [InlineData("k9", "Teslim aldım")]
    [InlineData("outlook-phone", "ULAŞTI, sağ olun")]
    public void The_first_words_of_ones_own_are_found_in_what_clients_write(string client, string words)
    {
        var mail = MimeMessage.Read(Messages.Sample(client, "alert.1@example.org"));

        ReplyText.OwnLines(mail.Body)[0].ShouldBe(words);
        string.Join(' ', ReplyText.OwnLines(mail.Body)).ShouldNotContain("missing");
        string.Join(' ', ReplyText.OwnLines(mail.Body)).ShouldNotContain("lost");
        mail.Headers.Addresses("From").ShouldBe(["ayse@example.org"]);
        mail.Headers.Ids("In-Reply-To").ShouldBe(["alert.1@example.org"]);
        mail.Report.ShouldBeNull();
    }

    [Fact]
    public void Subjects_are_decoded_and_lose_their_prefixes()
    {
        var gmail = MimeMessage.Read(Messages.Sample("gmail", "x@y"));

        gmail.Headers.Decoded("Subject").ShouldBe("Ynt: Open the dispute by Thu 26 Nov: USB-C hub");
        foreach (
            var prefix in (string[])
                ["Re: ", "AW: ", "Ynt: ", "RE[2]: ", "SV: ", "回复：", "Re: AW: re:", "İlt: ", "رد: "]
        )
            ReplyText.WithoutPrefixes($"{prefix}done usb-hub").ShouldBe("done usb-hub", prefix);
    }

    [Fact]
    public void A_delivery_report_names_who_did_not_get_which_mail()
    {
        var report = MimeMessage
            .Read(Messages.Sample("postfix-bounce", "alert.9@example.org"))
            .Report.ShouldNotBeNull();

        report.Returned.ShouldBe(["alert.9@example.org"]);
        report
            .Fates.ShouldHaveSingleItem()
            .ShouldBe(
                new DeliveryFate(
                    "ayse@example.org",
                    "ayse@example.org",
                    "failed",
                    "5.1.1",
                    "X-Postfix; unknown user: \"ayse\""
                )
            );
    }

    [Theory]
    [InlineData("ayse@example.org, eve@example.org", 2)]
    [InlineData("\"eve@example.org, x\" <ayse@example.org>", 1)]
    [InlineData("not an address", 0)]
    [InlineData("", 0)]
    public void Senders_are_counted_by_their_addresses(string from, int count) =>
        MimeMessage.Read(Messages.Plain("x", from: from)).Headers.Addresses("From").Count.ShouldBe(count);

    [Fact]
    public void A_second_From_makes_the_sender_nobody() =>
        MimeMessage.Read(Messages.Plain("x", more: "From: eve@example.org")).Headers.Addresses("From").ShouldBeEmpty();

    /// <summary>Python's email package, a stranger to us, writes what it thinks is right; so do we read it.</summary>
    [Theory]
    [InlineData("utf-8", "quoted-printable")]
    [InlineData("utf-8", "base64")]
    [InlineData("iso-8859-9", "quoted-printable")]
    [InlineData("windows-1254", "base64")]
    [InlineData("utf-8", "8bit")]
    public async Task What_Python_writes_is_read(string charset, string encoding)
    {
        var mail = MimeMessage.Read(
            await PythonAsync(
                $"""
                import sys
                from email.message import EmailMessage
                from email.policy import SMTP
                m = EmailMessage(policy=SMTP)
                m["From"] = "Ayşe Yılmaz <ayse@example.org>"
                m["Subject"] = "Ynt: " + "ulaştıığüşöç" * 12
                m.set_content("ulaştı\n\n> gelmedi\n", charset="{charset}", cte="{encoding}")
                m.add_alternative("<p>ulaştı</p>", subtype="html")
                m.add_attachment(b"lost", maintype="text", subtype="plain", filename="x.txt")
                sys.stdout.buffer.write(m.as_bytes())
                """
            )
        );

        ReplyText.OwnLines(mail.Body).ShouldBe(["ulaştı"]);
        // One long word: Python itself loses a blank where it folds between encoded words.
        mail.Headers.Decoded("Subject").ShouldBe("Ynt: " + string.Concat(Enumerable.Repeat("ulaştıığüşöç", 12)));
        mail.Headers.Addresses("From").ShouldBe(["ayse@example.org"]);
    }

    [Fact]
    public void Whatever_bytes_come_reading_ends_and_never_fails()
    {
        var chance = new Random(20261122);
        var samples = Directory.EnumerateFiles(Messages.Folder).Select(File.ReadAllBytes).ToList();
        string[] tricks =
        [
            "\r\n",
            "\n\n",
            "--",
            "=?utf-8?B?",
            "?=",
            "=3D",
            "=",
            ";",
            "boundary=\"",
            "<",
            ">",
            "\0",
            "\u00ff",
            "Content-Type: multipart/mixed; boundary=a\n\n--a\n",
        ];
        for (var round = 0; round < 4_000; round++)
        {
            var bytes = samples[chance.Next(samples.Count)].ToList();
            for (var i = chance.Next(1, 12); i > 0; i--)
            {
                var at = chance.Next(bytes.Count);
                switch (chance.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)chance.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, chance.Next(200)));
                        break;
                    case 2:
                        bytes.InsertRange(at, Encoding.Latin1.GetBytes(tricks[chance.Next(tricks.Length)]));
                        break;
                    default:
                        bytes.InsertRange(at, bytes.Skip(chance.Next(bytes.Count)).Take(chance.Next(400)).ToList());
                        break;
                }
            }
            Everything([.. bytes]);
        }
        Everything([]);
        Everything(new byte[1000]);
    }

    [Fact]
    public void Depth_parts_and_size_are_bounded()
    {
        var deep = string.Concat(
            Enumerable.Range(0, 2000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")
        );
        Everything(Encoding.ASCII.GetBytes(deep + "\n\ndone"));
        var wide =
            "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\nx\n", 200_000));
        Everything(Encoding.ASCII.GetBytes(wide));
        Everything(Encoding.ASCII.GetBytes("Subject: " + string.Concat(Enumerable.Repeat("=?utf-8?q?=?=", 100_000))));
        Everything(
            Encoding.ASCII.GetBytes("Content-Type: text/html\n\n" + new string('<', MimeMessage.LargestBytes * 2))
        );
    }

    private static void Everything(byte[] bytes)
    {
        var mail = MimeMessage.Read(bytes);
        _ = ReplyText.OwnLines(mail.Body);
        _ = mail.Report?.Fates.Select(Bounces.Judge).ToList();
        _ = (mail.Headers.Addresses("From"), mail.Headers.Ids("References"), mail.Headers.Decoded("Subject"));
        _ = ReplyText.Fold(ReplyText.WithoutPrefixes(mail.Headers.Decoded("Subject")));
    }

    private static async Task<byte[]> PythonAsync(string script)
    {
        var start = new ProcessStartInfo(SmtpSink.Python, ["-c", script]) { RedirectStandardOutput = true };
        using var python = Process.Start(start)!;
        using var written = new MemoryStream();
        await python.StandardOutput.BaseStream.CopyToAsync(written);
        await python.WaitForExitAsync();
        python.ExitCode.ShouldBe(0);
        return written.ToArray();
    }
}
