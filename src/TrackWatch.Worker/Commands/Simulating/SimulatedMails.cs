using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>A mail as it would go out.</summary>
/// <param name="Id">Its Message-ID.</param>
/// <param name="Wall">The moment on the person's clock.</param>
/// <param name="Kind">alert, digest or operator.</param>
/// <param name="Lines">What it tells; a digest may tell nothing new.</param>
internal sealed record SimulatedMail(
    string Id,
    DateTimeOffset At,
    DateTime Wall,
    string Kind,
    string Person,
    string Subject,
    IReadOnlyList<SimulatedLine> Lines
)
{
    public DateOnly Day => DateOnly.FromDateTime(Wall);
}

/// <param name="Deadline">Which last day it warns of; null = it is no warning.</param>
/// <param name="Reason">In English.</param>
/// <param name="Why">The reason's own word, as scripts write it; null for what is told to the operator.</param>
internal sealed record SimulatedLine(
    string? Order,
    string? Step,
    string? Deadline,
    DateOnly? DoBy,
    string Reason,
    string Instance,
    string? Why = null
);

/// <summary>Puts simulated mails into the words, and if wanted into the bytes, that the worker would send.</summary>
/// <param name="folder">Where the mails are written; null = nowhere.</param>
internal sealed class SimulatedMails(
    MailWriter writer,
    Postmark postmark,
    TrackingPage page,
    LanguageFiles languages,
    TrackWatchSettings settings,
    RuleBook rules,
    IReadOnlyList<Person> people,
    IMailTransport? folder
)
{
    /// <summary>Seals the links of mails that nobody can answer.</summary>
    private static readonly byte[] NoKey = new byte[32];

    public async Task<SimulatedMail> WriteAsync(Happening.Mailed mail, CancellationToken ct)
    {
        var zone = Zones.Of(mail.Person);
        var identity = MailPlanner.Identity(
            mail.Kind,
            mail.Person.Id,
            mail.Notices.Select(n => Outbox.KeyOf(mail.Person.Id, n.Order, n.Draft.Instance)),
            mail.At
        );
        var content = ContentOf(mail, zone) with
        {
            Reply = ReplyLinks.Of(
                settings.Mail.Replies,
                NoKey,
                postmark.TagOf(identity, mail.Person),
                mail.Person,
                mail.At
            ),
        };
        var (id, subject) = await WriteAsync(
            mail.Kind.ToString(),
            identity,
            mail.Person,
            mail.At,
            folder is null ? null : () => writer.WriteAsync(content),
            () => writer.SubjectOf(content),
            ct
        );
        var says = new Sayings(languages, zone, mail.At);
        return new SimulatedMail(
            id,
            mail.At,
            TimeZoneInfo.ConvertTime(mail.At, zone).DateTime,
            mail.Kind.Id(),
            mail.Person.Id,
            subject,
            [
                .. mail.Notices.Select(n => new SimulatedLine(
                    n.Order,
                    n.Draft.Step?.Id(),
                    n.Draft.Kind == NoticeKind.Deadline ? DeadlineOf(n.Draft.Instance) : null,
                    n.Draft.DoBy,
                    says.Why(n.Draft.Reason, n.Draft.Shipment),
                    n.Draft.Instance,
                    ValueForms.Word(n.Draft.Reason.Code)
                )),
            ]
        );
    }

    public async Task<SimulatedMail> WriteAsync(Happening.OperatorMailed mail, CancellationToken ct)
    {
        var person = MailSections.OperatorAmong(people, settings) ?? new Person { Id = Outbox.Operator, Email = "" };
        var news = mail.News.Select(NewsOf).ToList();
        var written = await writer.WriteOperatorAsync([.. news.Select(n => n.News)], person.Language, mail.At);
        var (id, subject) = await WriteAsync(
            Outbox.Operator,
            string.Join('\n', news.Select(n => $"{Outbox.Operator}/{n.Instance}").Order(StringComparer.Ordinal)),
            person,
            mail.At,
            folder is null ? null : () => Task.FromResult(written),
            () => written.Subject,
            ct
        );
        return new SimulatedMail(
            id,
            mail.At,
            TimeZoneInfo.ConvertTime(mail.At, Zones.Of(person)).DateTime,
            Outbox.Operator,
            Outbox.Operator,
            subject,
            [.. news.Select(n => new SimulatedLine(null, null, null, null, n.Reason, n.Instance))]
        );
    }

    private async Task<(string Id, string Subject)> WriteAsync(
        string kind,
        string identity,
        Person person,
        DateTimeOffset at,
        Func<Task<WrittenMail>>? inFull,
        Func<string> subject,
        CancellationToken ct
    )
    {
        if (inFull is null || folder is null)
            return (postmark.IdOf(kind, identity, person), subject());
        var row = postmark.Compose(kind, identity, person, Zones.Of(person), await inFull(), at);
        var laid = await folder.SendAsync(new OutgoingMail(row.MessageId, row.Sender, row.Recipients, row.Body), ct);
        return laid is Delivery.Accepted
            ? (row.MessageId, row.Subject)
            : throw new CommandException(ExitCode.Unreachable, laid.Reply);
    }

    private MailContent ContentOf(Happening.Mailed mail, TimeZoneInfo zone)
    {
        var told = mail.Notices.ToLookup(n => n.Order, n => n.Draft);
        return new MailContent(
            mail.Kind,
            mail.Person,
            zone,
            [
                .. mail.Orders.Select(o => new OrderSection(
                    o.Snapshot.Order,
                    o.Snapshot.Facts,
                    o.Verdict,
                    [
                        .. o.Parcels.Select(p =>
                            MailSections.Section(
                                p.View,
                                p.Summary,
                                p.Provider,
                                LinesOf(p.Events),
                                page,
                                o.Snapshot.Order,
                                settings
                            )
                        ),
                    ],
                    MailOrders.InOrder(told[o.Snapshot.Order.Id])
                )),
            ],
            [
                .. mail.Silent.Select(s => new SourceTrouble(
                    s.Key,
                    s.Value.Trouble?.Trouble ?? "",
                    s.Value.LastSuccessAt
                )),
            ],
            rules,
            mail.At
        );
    }

    private static IEnumerable<HistoryLine> LinesOf(IEnumerable<ReportedEvent> events) =>
        History
            .United(events)
            .Take(MailSections.HistoryLines)
            .Select(e => new HistoryLine(e.Wall, e.Status, e.Leg, e.Place, e.Text));

    private static (OperatorNews News, string Instance, string Reason) NewsOf(SourceNews news) =>
        news.Kind == OutageNews.Silent
            ? (
                new OperatorNews.SourceSilent(
                    news.Provider,
                    news.Health.LastSuccessAt,
                    $"{news.Health.Trouble?.Kind}: {news.Health.Trouble?.Trouble}",
                    news.Shipments
                ),
                $"source-silent/{news.Provider}/{news.Since.UtcTicks}",
                $"{news.Provider} has not answered since {JsonOutput.Utc(news.Since)}."
            )
            : (
                new OperatorNews.SourceBack(news.Provider, news.Since),
                $"source-back/{news.Provider}/{news.Since.UtcTicks}",
                $"{news.Provider} answers again."
            );

    /// <summary>The part of the instance that names the last day: <c>deadline/protection/2026-11-28/7</c>.</summary>
    private static string DeadlineOf(string instance) => instance.Split('/') is [_, var name, ..] ? name : instance;
}
