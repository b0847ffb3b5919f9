using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

internal static class Some
{
    private static int _mails;

    public static MimeContent Content(string subject = "Your parcel waits", string to = "ayse@example.org") =>
        new()
        {
            MessageId = $"mail-{Interlocked.Increment(ref _mails)}@trackwatch.example.org",
            Date = new DateTimeOffset(2026, 10, 9, 8, 30, 0, TimeSpan.FromHours(3)),
            From = new MailboxAddress("watch@example.org", "TrackWatch"),
            To = [new MailboxAddress(to, "Ayşe Yılmaz")],
            Subject = subject,
            Headers = [new("Auto-Submitted", "auto-generated")],
            Text = "Paketiniz 16 gündür hareketsiz.\n\nYazın.\n",
            Html = "<p>Paketiniz 16 gündür hareketsiz.</p>\n",
        };

    public static OutgoingMail Mail(string subject = "Your parcel waits", string to = "ayse@example.org")
    {
        var content = Content(subject, to);
        return new OutgoingMail(content.MessageId, content.From.Address, [to], MimeMail.Compose(content))
        {
            Subject = subject,
        };
    }
}
