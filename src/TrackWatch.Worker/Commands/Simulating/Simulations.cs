using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>The settings, as the simulation wants them.</summary>
internal static class Simulations
{
    /// <summary>What a source wants at least that only a script knows.</summary>
    private static readonly TimeSpan UsualFloor = TimeSpan.FromHours(2);

    /// <param name="providers">Those that are switched on.</param>
    /// <param name="script">The sources that it names are there too; null = there is none.</param>
    public static SimulationRules RulesOf(
        TrackWatchSettings settings,
        RuleBook rules,
        IEnumerable<ITrackingProvider> providers,
        JourneyScript? script = null
    )
    {
        var known = providers.ToDictionary(p => p.Id);
        var offer = SourcePlanner.Offer(known.Values, settings.Polling);
        var scripted = (script?.Providers ?? []).Except(offer.Providers).ToList();
        return new(
            rules,
            settings.Assessing.Limits,
            settings.Mail.Rules,
            settings.Polling.Interval,
            known
                .ToDictionary(p => p.Key, p => p.Value.Limits.Floor)
                .Concat(scripted.Select(p => KeyValuePair.Create(p, UsualFloor)))
                .ToDictionary(),
            settings.Polling.OutageAfter,
            offer with
            {
                Providers = [.. offer.Providers, .. scripted],
                Covers = (provider, number, verdict, carrier) =>
                    known.ContainsKey(provider)
                        ? offer.Covers(provider, number, verdict, carrier)
                        : script?.Covers(provider, number) == true,
            }
        );
    }

    /// <summary>With what own history has taught.</summary>
    public static async Task<SimulationRules> RulesAsync(Session session, CancellationToken ct)
    {
        var settings = session.Loaded.Settings;
        await using var db = await session.OpenDbAsync(ct);
        return RulesOf(settings, session.Get<RuleBook>(), session.Get<IEnumerable<ITrackingProvider>>()) with
        {
            Learned = await LearnedLanes.LoadAsync(db, null, settings.Assessing.LearnAfter, ct),
        };
    }
}
