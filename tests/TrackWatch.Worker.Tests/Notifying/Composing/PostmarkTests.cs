using System.Text;
using TrackWatch.Domain.Registering;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Notifying.Composing;
using Some = TrackWatch.Worker.Tests.Composing.Some;

namespace TrackWatch.Worker.Tests.Notifying.Composing;

public sealed class PostmarkTests
{
    private static readonly WrittenMail Written = new("Gün", "<p>gün</p>", "gün") { Language = "tr" };
    private static readonly Uri Stop = new("mailto:answers@example.org?subject=stop%20usb-hub%20k3y");

    private readonly Postmark _plain = new(new MailboxAddress("watch@example.org", "TrackWatch"));

    [Fact]
    public async Task A_mail_says_what_it_is_whom_to_answer_and_how_to_end_it()
    {
        var postmark = new Postmark(new MailboxAddress("watch@example.org")) { Replies = "answers@örnek.com.tr" };

        var mail = await ReadAsync(postmark, thread: ["alert.1@example.org", "alert.2@example.org"], stop: Stop);

        mail.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.Headers["X-Auto-Response-Suppress"].ShouldBe("All");
        mail.Headers["Content-Language"].ShouldBe("tr");
        mail.Headers["Reply-To"].ShouldBe("answers@xn--rnek-4qa.com.tr");
        mail.Headers["References"].ShouldBe("<alert.1@example.org> <alert.2@example.org>");
        mail.Headers["In-Reply-To"].ShouldBe("<alert.2@example.org>");
        mail.Headers["List-Unsubscribe"].ShouldBe($"<{Stop.AbsoluteUri}>");
        mail.Headers.Keys.ShouldNotContain("List-Unsubscribe-Post");
        mail.Headers.Keys.ShouldNotContain("Precedence");
        mail.Date.ShouldBe(Some.Now);
        mail.Date.Offset.ShouldBe(TimeSpan.FromHours(3), "the person's zone");
    }

    [Fact]
    public async Task Without_answers_and_a_page_the_sender_is_asked()
    {
        var mail = await ReadAsync(_plain);

        mail.Headers["List-Unsubscribe"].ShouldBe("<mailto:watch@example.org?subject=unsubscribe>");
        foreach (var absent in (string[])["List-Unsubscribe-Post", "Reply-To", "References", "In-Reply-To"])
            mail.Headers.Keys.ShouldNotContain(absent);
    }

    [Fact]
    public async Task One_click_is_offered_only_where_there_is_a_page_for_it()
    {
        var postmark = new Postmark(new MailboxAddress("watch@example.org"))
        {
            UnsubscribeUrl = "https://example.org/stop?who={person}",
        };

        var mail = await ReadAsync(postmark, person: Some.Person() with { Id = "ayşe & co@example.org" }, stop: Stop);

        mail.Headers["List-Unsubscribe"]
            .ShouldBe($"<https://example.org/stop?who=ay%C5%9Fe%20%26%20co%40example.org>, <{Stop.AbsoluteUri}>");
        mail.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
    }

    [Theory]
    [InlineData("watch@example.org", "example.org")]
    [InlineData("watch@örnek.com.tr", "xn--rnek-4qa.com.tr")]
    [InlineData("trackwatch@localhost", "trackwatch.invalid")]
    public void The_id_is_of_a_domain_whoever_the_sender_is(string sender, string domain)
    {
        var row = Compose(new Postmark(new MailboxAddress(sender)), Some.Person());

        row.MessageId.ShouldEndWith($"@{domain}");
        row.MessageId.ShouldBe(new Postmark(new MailboxAddress(sender)).IdOf("Alert", "same", Some.Person()));
    }

    [Fact]
    public async Task An_address_that_few_servers_take_is_not_shown_to_those_that_do_not()
    {
        var person = Some.Person() with { Email = "ayşe@example.org", MoreEmails = ["ayse@example.org"] };

        var row = Compose(_plain, person);

        row.Recipients.ShouldBe(["ayşe@example.org", "ayse@example.org"]);
        (await ReadMail.FromAsync(row.Body)).To.ShouldHaveSingleItem().Address.ShouldBe("ayse@example.org");
        // RFC 6532; Python's parser calls such an address a defect.
        var alone = Encoding.UTF8.GetString(Compose(_plain, person with { MoreEmails = [] }).Body);
        alone.ShouldContain(" <ayşe@example.org>\r\nSubject: ");
    }

    private static Worker.Storage.Tables.MailRow Compose(
        Postmark postmark,
        Person person,
        IReadOnlyList<string>? thread = null,
        Uri? stop = null
    ) => postmark.Compose("Alert", "same", person, Some.Istanbul, Written, Some.Now, thread, stop);

    private static async Task<ReadMail> ReadAsync(
        Postmark postmark,
        Person? person = null,
        IReadOnlyList<string>? thread = null,
        Uri? stop = null
    )
    {
        var mail = await ReadMail.FromAsync(Compose(postmark, person ?? Some.Person(), thread, stop).Body);
        mail.Defects.ShouldBeEmpty();
        return mail;
    }
}
