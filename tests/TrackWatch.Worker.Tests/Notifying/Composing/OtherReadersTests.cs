using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Tests.Notifying.Composing;

/// <summary>What others make of our mails: Python's parser, mutt, and SpamAssassin.</summary>
public sealed class OtherReadersTests
{
    private const int LargestMail = 100_000;
    private const double SpamLimit = 2.0;

    private static readonly string[] Headers =
    [
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "In-Reply-To",
        "References",
        "MIME-Version",
        "Reply-To",
        "Content-Language",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "List-Unsubscribe",
        "Content-Type",
    ];

    [Fact]
    public async Task Python_reads_every_mail_as_it_was_written_and_finds_nothing_wrong()
    {
        foreach (var mail in await ComposedMails.AllAsync())
        {
            var read = await ReadMail.FromAsync(mail.Bytes);

            read.Defects.ShouldBeEmpty(mail.Name);
            read.Headers.Keys.ShouldBe(Headers, ignoreOrder: true, mail.Name);
            read.Headers.Values.ShouldNotContain(value => value.Any(char.IsControl), mail.Name);
            read.Headers["Subject"].ShouldBe(OneLine(mail.Written.Subject), mail.Name);
            read.To.ShouldHaveSingleItem().Address.ShouldBe("ayse@example.net", mail.Name);
            read.Text.ShouldBe(mail.Written.Text.ReplaceLineEndings("\r\n"), mail.Name);
            read.Html.ShouldBe(mail.Written.Html.ReplaceLineEndings("\r\n"), mail.Name);
            read.Attachments.Select(a => a.Bytes)
                .ShouldBe(mail.Written.Attachments.Select(a => a.Bytes.ToArray()), mail.Name);
            read.BareLineEnds.ShouldBe(0, mail.Name);
            read.LongestLine.ShouldBeLessThanOrEqualTo(998, mail.Name);
            mail.Bytes.Length.ShouldBeLessThan(LargestMail, mail.Name);
        }
    }

    [MuttFact]
    public async Task Mutt_shows_every_mail_as_it_was_written()
    {
        var mails = await ComposedMails.AllAsync();

        var views = await Mutt.ShowAsync([.. mails.Select(m => m.Bytes)]);

        views.Count.ShouldBe(mails.Count);
        foreach (var (mail, view) in mails.Zip(views))
        {
            Seen(view.Headers["Subject"]).ShouldBe(Seen(OneLine(mail.Written.Subject)), mail.Name);
            view.Headers["From"].ShouldBe("TrackWatch <watch@example.org>", mail.Name);
            view.Headers["To"].ShouldEndWith("<ayse@example.net>", customMessage: mail.Name);
            Seen(view.Body).ShouldContain(Seen(mail.Written.Text), customMessage: mail.Name);
        }
    }

    [SpamAssassinFact]
    public async Task No_kind_of_mail_looks_like_spam_in_any_language()
    {
        var mails = (await ComposedMails.AllAsync()).Where(m => !m.Name.StartsWith("harm", StringComparison.Ordinal));
        var names = mails.Select(m => m.Name).ToList();

        var verdicts = await SpamFilter.JudgeAsync([.. mails.Select(m => m.Bytes)]);

        var suspects = names.Zip(verdicts, (name, v) => (name, v)).Where(m => m.v.Score >= SpamLimit);
        string.Join('\n', suspects.Select(m => $"{m.name} {m.v.Score}: {string.Join(' ', m.v.Rules)}")).ShouldBe("");
        verdicts.ShouldAllBe(v => v.Rules.Any(), "a filter without rules finds nothing");
    }

    [SpamAssassinFact]
    public async Task What_is_spam_is_found_to_be()
    {
        var spam = Transports.Some.Content("MAKE MONEY FAST!!! 100% FREE VIAGRA") with
        {
            Text = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n",
        };

        var verdict = (await SpamFilter.JudgeAsync([MimeMail.Compose(spam)])).ShouldHaveSingleItem();

        verdict.Score.ShouldBeGreaterThan(SpamLimit);
        verdict.Rules.ShouldContain(rule => rule.StartsWith("GTUBE", StringComparison.Ordinal));
    }

    private static string OneLine(string text) =>
        string.Join(
            ' ',
            string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );

    /// <summary>Without blanks at line ends, and without what a terminal cannot show: mutt leaves that out.</summary>
    private static string Seen(string text) =>
        string.Join(
            '\n',
            text.ReplaceLineEndings("\n")
                .Split('\n')
                .Select(line => string.Concat(line.Where(c => !char.IsControl(c) && !IsInvisible(c))).TrimEnd())
        );

    private static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c)
            is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.OtherNotAssigned;

    private sealed class MuttFactAttribute : FactAttribute
    {
        public MuttFactAttribute() => Skip = Mutt.WhyMissing;
    }

    private sealed class SpamAssassinFactAttribute : FactAttribute
    {
        public SpamAssassinFactAttribute() => Skip = SpamFilter.WhyMissing;
    }
}
