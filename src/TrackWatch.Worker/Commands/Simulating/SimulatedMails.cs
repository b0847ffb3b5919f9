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
    MailSections sections,
    MailCalendar calendar,
    Postmark postmark,
    LanguageFiles languages,
    TrackWatchSettings settings,
    IReadOnlyList<Person> people,
    IMailTransport? folder
)
{
    /// <summary>Message-IDs by person and thread, oldest first.</summary>
    private readonly Dictionary<(string Person, string Thread), List<string>> threads = [];

    /// <summary>What each person's calendar was given.</summary>
    private readonly Dictionary<string, Dictionary<(string Order, string Name), CalendarEvent>> calendars = [];

    /// <summary>Answers to mails that were never sent are worth nothing.</summary>
    private static readonly byte[] NobodysKey = new byte[32];

    /// <summary>The mail that told of a source's last silence.</summary>
    private readonly Dictionary<string, string> silences = [];

    /// <param name="isShown">A mail that nobody wants to see is not written; those that answer it know it all the same.</param>
    /// <returns>Null where it is not shown.</returns>
    public async Task<SimulatedMail?> WriteAsync(Happening.Mailed mail, bool isShown, CancellationToken ct)
    {
        var zone = Zones.Of(mail.Person);
        var identity = MailPlanner.Identity(
            mail.Kind,
            mail.Person.Id,
            mail.Notices.Select(n => Outbox.KeyOf(mail.Person.Id, n.Order, n.Draft.Instance)),
            mail.At
        );
        var earlier = ThreadOf(mail);
        var references = MailThread.References(earlier);
        earlier.Add(postmark.IdOf(mail.Kind.ToString(), identity, mail.Person));
        // Nobody reads a calendar that is not written, and to look ahead takes time.
        if (!isShown && folder is null)
            return null;
        var tag = postmark.TagOf(identity, mail.Person);
        var content = ContentOf(mail) with
        {
            Reply = ReplyLinks.Of(settings.Mail.Replies, NobodysKey, tag, mail.Person, mail.At),
        };
        if (folder is not null)
            content = WithCalendar(content, mail);
        if (!isShown)
            return null;
        var (id, subject) = await WriteAsync(
            mail.Kind.ToString(),
            identity,
            mail.Person,
            mail.At,
            references,
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
        if (mail.MailsHeldOn is { } day)
            news.Add(
                (
                    new OperatorNews.MailsHeld(day, settings.Mail.TotalCap),
                    MailPlanner.HeldInstance(day),
                    "As many mails went out as mail.total_cap allows in a day."
                )
            );
        var written = await writer.WriteOperatorAsync([.. news.Select(n => n.News)], person.Language, mail.At);
        var (id, subject) = await WriteAsync(
            Outbox.Operator,
            string.Join('\n', news.Select(n => $"{Outbox.Operator}/{n.Instance}").Order(StringComparer.Ordinal)),
            person,
            mail.At,
            [
                .. mail
                    .News.Where(n => n.Kind == OutageNews.Back)
                    .Select(n => silences.GetValueOrDefault(n.Provider))
                    .OfType<string>()
                    .Distinct(),
            ],
            folder is null ? null : () => Task.FromResult(written),
            () => written.Subject,
            ct
        );
        foreach (var silent in mail.News.Where(n => n.Kind == OutageNews.Silent))
            silences[silent.Provider] = id;
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
        IReadOnlyList<string> references,
        Func<Task<WrittenMail>>? inFull,
        Func<string> subject,
        CancellationToken ct
    )
    {
        if (inFull is null || folder is null)
            return (postmark.IdOf(kind, identity, person), subject());
        var row = postmark.Compose(kind, identity, person, Zones.Of(person), await inFull(), at, references);
        var laid = await folder.SendAsync(
            new OutgoingMail(row.MessageId, row.Sender, row.Recipients, row.Body) { Subject = row.Subject },
            ct
        );
        return laid is Delivery.Accepted
            ? (row.MessageId, row.Subject)
            : throw new CommandException(ExitCode.Unreachable, laid.Reply);
    }

    private List<string> ThreadOf(Happening.Mailed mail)
    {
        var key = (mail.Person.Id, MailThread.Of(mail.Kind, mail.Orders.Select(o => o.Snapshot).FirstOrDefault()));
        return threads.TryGetValue(key, out var thread) ? thread : threads[key] = [];
    }

    private MailContent ContentOf(Happening.Mailed mail) =>
        sections.ContentOf(
            mail.Kind,
            mail.Person,
            mail.Orders,
            mail.Notices,
            [
                .. mail.Silent.Select(s => new SourceTrouble(
                    s.Key,
                    s.Value.Trouble?.Trouble ?? "",
                    s.Value.LastSuccessAt
                )),
            ],
            mail.At,
            mail.LastDigestAt
        );

    private MailContent WithCalendar(MailContent content, Happening.Mailed mail)
    {
        if (!calendars.TryGetValue(mail.Person.Id, out var given))
            calendars[mail.Person.Id] = given = [];
        var (attached, changed) = calendar.Attach(content, mail.Mine, [.. given.Values], _ => (0, mail.At));
        foreach (var e in changed)
            given[(e.Order, e.Name)] = e;
        return attached;
    }

    private static (OperatorNews News, string Instance, string Reason) NewsOf(SourceNews news) =>
        news.Kind == OutageNews.Silent
            ? (
                new OperatorNews.SourceSilent(
                    news.Provider,
                    news.Health.LastSuccessAt,
                    $"{news.Health.Trouble?.Kind}: {news.Health.Trouble?.Trouble}",
                    news.Shipments
                ),
                $"{SourceWatch.SilentInstance(news.Provider)}{news.Since.UtcTicks}",
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
