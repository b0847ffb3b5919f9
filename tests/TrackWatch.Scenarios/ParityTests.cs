using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Scenarios;

/// <summary>What is simulated over lists is what the rooms do over PostgreSQL.</summary>
public sealed class ParityTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Journeys");

    public static TheoryData<string> Journeys =>
        new(Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order());

    [Theory]
    [MemberData(nameof(Journeys))]
    public async Task A_journey_brings_the_mails_it_expects_simulated_and_through_the_rooms(string journey)
    {
        var yaml = await File.ReadAllTextAsync(Path.Combine(Folder, journey));
        await using var world = await World.OpenAsync(yaml);
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

        var happened = simulation.Run(script.Until.AddTicks(-1), script.Until).ToList();

        var sent = (await world.SentAsync()).Select(s =>
            $"{s.Day:yyyy-MM-dd} {s.Kind} {s.Person} {s.Order} {s.Step} {(s.Order is null ? s.Instance.Split('/')[0] : s.Instance)}"
        );
        happened.SelectMany(Notices).Order().ShouldBe(sent.Order());
        // Digests without news are mails too.
        happened.Count(h => h is not Happening.Decided).ShouldBe(world.Mails.Count);
        var (expected, came) = await world.CompareAsync();
        came.Order().ShouldBe(expected.Order());
    }

    private static IEnumerable<string> Notices(Happening happening) =>
        happening switch
        {
            Happening.Mailed mailed => mailed.Notices.Select(n =>
                $"{Days.In(Zones.Of(mailed.Person), mailed.At):yyyy-MM-dd} {mailed.Kind} {mailed.Person.Id} {n.Order} {n.Draft.Step?.Id()} {n.Draft.Instance}".Replace(
                    mailed.Kind.ToString(),
                    mailed.Kind.ToString().ToLowerInvariant(),
                    StringComparison.Ordinal
                )
            ),
            Happening.OperatorMailed told => told.News.Select(n =>
                $"{Days.In(TimeZoneInfo.Utc, told.At):yyyy-MM-dd} operator operator   source-{n.Kind.ToString().ToLowerInvariant()}"
            ),
            _ => [],
        };
}
