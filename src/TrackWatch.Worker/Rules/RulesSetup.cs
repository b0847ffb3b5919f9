using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Rules;

internal static partial class RulesSetup
{
    /// <summary>The rules of the outside world, read once.</summary>
    public static IServiceCollection AddRules(this IServiceCollection services, TrackWatchSettings settings) =>
        services
            .AddSingleton(provider => Load(settings.Rules, provider.GetRequiredService<ILogger<RuleBook>>()))
            .AddSingleton(provider => provider.GetRequiredService<LoadedRules>().Book);

    private static LoadedRules Load(RulesSettings settings, ILogger logger)
    {
        var loaded = RuleBooks.Load(settings.Folder);
        foreach (var problem in loaded.Problems)
            Doubtful(logger, problem);
        return loaded;
    }

    [LoggerMessage(131, LogLevel.Warning, "{Problem}")]
    private static partial void Doubtful(ILogger logger, Problem problem);
}
