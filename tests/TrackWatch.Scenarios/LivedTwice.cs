using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Scenarios;

/// <summary>One script, once through the rooms over PostgreSQL and once simulated over lists.</summary>
internal sealed class LivedTwice : IAsyncDisposable
{
    private LivedTwice(
        World world,
        IReadOnlyList<SentNotice> sent,
        JourneyScript script,
        IReadOnlyList<Happening> happened
    )
    {
        (World, Sent, Script, Happened) = (world, sent, script, happened);
    }

    public World World { get; }
    public JourneyScript Script { get; }

    /// <summary>What the rooms mailed.</summary>
    public IReadOnlyList<SentNotice> Sent { get; }
    public IReadOnlyList<Happening> Happened { get; }

    public static async Task<LivedTwice> RunAsync(
        string yaml,
        Func<TrackWatchSettings, TrackWatchSettings>? change = null
    )
    {
        var world = await World.OpenAsync(yaml, change);
        await world.RunAsync();
        var script = Scripts.Read(yaml);
        var simulation = new Simulation(
            script.ToJourney(),
            Simulations.RulesOf(
                world.Settings,
                world.Get<RuleBook>(),
                world.Get<IEnumerable<ITrackingProvider>>(),
                script
            )
        );
        return new LivedTwice(
            world,
            await world.SentAsync(),
            script,
            [.. simulation.Run(script.Until.AddTicks(-1), script.Until)]
        );
    }

    /// <summary>Both told the same on the same days, in as many mails.</summary>
    public LivedTwice ShouldAgree()
    {
        var sent = Sent.Select(s =>
            $"{s.Day:yyyy-MM-dd} {s.Kind} {s.Person} {s.Order} {s.Step} {(s.Order is null ? s.Instance.Split('/')[0] : s.Instance)}"
        );
        Happened.SelectMany(Notices).Order().ShouldBe(sent.Order());
        // Digests without news are mails too.
        Happened.Count(h => h is not Happening.Decided).ShouldBe(World.Mails.Count);
        return this;
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private static string Kind(Happening.Mailed mailed) => mailed.Kind == MailKind.Alert ? "alert" : "digest";

    private static IEnumerable<string> Notices(Happening happening) =>
        happening switch
        {
            Happening.Mailed mailed => mailed.Notices.Select(n =>
                $"{Days.In(Zones.Of(mailed.Person), mailed.At):yyyy-MM-dd} {Kind(mailed)} {mailed.Person.Id} {n.Order} {n.Draft.Step?.Id()} {n.Draft.Instance}"
            ),
            Happening.OperatorMailed told => told
                .News.Select(n => $"source-{n.Kind.ToString().ToLowerInvariant()}")
                .Concat(told.MailsHeldOn is null ? [] : ["mails-held"])
                .Select(what => $"{Days.In(TimeZoneInfo.Utc, told.At):yyyy-MM-dd} operator operator   {what}"),
            _ => [],
        };
}
