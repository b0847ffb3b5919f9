using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>The settings, as the simulation wants them.</summary>
internal static class Simulations
{
    public static SimulationRules RulesOf(TrackWatchSettings settings, RuleBook rules) =>
        new(
            rules,
            new LevelDays(settings.Assessing.Notice, settings.Assessing.Stalled, settings.Assessing.Critical),
            new MailRules(settings.Mail.Settle, settings.Mail.DailyCap, settings.Mail.DigestAtStart),
            settings.Polling.Interval,
            new Dictionary<string, TimeSpan> { [ProviderIds.Cainiao] = settings.Providers.Cainiao.Floor },
            settings.Polling.OutageAfter,
            settings.Providers.Simulated.Enabled
        );
}
