using System.Text;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Tests.Notifying.Transports;

namespace TrackWatch.Worker.Tests.Notifying.Composing;

public sealed class MimeMailTests
{
    [Fact]
    public async Task Another_program_reads_what_was_written()
    {
        var mail = Some.Content("Kargonuz 16 gündür bekliyor") with
        {
            References = ["case-1@trackwatch.example.org", "case-2@trackwatch.example.org"],
            Headers =
            [
                new("List-Unsubscribe", "<mailto:watch@example.org?subject=stop>"),
                new("Auto-Submitted", "auto-generated"),
                new("X-Auto-Response-Suppress", "All"),
            ],
            Attachments =
            [
                new(
                    "Son gün – hatırlatma.ics",
                    "text/calendar; charset=utf-8; method=PUBLISH",
                    Bytes("BEGIN:VCALENDAR\r\n")
                ),
            ],
        };

        var read = await ReadMail.FromAsync(MimeMail.Compose(mail));

        read.Defects.ShouldBeEmpty();
        read.Type.ShouldBe("multipart/mixed");
        read.From.ShouldBe([new ReadBox("TrackWatch", "watch@example.org")]);
        read.To.ShouldBe([new ReadBox("Ayşe Yılmaz", "ayse@example.org")]);
        read.Date.ShouldBe(mail.Date);
        read.Date.Offset.ShouldBe(TimeSpan.FromHours(3));
        read.Text.ReplaceLineEndings("\n").ShouldBe(mail.Text);
        read.Html.ReplaceLineEndings("\n").ShouldBe(mail.Html);
        read.Attachments.Select(a => (a.Name, a.Type, a.Text))
            .ShouldBe([("Son gün – hatırlatma.ics", "text/calendar", "BEGIN:VCALENDAR\r\n")]);
        read.Headers["Subject"].ShouldBe(mail.Subject);
        read.Headers["Message-ID"].ShouldBe($"<{mail.MessageId}>");
        read.Headers["In-Reply-To"].ShouldBe("<case-2@trackwatch.example.org>");
        read.Headers["References"].ShouldBe("<case-1@trackwatch.example.org> <case-2@trackwatch.example.org>");
        read.Headers["List-Unsubscribe"].ShouldBe("<mailto:watch@example.org?subject=stop>");
        (read.LongestLine <= 78, read.BareLineEnds).ShouldBe((true, 0));
    }

    public static TheoryData<string> Texts =>
        [
            "Plain words",
            "Ağır yük, İstanbul’a ığüşöç",
            "Посылка стоит на таможне уже шестнадцать дней, пора писать продавцу",
            "الطرد متوقف في الجمارك منذ ستة عشر يوما",
            "包裹已经在海关停留了十六天,请联系卖家,否则可能错过争议的最后期限",
            string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦📦🇹🇷", 12)),
            new string('x', 2000),
            string.Join(' ', Enumerable.Repeat("many plain words", 30)),
            "looks like =?UTF-8?B?aGVsbG8=?= already",
            "quotes \" and \\ and, commas; <angles> (comments) @ at",
        ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_survives_as_subject_and_as_name(string text)
    {
        var mail = Some.Content(text) with
        {
            From = new("watch@example.org", text),
            To = [new("a@example.org", text), new("b@example.org")],
        };

        var bytes = MimeMail.Compose(mail);
        var read = await ReadMail.FromAsync(bytes);

        read.Defects.ShouldBeEmpty();
        read.Headers["Subject"].ShouldBe(text);
        read.From.ShouldBe([new ReadBox(text, "watch@example.org")]);
        read.To.ShouldBe([new ReadBox(text, "a@example.org"), new ReadBox("", "b@example.org")]);
        read.LongestLine.ShouldBeLessThanOrEqualTo(78);
    }

    [Theory]
    [InlineData("Hello\r\nBcc: thief@example.org")]
    [InlineData("Hello\nBcc: thief@example.org")]
    [InlineData("Hello\r\n\r\n<script>")]
    [InlineData("Hello\0\u001b[2J\u0085")]
    public async Task A_control_character_begins_no_header(string text)
    {
        var mail = Some.Content(text) with
        {
            From = new("watch@example.org", text),
            To = [new("ayse@example.org", text)],
            Headers = [new("X-Text", text)],
        };

        var read = await ReadMail.FromAsync(MimeMail.Compose(mail));

        read.Defects.ShouldBeEmpty();
        read.Headers.Keys.ShouldBe([
            "Date",
            "From",
            "To",
            "Subject",
            "Message-ID",
            "MIME-Version",
            "X-Text",
            "Content-Type",
        ]);
        read.Headers["Subject"].ShouldStartWith("Hello");
        read.Headers.Values.ShouldNotContain(value => value.Any(char.IsControl));
    }

    [Theory]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("Ayşe <a@example.org>")]
    [InlineData("a b@example.org")]
    [InlineData("a@exa mple.org")]
    [InlineData("a@")]
    [InlineData("@example.org")]
    [InlineData("nobody")]
    [InlineData("")]
    public void What_is_no_address_is_refused_by_name(string address)
    {
        var mail = Some.Content(to: address);

        Should.Throw<ArgumentException>(() => MimeMail.Compose(mail)).Message.ShouldContain(address);
    }

    [Theory]
    [InlineData("Bad Name")]
    [InlineData("Bad:Name")]
    [InlineData("X\r\nBcc")]
    [InlineData("")]
    [InlineData("subject")]
    [InlineData("Bcc")]
    public void A_header_that_is_none_or_stands_there_already_is_refused(string name)
    {
        var mail = Some.Content() with { Headers = [new(name, "x")] };

        Should.Throw<ArgumentException>(() => MimeMail.Compose(mail));
    }

    [Fact]
    public void A_message_id_carries_no_header_and_no_second_id()
    {
        foreach (var id in (string[])["no-at-sign", "a@b\r\nBcc: x@example.org", "a@b> <c@d", "ü@example.org"])
            Should.Throw<ArgumentException>(() => MimeMail.Compose(Some.Content() with { MessageId = id }));
    }

    [Fact]
    public void Equal_content_gives_equal_bytes_and_another_mail_another_boundary()
    {
        var mail = Some.Content();

        MimeMail.Compose(mail).ShouldBe(MimeMail.Compose(mail));
        Text(MimeMail.Compose(mail with { MessageId = "other@example.org" }))
            .ShouldNotContain(Text(MimeMail.Compose(mail)).Split("boundary=")[1][..40]);
    }

    [Fact]
    public async Task A_domain_of_any_script_is_written_as_the_network_knows_it()
    {
        var read = await ReadMail.FromAsync(MimeMail.Compose(Some.Content(to: "ayse@örnek.com.tr")));

        read.To[0].Address.ShouldBe("ayse@xn--rnek-4qa.com.tr");
    }

    [Fact]
    public async Task A_body_of_lone_surrogates_and_mixed_line_ends_is_still_a_mail()
    {
        var read = await ReadMail.FromAsync(
            MimeMail.Compose(Some.Content("half \ud83d") with { Text = "one\rtwo\nthree\r\n\ud83d" })
        );

        read.Defects.ShouldBeEmpty();
        read.Text.ShouldBe("one\r\ntwo\r\nthree\r\n\ufffd");
    }

    public static TheoryData<string> Bodies =>
        [
            .. Texts,
            "",
            "\n",
            "ends without a line end",
            "blanks at the end \t \nand a tab\t\n \n",
            ".\n..\n.dot\nFrom here\n>From there\n--=_alternative\n=3D is no equals sign\n",
            string.Concat(Enumerable.Repeat("a.b From c ", 300)),
            new string('.', 500),
            new string(' ', 500),
            string.Concat(Enumerable.Repeat("ğ", 999)),
            "\0\u001b[2J\u0085\u2028\u202etxt.exe",
        ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Any_text_survives_as_body_in_lines_that_every_server_takes(string text)
    {
        var bytes = MimeMail.Compose(Some.Content() with { Text = text, Html = text });
        var read = await ReadMail.FromAsync(bytes);

        read.Defects.ShouldBeEmpty();
        read.Text.ShouldBe(text.ReplaceLineEndings("\r\n"));
        read.Html.ShouldBe(read.Text);
        Encoding.UTF8.GetString(MimeMail.HtmlOf(bytes)!).ShouldBe(read.Html);
        (read.LongestLine <= 78, read.BareLineEnds).ShouldBe((true, 0));
        var lines = Text(bytes).Split("\r\n");
        lines.ShouldNotContain(line => line.StartsWith('.') || line.StartsWith("From ") || line.EndsWith(' '));
    }

    [Theory]
    [InlineData("Ağır yük İstanbul’da bekliyor", "quoted-printable", "=?UTF-8?Q?A=C4=9F=C4=B1r_y=C3=BCk_")]
    [InlineData("Посылка стоит на таможне", "base64", "=?UTF-8?B?")]
    [InlineData("الطرد متوقف في الجمارك", "base64", "=?UTF-8?B?")]
    public void Latin_text_can_be_read_in_the_source_and_no_other_script_is_swollen(
        string text,
        string encoding,
        string word
    )
    {
        var mail = Text(MimeMail.Compose(Some.Content(text) with { Text = text, Html = text }));

        mail.Split($"Content-Transfer-Encoding: {encoding}").Length.ShouldBe(3, mail);
        mail.ShouldContain($"\r\nSubject: {word}");
    }

    [Theory]
    [InlineData("a.ics")]
    [InlineData("Son gün – hatırlatma.ics")]
    [InlineData("посылка 📦.csv")]
    [InlineData("a long name that goes on and on and on until no line of a mail could hold it any more.pdf")]
    [InlineData("Посылка стоит на таможне уже шестнадцать дней, пора писать продавцу, и это имя ещё длиннее.pdf")]
    public async Task A_file_keeps_its_name_and_its_bytes(string name)
    {
        var all = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var mail = Some.Content() with
        {
            Attachments =
            [
                new(name, "text/calendar; charset=utf-8; method=PUBLISH", Bytes("SUMMARY:Son gün\r\n")),
                new(name, "text/csv; charset=utf-8", Bytes("a\nb\r\nc")),
                new(name, "text/plain; charset=utf-8", all),
                new(name, "application/pdf", all),
            ],
        };

        var read = await ReadMail.FromAsync(MimeMail.Compose(mail));

        read.Defects.ShouldBeEmpty();
        read.LongestLine.ShouldBeLessThanOrEqualTo(78);
        read.Attachments.Select(a => a.Name).ShouldAllBe(n => n == name);
        foreach (var (was, now) in mail.Attachments.Zip(read.Attachments))
            now.Bytes.ShouldBe(was.Bytes.ToArray());
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] mail) => Encoding.UTF8.GetString(mail);
}
