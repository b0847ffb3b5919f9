using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Custom;

/// <summary>A source as its settings describe it, ready to be read by.</summary>
/// <param name="Meanings">By code in normal form.</param>
internal sealed record CustomSource(CustomSettings Settings, FrozenDictionary<string, CustomMeaning> Meanings)
{
    public static CustomSource Of(CustomSettings settings) =>
        new(settings, settings.StatusMap.ToFrozenDictionary(m => CustomReading.Normal(m.Key), m => m.Value));
}

/// <summary>Any carrier's JSON API, asked and read by its settings alone (facts.md). One number per question.</summary>
internal sealed partial class CustomProvider : ITrackingProvider, IDisposable
{
    private const int CodesRemembered = 1000;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly CustomSettings _settings;
    private readonly CustomSource _source;
    private readonly HttpAsking _asking;
    private readonly Regex? _pattern;
    private readonly ConcurrentDictionary<string, byte> _unknownCodes = new();
    private readonly ILogger<CustomProvider> _logger;

    /// <param name="settings">Free of errors (<see cref="CustomChecks"/>).</param>
    public CustomProvider(string id, CustomSettings settings, TimeProvider clock, ILogger<CustomProvider> logger)
    {
        Id = id;
        _settings = settings;
        _source = CustomSource.Of(settings);
        _asking = new(settings.AnswerWithin, clock, publicOnly: !settings.AllowPrivate);
        _pattern = settings.Numbers?.Pattern is { } pattern
            ? new($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)
            : null;
        _logger = logger;
        Limits = ProviderLimits.Of(settings, batchSize: 1);
    }

    public string Id { get; }

    public ProviderLimits Limits { get; }

    public bool Covers(string number, NumberVerdict verdict, string? carrier)
    {
        if (carrier == Id)
            return true;
        if (_settings.Numbers is not { } numbers)
            return false;
        return numbers.Prefixes.Any(p => number.StartsWith(p, StringComparison.OrdinalIgnoreCase))
            || (carrier is not null && numbers.Carriers.Contains(carrier))
            || verdict.IsLikely([.. numbers.Carriers])
            || _pattern?.IsMatch(number) == true;
    }

    public string CoverKey =>
        _settings.Numbers is { } numbers
            ? $"({string.Join(' ', [.. numbers.Prefixes, .. numbers.Carriers])} {_pattern})"
            : "";

    public Uri? PageOf(string number) => CarrierPages.Fill(_settings.Page, number);

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var question = questions[0];
        // Nothing to ask with: the reading says what is missing.
        if (CustomRequest.Missing(_settings, question) is not null)
            return Entry(question, "{}"u8.ToArray()) with { Requests = 0 };
        using var request = CustomRequest.For(_settings, question);
        return await _asking.AskAsync(request, ct) switch
        {
            HttpAnswer.Answered answer => Reply(answer, question),
            HttpAnswer.NoAnswer none => new ProviderReply.Trouble(new PollOutcome.Failed(none.Why)),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }

    public async Task<PollOutcome?> TryAsync(CancellationToken ct)
    {
        // Whatever the templates want besides the number is there.
        var question = new PollQuestion("RR473124829GB", DateTimeOffset.UnixEpoch, Country: "GB", Postcode: "EC1A 1BB");
        return await AskAsync([question], ct) is ProviderReply.Trouble trouble ? trouble.Outcome : null;
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        var reading = CustomReading.Of(entry, _source, question, askedAt);
        foreach (var code in reading.UnknownCodes)
            if (_unknownCodes.Count < CodesRemembered && _unknownCodes.TryAdd(code, 0))
                UnknownCode(Id, code, question.Number);
        if (reading.UnreadableEvents > 0)
            UnreadableEvents(reading.UnreadableEvents, question.Number, Id);
        return reading.Outcome;
    }

    public string Keep(ReadOnlyMemory<byte> entry) => PersonalFields.WithoutLikely(entry);

    public void Dispose() => _asking.Dispose();

    private ProviderReply Reply(HttpAnswer.Answered answer, PollQuestion question)
    {
        var body = answer.Body.Span.StartsWith(ByteOrderMark) ? answer.Body[ByteOrderMark.Length..] : answer.Body;
        // A page with a 404 is a wrong address, not a number that nobody knows.
        if (_settings.NotFound.Any(rule => rule.Http.Contains(answer.Status)) && (body.IsEmpty || IsJson(body)))
            return Entry(question, CustomReading.NotKnown);
        if (answer.Trouble() is { } trouble)
            return new ProviderReply.Trouble(trouble, answer.Status);
        if (body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..])
            return new ProviderReply.Trouble(
                new PollOutcome.Blocked("The source shows a page where data was due."),
                answer.Status
            );
        return IsJson(body)
            ? Entry(question, body)
            : new ProviderReply.Trouble(new PollOutcome.Failed("The answer is no complete JSON."), answer.Status);
    }

    private static ProviderReply.Entries Entry(PollQuestion question, ReadOnlyMemory<byte> entry) =>
        new(new Dictionary<string, ReadOnlyMemory<byte>> { [question.Number] = entry });

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [LoggerMessage(
        230,
        LogLevel.Warning,
        "{Source} uses a code that its status_map does not have: {Code} (first seen at {Number}). The event is kept; the parcel keeps its status."
    )]
    private partial void UnknownCode(string source, string code, string number);

    [LoggerMessage(
        231,
        LogLevel.Warning,
        "{Count} event(s) of {Number} at {Source} were left out: they carry no time that can be read"
    )]
    private partial void UnreadableEvents(int count, string number, string source);
}
