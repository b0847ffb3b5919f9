using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Evidence.Pages;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>Makes an order's evidence: the record to print, the tables behind it, and the letters.</summary>
internal sealed class EvidenceMaker(LanguageFiles languages, IServiceProvider services, ILoggerFactory loggers)
{
    private static readonly (string Text, string File)[] Letters =
    [
        ("seller", "seller"),
        ("customs", "customs"),
        ("dispute", "dispute"),
        ("chargeback", "bank"),
        ("complaint", "authority"),
    ];

    /// <param name="person">Whose letters they are; the days are those of the order.</param>
    /// <param name="language">Of the record, BCP 47; null = the person's.</param>
    /// <param name="at">The instant that the record is made for; null = the newest one in the data, so that equal data gives equal bytes.</param>
    /// <exception cref="EvidenceException"><paramref name="at"/> lies before what is on record.</exception>
    public async Task<EvidencePack> MakeAsync(
        TrackWatchDb db,
        StoredOrder order,
        Person person,
        string? language,
        DateTimeOffset? at,
        CancellationToken ct
    )
    {
        var dossier = await DossierReader.ReadAsync(db, order, person, at, ct);
        var words = new Words(
            languages,
            languages.Of(language ?? person.Language),
            Days.In(dossier.Zone, dossier.AsOf)
        );
        var story = new ReportStory(dossier, words);
        return new EvidencePack(
            $"evidence-{EvidencePack.FileName(order.Row.Id)}",
            dossier.AsOf,
            [
                new EvidenceFile("README.txt", Text(ReadMe(words, words.In(person.Language), story.Heading))),
                new EvidenceFile("report.html", Encoding.UTF8.GetBytes(await RenderAsync(story.Tell()))),
                new EvidenceFile("history.csv", EvidenceTables.History(dossier)),
                new EvidenceFile("history.json", EvidenceTables.Everything(dossier)),
                new EvidenceFile("polls.csv", EvidenceTables.Polls(dossier)),
                .. LettersOf(dossier, words),
                .. dossier.Parcels.SelectMany(parcel =>
                    parcel.Answers.Select(answer => new EvidenceFile(
                        $"answers/{AnswerName(parcel, answer)}",
                        Encoding.UTF8.GetBytes(answer.Body)
                    ))
                ),
            ]
        );
    }

    /// <summary>The file in <c>answers/</c> that holds an answer.</summary>
    public static string AnswerName(ParcelRecord parcel, PayloadRow answer)
    {
        // Answers of one second are told apart by their number.
        var twins = parcel.Answers.Where(a => Second(a) == Second(answer)).ToList();
        var twin = twins.Count > 1 ? $"-{twins.IndexOf(answer) + 1}" : "";
        return $"{EvidencePack.FileName(parcel.Row.Number)}-{EvidencePack.FileName(answer.FetchedAt)}{twin}.json";

        static string Second(PayloadRow one) => EvidencePack.FileName(one.FetchedAt);
    }

    private static IEnumerable<EvidenceFile> LettersOf(Dossier dossier, Words words)
    {
        var (order, person) = (dossier.Section.Order, dossier.Person);
        var rules = new ApplicableRules(dossier.Order.Snapshot.Rules, order, person);
        var values = LetterValues.Of(dossier.Section, person, rules, null, dossier.Zone, dossier.AsOf);
        Words[] all = [words, words.In(dossier.Person.Language), words.In(LanguageFiles.Fallback)];
        foreach (var (text, file) in Letters)
        foreach (var one in all.DistinctBy(w => w.Language.Tag))
            yield return new EvidenceFile(
                $"letters/{file}.{one.Language.Tag}.txt",
                Text(one.Say($"letters.{text}.body", values))
            );
    }

    /// <param name="own">The language of the letters that are not in English.</param>
    private static string ReadMe(Words words, Words own, Values heading)
    {
        var text = words.Say("evidence.readme", heading);
        return words.Language.LettersAreDrafts || own.Language.LettersAreDrafts
            ? $"{text}\n\nletters/: {own.Say("labels.draft-letter")}"
            : text;
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes($"{text.TrimEnd('\n')}\n");

    private async Task<string> RenderAsync(Report report)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(
                new Dictionary<string, object?> { [nameof(ReportDocument.Report)] = report }
            );
            return (await renderer.RenderComponentAsync<ReportDocument>(parameters)).ToHtmlString();
        });
    }
}
