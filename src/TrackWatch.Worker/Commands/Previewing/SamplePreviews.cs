using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Commands.Previewing;

/// <summary>Mails of a made-up household: its autumn is simulated, and the first mail of the kind is the preview.</summary>
internal sealed class SamplePreviews(IServiceProvider services, TrackWatchSettings settings)
{
    private const string Script = "sample.yaml";

    public async Task WriteAsync(PreviewKind kind, string? language, PreviewFolder folder, CancellationToken ct)
    {
        var script = Read();
        var journey = script.ToJourney();
        var rules = Simulations.RulesOf(
            settings,
            services.GetRequiredService<RuleBook>(),
            services.GetServices<ITrackingProvider>(),
            script
        );
        var mails = new SimulatedMails(
            services.GetRequiredService<MailWriter>(),
            services.GetRequiredService<Postmark>(),
            services.GetRequiredService<TrackingPage>(),
            services.GetRequiredService<LanguageFiles>(),
            settings,
            rules.Rules,
            [.. journey.People.Select(person => language is null ? person : person with { Language = language })],
            folder
        );
        var end = script.Until.AddTicks(-1);
        var happening = new Simulation(journey, rules).Run(end, script.Until).First(h => Is(kind, h));
        var mail = happening switch
        {
            Happening.Mailed mailed => await mails.WriteAsync(
                language is null ? mailed : mailed with { Person = mailed.Person with { Language = language } },
                ct
            ),
            Happening.OperatorMailed told => await mails.WriteAsync(told, ct),
            _ => throw new InvalidOperationException($"No mail is {happening.GetType().Name}."),
        };
        folder.Call(mail.Subject);
    }

    private static bool Is(PreviewKind kind, Happening happening) =>
        (kind, happening) switch
        {
            (PreviewKind.Operator, Happening.OperatorMailed) => true,
            (PreviewKind.Welcome, Happening.Mailed { Kind: MailKind.Digest, LastDigestAt: null }) => true,
            (PreviewKind.Digest, Happening.Mailed { Kind: MailKind.Digest, LastDigestAt: not null } mail) =>
                mail.Orders.Any(o => o.Verdict.Due is not null) && mail.Orders.Any(o => o.Verdict.Due is null),
            (PreviewKind.Weekly, Happening.Mailed { Kind: MailKind.Digest, LastDigestAt: not null } mail) =>
                mail.Notices.Count == 0 && mail.Orders.All(IsAsItWas),
            (PreviewKind.Alert, Happening.Mailed { Kind: MailKind.Alert } mail) => mail.Notices.Any(n =>
                n.Draft.Step == Step.OpenDispute
            ),
            (PreviewKind.Delivered, Happening.Mailed mail) => Tells(
                mail,
                ReasonCode.Delivered,
                ReasonCode.DeliveredUnseen
            ),
            (PreviewKind.MovingAgain, Happening.Mailed mail) => Tells(mail, ReasonCode.MovingAgain),
            _ => false,
        };

    private static bool IsAsItWas(ShownOrder order) =>
        order.Verdict.Due is null
        && order.Parcels.All(p =>
            MailSections.AtLastDigest(p.AtLastDigest, p.Events, p.View) == new ParcelState(p.View.Status, p.View.Leg)
        );

    private static bool Tells(Happening.Mailed mail, params ReasonCode[] codes) =>
        mail.Notices.Any(n => codes.Contains(n.Draft.Reason.Code));

    private JourneyScript Read()
    {
        using var stream = typeof(SamplePreviews).Assembly.GetManifestResourceStream(Script)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var problems = new Problems();
        var context = OrdersDesk.Context(settings, DateTimeOffset.MinValue) with { TimeZone = "Etc/UTC", Today = null };
        return ScriptReader.Read(Script, bytes.ToArray(), context, problems)
            ?? throw new InvalidOperationException(
                $"The sample has errors: {string.Join('\n', problems.All.Select(p => p.ToString()))}"
            );
    }
}
