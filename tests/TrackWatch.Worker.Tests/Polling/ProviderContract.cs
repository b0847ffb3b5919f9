using System.Text;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Polling;

namespace TrackWatch.Worker.Tests.Polling;

/// <summary>What every provider promises of <see cref="ITrackingProvider.Read"/>; a provider's tests derive from it.</summary>
public abstract class ProviderContract
{
    /// <summary>Later than every time in a sample.</summary>
    protected static readonly DateTimeOffset AskedAt = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The question about a number that the provider has been asked about before.</summary>
    private protected virtual PollQuestion Question(string number) => new(number, AskedAt.AddDays(-90));

    private protected abstract ITrackingProvider Provider { get; }

    /// <summary>Good entries with their numbers: the seeds of everything hostile below.</summary>
    protected abstract Task<IReadOnlyList<(string Number, byte[] Entry)>> GoodEntriesAsync();

    /// <summary>The fields that carry sentences for people.</summary>
    protected abstract IReadOnlyCollection<string> TextFields { get; }

    [Fact]
    public async Task The_same_entry_reads_the_same_twice()
    {
        foreach (var (number, entry) in await GoodEntriesAsync())
            Written(Read(number, entry)).ShouldBe(Written(Read(number, entry)), number);
    }

    [Fact]
    public async Task Other_words_in_the_texts_change_no_status_and_no_event()
    {
        foreach (var (number, entry) in await GoodEntriesAsync())
        {
            var reworded = JsonNode.Parse(entry)!;
            foreach (var (parent, name) in Fields(reworded).Where(f => TextFields.Contains(f.Name)).ToList())
                parent[name] = "Başka sözler 别的话";

            var before = Read(number, entry).ShouldBeOfType<PollOutcome.Ok>(number).Reading;
            var after = Read(number, Bytes(reworded)).ShouldBeOfType<PollOutcome.Ok>(number).Reading;

            History
                .StatusOf(after.Events, after.Summary)
                .ShouldBe(History.StatusOf(before.Events, before.Summary), number);
            after
                .Events.Select(e => (e.Code, e.TimeAsSent))
                .ShouldBe(before.Events.Select(e => (e.Code, e.TimeAsSent)));
        }
    }

    [Fact]
    public async Task A_value_of_the_wrong_kind_in_any_field_fails_nothing_else()
    {
        string[] wrong =
        [
            "null",
            "true",
            "-1",
            "1e308",
            "\"\"",
            "\"?\"",
            "[]",
            "{}",
            "[[null]]",
            "\"\\u0000a\\u0007\"",
            "\"\\ud800\"",
            "99999999999999999999",
        ];
        foreach (var (number, entry) in await GoodEntriesAsync())
        {
            var count = Fields(JsonNode.Parse(entry)!).Count();
            for (var i = 0; i < count; i++)
            {
                // The event at hand and the parcel's head may suffer; what stands elsewhere in the history may not.
                foreach (var value in wrong)
                {
                    var spoilt = JsonNode.Parse(entry)!;
                    var (parent, name) = Fields(spoilt).ElementAt(i);
                    parent[name] = "SPOIL-HERE";
                    var bytes = Encoding.UTF8.GetBytes(spoilt.ToJsonString().Replace("\"SPOIL-HERE\"", value));
                    ShouldBeFitForStorage(Read(number, bytes));
                }
            }
        }
    }

    [Fact]
    public async Task Truncated_entries_fail_and_never_throw()
    {
        var random = new Random(20261122);
        foreach (var (number, entry) in await GoodEntriesAsync())
            for (var i = 0; i < 50; i++)
                Read(number, entry[..random.Next(entry.Length)]).ShouldBeOfType<PollOutcome.Failed>();
    }

    [Fact]
    public async Task Damaged_bytes_never_throw()
    {
        var random = new Random(20261122);
        foreach (var (number, entry) in await GoodEntriesAsync())
            for (var i = 0; i < 200; i++)
            {
                var damaged = entry.ToArray();
                for (var n = random.Next(1, 6); n > 0; n--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                ShouldBeFitForStorage(Read(number, damaged));
            }
        for (var i = 0; i < 200; i++)
        {
            var noise = new byte[random.Next(2000)];
            random.NextBytes(noise);
            Read("LP00900000000011", noise).ShouldBeOfType<PollOutcome.Failed>();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"a\":\"\\ud800\"")]
    public void An_entry_that_is_no_object_failed(string entry) =>
        Read("LP00900000000011", Encoding.UTF8.GetBytes(entry)).ShouldBeOfType<PollOutcome.Failed>();

    [Fact]
    public void Deep_nesting_failed_and_does_not_throw()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"detailList\":[", 100_000));

        Read("LP00900000000011", Encoding.UTF8.GetBytes(deep)).ShouldBeOfType<PollOutcome.Failed>();
    }

    [Fact]
    public async Task Events_come_newest_first_with_a_time_that_was_sent_and_no_time_to_come()
    {
        foreach (var (number, entry) in await GoodEntriesAsync())
        {
            var events = Read(number, entry).ShouldBeOfType<PollOutcome.Ok>(number).Reading.Events;
            events.Select(e => e.Wall).ShouldBeInOrder(SortDirection.Descending, number);
            events.ShouldAllBe(e => e.TimeAsSent.Length > 0 && e.Wall.Kind == DateTimeKind.Unspecified);
            events.ShouldAllBe(e => e.At.Offset == TimeSpan.Zero && e.At <= AskedAt.AddHours(1));
        }
    }

    private protected PollOutcome Read(string number, byte[] entry) => Provider.Read(Question(number), entry, AskedAt);

    protected static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    /// <summary>PostgreSQL takes no NUL in a text and no half characters; JSON kept must be JSON.</summary>
    private static void ShouldBeFitForStorage(PollOutcome outcome)
    {
        if (outcome is not PollOutcome.Ok ok)
            return;
        foreach (var e in ok.Reading.Events)
        {
            JsonNode.Parse(e.Raw).ShouldNotBeNull();
            var texts = string.Concat(e.Code, e.TimeAsSent, e.Place, e.Text, e.Raw);
            texts.ShouldNotContain('\0');
            Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(texts));
        }
    }

    /// <summary>Values, not references: records with lists compare their lists by reference.</summary>
    private static string Written(PollOutcome outcome) =>
        outcome is PollOutcome.Ok ok
            ? $"{ok.Reading.Summary}\n{string.Join('\n', ok.Reading.Events)}"
            : outcome.ToString();

    private static IEnumerable<(JsonObject Parent, string Name)> Fields(JsonNode? json) =>
        json switch
        {
            JsonObject parent => parent.SelectMany(field => Fields(field.Value).Prepend((parent, field.Key))),
            JsonArray list => list.SelectMany(Fields),
            _ => [],
        };
}
