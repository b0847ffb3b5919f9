using System.Globalization;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.TestKit.Providers;
using TrackWatch.Worker.Polling;

namespace TrackWatch.Worker.Tests.Polling;

/// <summary>One stub process for the tests of a class.</summary>
public sealed class StubFixture : IAsyncLifetime
{
    public ProviderStubProcess Stub { get; private set; } = null!;

    public async Task InitializeAsync() => Stub = await ProviderStubProcess.StartAsync();

    public Task DisposeAsync() => Stub.DisposeAsync().AsTask();
}

/// <summary>What every provider asked over HTTP promises besides: its samples and a misbehaving server in another process.</summary>
public abstract class HttpProviderContract(StubFixture fixture) : ProviderContract, IClassFixture<StubFixture>
{
    protected ProviderStubProcess Stub => fixture.Stub;

    /// <summary>A folder of <c>Samples</c> with an <c>expected.tsv</c>.</summary>
    protected abstract string SampleFolder { get; }

    protected sealed record SampleRow(
        string File,
        int Http,
        string ContentType,
        string Number,
        string Outcome,
        string Status,
        int Events,
        string Newest,
        string Remark
    );

    protected IReadOnlyList<SampleRow> Rows() =>
        [
            .. File.ReadAllLines(Sample("expected.tsv"))
                .Skip(1)
                .Select(line => line.Split('\t'))
                .Select(cell => new SampleRow(
                    cell[0],
                    int.Parse(cell[1], CultureInfo.InvariantCulture),
                    cell[2],
                    cell[3],
                    cell[4],
                    cell[5],
                    int.Parse(cell[6], CultureInfo.InvariantCulture),
                    cell[7],
                    cell[8]
                )),
        ];

    /// <summary>What a source means by a kind of trouble where it is not what the status code says; null = just that.</summary>
    protected virtual PollOutcomeKind? Meaning(string mode, int? arg) => null;

    /// <summary>What the source's documents ask for where a 429 names no time; null = nothing.</summary>
    protected virtual TimeSpan? WaitWithoutRetryAfter => null;

    /// <summary>False where an answer that does not call itself JSON is a page that stands in the way.</summary>
    protected virtual bool ReadsPlainText => true;

    /// <summary>The question that a row's answer is an answer to.</summary>
    private protected virtual PollQuestion Question(SampleRow row, string number) => Question(number);

    /// <summary>Exact duplicates collapse: the distinct events of a row, where they are fewer than those sent.</summary>
    protected virtual int DistinctEvents(SampleRow row) => row.Events;

    private protected async Task ServeAsync(SampleRow row) =>
        await ServeAsync(row, await File.ReadAllBytesAsync(Sample(row.File)));

    /// <summary>Lets the stub answer with a row's file: every question, or the one of a conversation that the file belongs to.</summary>
    private protected virtual Task ServeAsync(SampleRow row, byte[] body) =>
        Stub.PutBodyAsync(body, row.ContentType, row.Http);

    /// <summary>What a row should come to, written as outcome, status, distinct events and newest time.</summary>
    protected virtual string Expected(SampleRow row) =>
        $"{row.Outcome} {row.Status} {DistinctEvents(row)} {row.Newest}";

    protected override async Task<IReadOnlyList<(string Number, byte[] Entry)>> GoodEntriesAsync()
    {
        var entries = new List<(string, byte[])>();
        foreach (var row in Rows().Where(row => row.Outcome == "Ok").DistinctBy(row => (row.Number, row.Status)))
            if (await AskAsync(row) is ProviderReply.Entries reply)
                entries.Add((row.Number, reply.ByNumber[row.Number].ToArray()));
        entries.Count.ShouldBeGreaterThan(5);
        return entries;
    }

    [Fact]
    public async Task Every_row_of_the_samples_comes_out_as_expected()
    {
        var wrong = new List<string>();
        foreach (var row in Rows())
        {
            var expected = Expected(row);
            var actual = Told(row, await AskAsync(row));
            if (actual != expected)
                wrong.Add($"{row.File} {row.Number}: expected {expected}, but was {actual}");
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_numbers_that_were_asked_come_back()
    {
        foreach (var row in Rows().Where(row => row.Number != "*"))
            if (await AskAsync(row) is ProviderReply.Entries entries)
                entries.ByNumber.Keys.ShouldBeSubsetOf(Asked(row), row.File);
    }

    [Fact]
    public async Task An_answer_for_a_number_that_was_not_asked_is_left_out()
    {
        foreach (var row in Rows().Where(row => row.Outcome == "Ok"))
        {
            await ServeAsync(row);
            if (await Provider.AskAsync([Question("LP00900000000127")], default) is ProviderReply.Entries entries)
                entries.ByNumber.Keys.ShouldBeSubsetOf(["LP00900000000127"], row.File);
        }
    }

    [Fact]
    public async Task A_right_body_that_calls_itself_text_is_read_or_turned_down_by_rule()
    {
        var row = Rows().First(row => row.Outcome == "Ok") with { ContentType = "text/plain" };

        var reply = await AskAsync(row);

        if (ReadsPlainText)
            Told(row, reply).ShouldStartWith($"Ok {row.Status} ");
        else
            reply.ShouldBeOfType<ProviderReply.Trouble>().Outcome.Kind.ShouldBe(PollOutcomeKind.Blocked);
    }

    [Theory]
    [InlineData("block-page", null, PollOutcomeKind.Blocked)]
    [InlineData("redirect", null, PollOutcomeKind.Blocked)]
    [InlineData("error", 403, PollOutcomeKind.Blocked)]
    [InlineData("error", 401, PollOutcomeKind.Blocked)]
    [InlineData("too-many", 120, PollOutcomeKind.Throttled)]
    [InlineData("too-many", 0, PollOutcomeKind.Throttled)]
    [InlineData("error", 500, PollOutcomeKind.Failed)]
    [InlineData("error", 404, PollOutcomeKind.Failed)]
    [InlineData("truncated", null, PollOutcomeKind.Failed)]
    [InlineData("broken-off", null, PollOutcomeKind.Failed)]
    [InlineData("reset", null, PollOutcomeKind.Failed)]
    [InlineData("huge", 5, PollOutcomeKind.Failed)]
    [InlineData("bomb", 50, PollOutcomeKind.Failed)]
    [InlineData("hang", null, PollOutcomeKind.Failed)]
    [InlineData("slow", 60_000, PollOutcomeKind.Failed)]
    public async Task A_source_in_trouble_is_the_sources_trouble(string mode, int? arg, PollOutcomeKind expected)
    {
        await Stub.SetModeAsync(mode, arg);

        var trouble = (
            await Provider.AskAsync([Question("LP00900000000011")], default)
        ).ShouldBeOfType<ProviderReply.Trouble>();

        trouble.Outcome.Kind.ShouldBe(Meaning(mode, arg) ?? expected);
        trouble.Outcome.ToString().ShouldNotContain("LP00900000000011");
        if (mode is "huge" or "bomb")
            trouble.Outcome.ShouldBe(new PollOutcome.Failed("The answer is larger than 2 MiB."));
        if (trouble.Outcome is PollOutcome.Throttled throttled)
            throttled.RetryAfter.ShouldBe(arg == 0 ? WaitWithoutRetryAfter : TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task No_server_at_all_failed_in_plain_words()
    {
        var gone = await ProviderStubProcess.StartAsync();
        await gone.DisposeAsync();
        var provider = At(gone.Url);

        var trouble = (
            await provider.AskAsync([Question("LP00900000000011")], default)
        ).ShouldBeOfType<ProviderReply.Trouble>();

        trouble.Outcome.ShouldBe(
            new PollOutcome.Failed($"{gone.Url.Authority} refuses connections: nothing listens there.")
        );
    }

    [Fact]
    public async Task Whoever_asks_may_stop_waiting()
    {
        await Stub.SetModeAsync("hang");
        using var stop = new CancellationTokenSource();

        var asking = Provider.AskAsync([Question("LP00900000000011")], stop.Token);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
    }

    [Fact]
    public async Task Noise_for_a_body_never_throws()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 100; i++)
        {
            var noise = new byte[random.Next(1, 5000)];
            random.NextBytes(noise);
            await Stub.PutBodyAsync(noise);
            (await Provider.AskAsync([Question("LP00900000000011")], default)).ShouldBeOfType<ProviderReply.Trouble>();
        }
    }

    private protected abstract ITrackingProvider At(Uri url);

    private protected async Task<ProviderReply> AskAsync(SampleRow row)
    {
        await ServeAsync(row);
        return await Provider.AskAsync([.. Asked(row).Select(number => Question(row, number))], default);
    }

    protected string Sample(string file) => Path.Combine(AppContext.BaseDirectory, "Samples", SampleFolder, file);

    /// <summary>Everything the file speaks of that fits into one question, but what the row calls not asked.</summary>
    private List<string> Asked(SampleRow row) =>
        row.Number == "*" ? ["LP00900000000011"]
        : Provider.Limits.BatchSize == 1 ? [row.Number]
        : [.. Rows().Where(r => r.File == row.File && r.Outcome != "(ignored)").Select(r => r.Number)];

    private protected virtual string Told(SampleRow row, ProviderReply reply)
    {
        const string untouched = "(unchanged) 0 ";
        if (reply is ProviderReply.Trouble trouble)
            return $"{trouble.Outcome.Kind} {untouched}";
        var number = row.Number == "*" ? Asked(row)[0] : row.Number;
        var entries = (ProviderReply.Entries)reply;
        if (!entries.ByNumber.TryGetValue(number, out var entry))
            return row.Outcome == "(ignored)" ? $"(ignored) (none) {row.Events} {row.Newest}"
                : entries.Deferred.ContainsKey(number) ? $"{PutOff(entries.Memos, number)} {untouched}"
                : $"Failed {untouched}";
        return Provider.Read(Question(row, number), entry, AskedAt) switch
        {
            PollOutcome.Ok ok =>
                $"Ok {StatusOf(ok.Reading)} {ok.Reading.Events.Count} {Newest(row, ok.Reading.Events)}",
            PollOutcome.NotFound => "NotFound NotFound 0 ",
            var other => $"{other.Kind} {untouched}",
        };
    }

    /// <summary>Registered by now, to be registered anew, or not registered for want of quota.</summary>
    private static string PutOff(IReadOnlyDictionary<string, string> memos, string number) =>
        !memos.TryGetValue(number, out var memo) ? "Throttled"
        : memo.Length > 0 ? "Registered"
        : "(register first)";

    /// <summary>A source that has given a number up says so of the parcel, not of an event.</summary>
    private static ParcelStatus StatusOf(ParcelReading reading) =>
        reading.Summary.Status == ParcelStatus.Expired
            ? ParcelStatus.Expired
            : History.StatusOf(reading.Events, reading.Summary).Status;

    /// <summary>As the column has it: an instant, or a wall time of no known zone; a list with events may leave it out.</summary>
    private static string Newest(SampleRow row, IReadOnlyList<ReportedEvent> events) =>
        events.Count == 0 || row.Newest.Length == 0 ? ""
        : events[0].Quality == TimeQuality.LocalUnknown
            ? string.Create(CultureInfo.InvariantCulture, $"local {events[0].Wall:yyyy-MM-ddTHH:mm:ss}")
        : string.Create(CultureInfo.InvariantCulture, $"{events.Max(e => e.At):yyyy-MM-ddTHH:mm:ssZ}");
}
