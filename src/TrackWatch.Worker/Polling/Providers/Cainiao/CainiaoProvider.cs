using System.Text;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

/// <summary>Cainiao's public tracking page, asked for the JSON behind it (facts.md 1). Unofficial: few questions, and no captcha is ever got round.</summary>
internal sealed class CainiaoProvider(CainiaoSettings settings, TimeProvider clock, ILogger<CainiaoProvider> logger)
    : ITrackingProvider,
        IDisposable
{
    /// <summary>What the source says about the person instead of the parcel (facts.md 1.5).</summary>
    private static readonly string[] Personal = ["receiverName", "receiverAddress", "signPictureUrl"];

    private readonly HttpAsking _asking = new(settings.AnswerWithin, clock);
    private readonly ReadingLog _log = new("Cainiao", logger);

    public string Id => ProviderIds.Cainiao;

    public ProviderLimits Limits { get; } = ProviderLimits.Of(settings, settings.BatchSize);

    public Uri? PageOf(string number) =>
        new($"https://global.cainiao.com/detail.htm?mailNoList={Uri.EscapeDataString(number)}");

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(questions));
        return await _asking.AskAsync(request, ct) switch
        {
            HttpAnswer.Answered answer => Reply(answer, questions),
            HttpAnswer.NoAnswer none => new ProviderReply.Trouble(new PollOutcome.Failed(none.Why)),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        var reading = CainiaoReading.Of(entry, askedAt);
        _log.Note(reading, question.Number);
        return reading.Outcome;
    }

    public string Keep(ReadOnlyMemory<byte> entry)
    {
        // Cut out of the text as it stands: what cannot be written anew (a name twice, half a character) is evidence too.
        var text = Encoding.UTF8.GetString(entry.Span);
        using var parcel = JsonDocument.Parse(text);
        return parcel.RootElement.ValueKind == JsonValueKind.Object
            ? $"{{{string.Join(',', parcel.RootElement.EnumerateObject().Where(field => !IsPersonal(field)))}}}"
            : text;
    }

    private static bool IsPersonal(JsonProperty field)
    {
        try
        {
            return Personal.Any(field.NameEquals);
        }
        catch (InvalidOperationException)
        {
            return false; // half a character in its name: none of those
        }
    }

    public void Dispose() => _asking.Dispose();

    // The language is fixed so that texts stay what they are (1.1).
    private Uri Address(IReadOnlyList<PollQuestion> questions) =>
        new(
            $"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/global/detail.json?mailNos="
                + $"{string.Join(',', questions.Select(q => Uri.EscapeDataString(q.Number)))}&lang=en-US"
        );

    private static ProviderReply Reply(HttpAnswer.Answered answer, IReadOnlyList<PollQuestion> questions)
    {
        if (answer.Trouble() is { } trouble)
            return new ProviderReply.Trouble(
                trouble is PollOutcome.Failed && CainiaoRefusal.ShowsCaptcha(answer.Body)
                    ? CainiaoRefusal.Captcha
                    : trouble,
                answer.Status
            );
        if (CainiaoRefusal.IsPage(answer))
            return new ProviderReply.Trouble(CainiaoRefusal.Captcha, answer.Status);
        try
        {
            var cut = BodyCutter.Cut(answer.Body, ["module", "data"], "mailNo");
            if (cut is { Entries: { } entries, Success: not false })
            {
                var asked = questions
                    .Where(q => entries.ContainsKey(q.Number))
                    .DistinctBy(q => q.Number)
                    .ToDictionary(q => q.Number, q => entries[q.Number]);
                // The marks of a captcha are not looked for in an answer to our question: "Baxia" is also a place.
                if (asked.Count > 0 || !CainiaoRefusal.ShowsCaptcha(answer.Body))
                    return new ProviderReply.Entries(asked);
            }
        }
        catch (JsonException)
        {
            // The refusal below says what it is instead.
        }
        return new ProviderReply.Trouble(CainiaoRefusal.Of(answer.Body), answer.Status);
    }
}
