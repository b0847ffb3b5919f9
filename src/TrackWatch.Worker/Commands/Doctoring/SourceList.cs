using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Commands.Doctoring;

/// <param name="WhyOff">Null = it is asked.</param>
internal sealed record ConfiguredSource(string Id, string? WhyOff, bool IsCustom);

/// <summary>Every source that the settings know, and why those that are off are off.</summary>
internal static class SourceList
{
    public static IReadOnlyList<ConfiguredSource> Of(ProvidersSettings settings) =>
        [
            .. settings
                .Paced()
                .Select(s =>
                    settings.Custom.ContainsKey(s.Key)
                        ? new ConfiguredSource(s.Key, WhyOff($"custom.{s.Key}", s.Value), IsCustom: true)
                        : new ConfiguredSource(s.Key, WhyOff(s.Key, s.Value), IsCustom: false)
                ),
            new("simulated", settings.Simulated.Enabled ? null : "switched off (enabled: false)", IsCustom: false),
        ];

    private static string? WhyOff(string path, PacedSettings settings) =>
        settings.IsOn() ? null
        : !settings.Enabled ? "switched off (enabled: false)"
        : $"off, for it has no key; providers.{path}.key, or "
            + $"TRACKWATCH__PROVIDERS__{path.Replace(".", "__", StringComparison.Ordinal).Replace('-', '_').ToUpperInvariant()}__KEY__FILE naming a file with it";
}
