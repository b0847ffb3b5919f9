using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Evidence;
using TrackWatch.Worker.Notifying.Transports;

namespace TrackWatch.Worker.Notifying;

internal static class NotifyingSetup
{
    public static IServiceCollection AddNotifying(this IServiceCollection services, TrackWatchSettings settings)
    {
        var mail = MailServer.Resolve(settings.Mail);
        return services
            .AddSingleton(settings.Mail)
            .AddSingleton(settings.Mail.Rules)
            .AddMailTransport(mail, settings)
            .AddComposing()
            .AddSingleton(
                new Postmark(mail.Sender ?? new MailboxAddress("trackwatch@localhost", "TrackWatch"))
                {
                    Replies = settings.Mail.Replies.Address,
                    UnsubscribeUrl = settings.Mail.UnsubscribeUrl,
                }
            )
            .AddSingleton<MailSections>()
            .AddSingleton<EvidenceMaker>()
            .AddSingleton<EvidenceAttaching>()
            .AddSingleton<MailCalendar>()
            .AddSingleton<MailPlanner>()
            .AddSingleton<MailSender>()
            .AddSingleton<SourceWatch>();
    }
}
