using System.Text;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling;

namespace TrackWatch.Worker.Tests.Polling;

/// <summary>What every source with a key promises besides: the key goes to the source and nowhere else, and people stay out of what is kept.</summary>
public abstract class KeyedProviderContract(StubFixture fixture) : HttpProviderContract(fixture)
{
    protected const string Key = "k3y-0123456789-abcdef";
    protected const string Number = "LP00900000000011";

    /// <summary>What the tests' provider has logged.</summary>
    private protected LogLines Log { get; } = new();

    /// <summary>As the settings name the source.</summary>
    protected abstract string SettingsKey { get; }

    /// <summary>A file of a parcel in which the source names people; the words are put where it would put them.</summary>
    protected abstract string WithPeople(string file);

    protected override PollOutcomeKind? Meaning(string mode, int? arg) =>
        (mode, arg) is ("error", 401) ? PollOutcomeKind.Failed : null;

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_source_that_repeats_the_key_does_not_get_it_into_anything_kept(int status)
    {
        var echo = $$"""
            {"status":{{status}},"title":"{{Key}}","detail":"key {{Key}}","meta":{"code":4005,"message":"{{Key}}"},"errors":[{"code":"validation_error","message":"{{Key}}"}],"data":{"{{Key}}":1} }
            """;
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(echo), status: status);

        var reply = await Provider.AskAsync([Question(Number)], default);

        (await Stub.StatsAsync()).LastRequest.ShouldContain(Key);
        var kept = new StringBuilder();
        if (reply is ProviderReply.Trouble trouble)
            kept.Append(trouble.Outcome);
        else
            foreach (var (number, entry) in ((ProviderReply.Entries)reply).ByNumber)
                kept.Append(Provider.Read(Question(number), entry, AskedAt)).Append(Provider.Keep(entry));
        kept.Append(await Provider.TryAsync(default)).Append(string.Join('\n', Log.Written)).Append(Provider);
        kept.ToString().ShouldNotContain(Key);
    }

    [Fact]
    public async Task A_refused_key_says_where_to_look()
    {
        await Stub.PutBodyAsync("{}"u8.ToArray(), status: 401);

        var trouble = (await Provider.AskAsync([Question(Number)], default)).ShouldBeOfType<ProviderReply.Trouble>();

        trouble.HttpStatus.ShouldBe(401);
        trouble
            .Outcome.ShouldBeOfType<PollOutcome.Failed>()
            .Why.ShouldSatisfyAllConditions(
                why => why.ShouldContain($"providers.{SettingsKey}.key"),
                why => why.ShouldContain("refuses the key (HTTP 401)")
            );
        (await Provider.TryAsync(default)).ShouldBe(trouble.Outcome);
    }

    [Fact]
    public async Task What_a_source_says_about_people_is_not_kept()
    {
        var entries = new List<(string Number, byte[] Entry)>();
        foreach (var row in Rows().Where(row => row is { Outcome: "Ok", Events: > 0 }).Take(3))
        {
            await ServeAsync(row, Encoding.UTF8.GetBytes(WithPeople(await File.ReadAllTextAsync(Sample(row.File)))));
            var reply = await Provider.AskAsync([Question(row.Number)], default);
            entries.Add((row.Number, ((ProviderReply.Entries)reply).ByNumber[row.Number].ToArray()));
        }

        entries.Count.ShouldBe(3);
        foreach (var (number, entry) in entries)
        {
            Encoding.UTF8.GetString(entry).ShouldContain("ERIKA");
            var reading = Read(number, entry).ShouldBeOfType<PollOutcome.Ok>().Reading;
            reading.Events.ShouldNotBeEmpty();
            foreach (
                var kept in reading
                    .Events.SelectMany(e => new[] { e.Raw, e.Text, e.Place, e.Code })
                    .Append(Provider.Keep(entry))
                    .Append(reading.Summary.ToString())
            )
                kept?.ToUpperInvariant().ShouldNotContain("ERIKA");
        }
    }
}
