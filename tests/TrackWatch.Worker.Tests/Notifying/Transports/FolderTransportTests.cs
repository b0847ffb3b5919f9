using System.Text;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Folder;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

public sealed class FolderTransportTests : IDisposable
{
    private readonly string _folder = Path.Combine(
        Directory.CreateTempSubdirectory("tw-mail-").FullName,
        "made",
        "when needed"
    );

    public void Dispose() => Directory.Delete(Path.Combine(_folder, "../.."), recursive: true);

    [Fact]
    public async Task A_mail_lies_there_under_its_date_and_subject_with_its_page_beside_it()
    {
        var mail = Some.Mail("Satıcıya yazın: 📦 16 gündür hareketsiz");

        var delivery = await new FolderTransport(_folder).SendAsync(mail, default);

        var file = delivery.ShouldBeOfType<Delivery.Accepted>().Reply;
        Path.GetFileName(file).ShouldStartWith("2026-10-09T083000-satıcıya-yazın-16-gündür-hareketsiz-");
        File.ReadAllBytes(file).ShouldBe(mail.Bytes.ToArray());
        var page = Path.ChangeExtension(file, ".html");
        File.ReadAllText(page).ShouldBe("<p>Paketiniz 16 gündür hareketsiz.</p>\r\n");
        Directory.GetFiles(_folder).ShouldBe([file, page], ignoreOrder: true);
    }

    [Fact]
    public async Task The_same_mail_twice_is_one_file_and_two_mails_of_one_second_are_two()
    {
        var transport = new FolderTransport(_folder);
        var mail = Some.Mail();

        await transport.SendAsync(mail, default);
        await transport.SendAsync(mail, default);
        await transport.SendAsync(Some.Mail(), default);

        Directory.GetFiles(_folder, "*.eml").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("///", "")]
    [InlineData("", "")]
    [InlineData(
        "a very long subject that goes on and on until no file name could hold it any more, and then some",
        "a-very-long-subject-that-goes-on-and-on-until-no"
    )]
    public async Task A_subject_leads_nowhere_else(string subject, string slug)
    {
        var delivery = await new FolderTransport(_folder).SendAsync(Some.Mail(subject), default);

        var file = delivery.ShouldBeOfType<Delivery.Accepted>().Reply;
        Path.GetDirectoryName(file).ShouldBe(_folder);
        Path.GetFileNameWithoutExtension(file)["2026-10-09T083000".Length..^9].TrimStart('-').ShouldBe(slug);
    }

    [Fact]
    public async Task A_mail_without_a_page_is_a_mail_too()
    {
        var mail = Some.Mail() with
        {
            Bytes = Encoding.ASCII.GetBytes("Subject: x\r\n\r\nContent-Type: text/html\r\n"),
        };

        var delivery = await new FolderTransport(_folder).SendAsync(mail, default);

        delivery.ShouldBeOfType<Delivery.Accepted>();
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_with_the_setting_and_tried_again()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder)!);
        File.WriteAllText(_folder, "a file where the folder should be");

        var delivery = await new FolderTransport(_folder).SendAsync(Some.Mail(), default);

        delivery.ShouldBeOfType<Delivery.RefusedForNow>().Reply.ShouldContain("mail.folder");
    }
}
