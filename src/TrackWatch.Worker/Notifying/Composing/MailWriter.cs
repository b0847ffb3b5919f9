using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using TrackWatch.Domain;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing.Pages;
using TrackWatch.Worker.Notifying.Composing.Stories;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>Puts facts into words: subject, HTML and plain text, in the reader's language.</summary>
internal sealed class MailWriter(LanguageFiles languages, IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>Both parts as they travel: Gmail cuts a mail off at 102 KB.</summary>
    private const int LargestMail = 98_000;

    private const int LongestSubject = 160;

    /// <summary>The subject alone, at a small part of the cost.</summary>
    public string SubjectOf(MailContent content) => Shorten(Tell(content, WordsOf(content), new Detail(0, 0))).Subject;

    public async Task<WrittenMail> WriteAsync(MailContent content)
    {
        var words = WordsOf(content);
        // The more orders, the less of each: what a client cuts off would be whole orders.
        for (var detail = Detail.Everything(content.Orders.Count); ; )
        {
            var mail = await WriteAsync(Tell(content, words, detail));
            if (MimeMail.SizeOf(mail) <= LargestMail || detail.Less() is not { } less)
                return mail with
                {
                    Attachments =
                    [
                        .. content
                            .Orders.Select(o => o.Evidence?.File)
                            .Append(content.Calendar)
                            .OfType<MailAttachment>(),
                    ],
                };
            detail = less;
        }
    }

    private Words WordsOf(MailContent content) =>
        new(languages, languages.Of(content.Person.Language), Days.In(content.Zone, content.Now));

    private static Page Tell(MailContent content, Words words, Detail detail) =>
        content.Kind == MailKind.Alert
            ? AlertStory.Tell(content, words, detail)
            : DigestStory.Tell(content, words, detail);

    private static Page Shorten(Page page) =>
        page.Subject.Length <= LongestSubject
            ? page
            : page with
            {
                Subject = new ForeignText(page.Subject, LongestSubject).ToString(),
            };

    /// <param name="zone">In which moments are written; UTC where none is given.</param>
    public Task<WrittenMail> WriteOperatorAsync(
        IReadOnlyList<OperatorNews> news,
        string? language,
        DateTimeOffset now,
        TimeZoneInfo? zone = null
    )
    {
        zone ??= TimeZoneInfo.Utc;
        var words = new Words(languages, languages.Of(language), Days.In(zone, now));
        return WriteAsync(OperatorStory.Tell(news, words, zone));
    }

    /// <summary>The mail that only proves that mail arrives.</summary>
    public Task<WrittenMail> WriteTestAsync(Person person, TimeZoneInfo zone, DateTimeOffset now)
    {
        var words = new Words(languages, languages.Of(person.Language), Days.In(zone, now));
        return WriteAsync(OperatorStory.TellTest(person, words, zone, now));
    }

    private async Task<WrittenMail> WriteAsync(Page page)
    {
        page = Shorten(page);
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(
                new Dictionary<string, object?> { [nameof(MailDocument.Page)] = page }
            );
            var document = await renderer.RenderComponentAsync<MailDocument>(parameters);
            return document.ToHtmlString();
        });
        return new WrittenMail(page.Subject, html, TextPart.Of(page)) { Language = page.Language };
    }
}
