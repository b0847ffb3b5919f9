#if MAILKIT
using TrackWatch.Worker.Notifying.Transports.MailKit;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Tests.Notifying.Transports;

public sealed class MailKitTests(SinkRoom sinks) : MailTransportContract(sinks)
{
    private protected override OpenMailSession Connect => MailKitSession.ConnectAsync;
}
#endif
