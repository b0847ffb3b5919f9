using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>The settings, as the simulation wants them.</summary>
internal static class Simulations
{
    public static SimulationRules RulesOf(TrackWatchSettings settings, RuleBook rules) =>
        new(
            rules,
            settings.Assessing.Limits,
            new MailRules(settings.Mail.Settle, settings.Mail.DailyCap, settings.Mail.DigestAtStart),
            settings.Polling.Interval,
            new Dictionary<string, TimeSpan> { [ProviderIds.Cainiao] = settings.Providers.Cainiao.Floor },
            settings.Polling.OutageAfter,
            settings.Providers.Simulated.Enabled
        );

    /// <summary>With what own history has taught.</summary>
    public static async Task<SimulationRules> RulesAsync(Session session, CancellationToken ct)
    {
        var settings = session.Loaded.Settings;
        await using var db = await session.OpenDbAsync(ct);
        return RulesOf(settings, session.Get<RuleBook>()) with
        {
            Learned = await LearnedLanes.LoadAsync(db, null, settings.Assessing.LearnAfter, ct),
        };
    }
}
