using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Simulated;

namespace TrackWatch.Worker.Tests.Polling;

public sealed class SimulatedProviderTests : ProviderContract
{
    private static readonly DateTimeOffset Registered = AskedAt.AddDays(-10);

    private protected override ITrackingProvider Provider { get; } = new SimulatedProvider(new Clock(AskedAt));
    protected override IReadOnlyCollection<string> TextFields => ["standerdDesc"];

    protected override async Task<IReadOnlyList<(string Number, byte[] Entry)>> GoodEntriesAsync()
    {
        string[] numbers = ["SIMMOVING01", "SIMSILENT01", "SIMCUSTOMS01", "SIMDELIVERED01", "SIMENDING01"];
        var reply = await Provider.AskAsync([.. numbers.Select(n => new PollQuestion(n, Registered))], default);
        return [.. ((ProviderReply.Entries)reply).ByNumber.Select(e => (e.Key, e.Value.ToArray()))];
    }

    [Theory]
    [InlineData("SIMMOVING01", ParcelStatus.InTransit, Leg.LastMile, 0.6)]
    [InlineData("SIMSILENT01", ParcelStatus.InTransit, Leg.LineHaul, 16.2)]
    [InlineData("SIMCUSTOMS01", ParcelStatus.Customs, Leg.ImportCustoms, 2.3)]
    [InlineData("SIMDELIVERED01", ParcelStatus.Delivered, Leg.PickupPoint, 1)]
    [InlineData("SIMENDING01", ParcelStatus.InTransit, Leg.ImportCustoms, 10.2)]
    public async Task Each_name_tells_its_story_from_registration_on(
        string number,
        ParcelStatus status,
        Leg leg,
        double silentDays
    )
    {
        var reading = await AskAsync(number, after: TimeSpan.Zero);

        var state = History.StatusOf(reading.Events, reading.Summary);
        state.ShouldBe(new ParcelState(status, leg));
        (Registered - reading.Events[0].At).TotalDays.ShouldBe(silentDays, 0.001);
        History
            .NewestFirst(reading.Events)[0]
            .ActionNeeded.ShouldBe(number.StartsWith("SIMCUSTOMS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_moving_parcel_moves_on_as_the_clock_does_and_its_past_stays()
    {
        var before = await AskAsync("SIMMOVING77", after: TimeSpan.Zero);
        var after = await AskAsync("SIMMOVING77", after: TimeSpan.FromDays(4));

        History.StatusOf(after.Events, after.Summary).Status.ShouldBe(ParcelStatus.Delivered);
        after.Events.Skip(after.Events.Count - before.Events.Count).ShouldBe(before.Events);
    }

    [Theory]
    [InlineData("SIMTYPO01")]
    [InlineData("LP00612345678901")]
    public async Task Any_other_number_is_not_found(string number)
    {
        var question = new PollQuestion(number, Registered);
        var reply = (ProviderReply.Entries)await Provider.AskAsync([question], default);

        Provider.Read(question, reply.ByNumber[number], AskedAt).ShouldBe(PollOutcome.NotFound.Instance);
    }

    private static async Task<ParcelReading> AskAsync(string number, TimeSpan after)
    {
        var provider = new SimulatedProvider(new Clock(Registered + after));
        var question = new PollQuestion(number, Registered);
        var reply = (ProviderReply.Entries)await provider.AskAsync([question], default);
        return ((PollOutcome.Ok)provider.Read(question, reply.ByNumber[number], Registered + after)).Reading;
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
