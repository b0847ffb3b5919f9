using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Commands.Doctoring;

/// <param name="WhyOff">Null = it is asked.</param>
internal sealed record ConfiguredSource(string Id, string? WhyOff, bool IsCustom);

/// <summary>Every source that the settings know, and why those that are off are off.</summary>
internal static class SourceList
{
    public static IReadOnlyList<ConfiguredSource> Of(ProvidersSettings settings) =>
        [
            .. Shape
                .Of(typeof(ProvidersSettings))
                .Keys.Select(key => (key.Name, Settings: key.Property.GetValue(settings) as PacedSettings))
                .Where(s => s.Settings is not null)
                .Select(s => new ConfiguredSource(s.Name, WhyOff(s.Name, s.Settings!), IsCustom: false)),
            .. settings.Custom.Select(s => new ConfiguredSource(
                s.Key,
                WhyOff($"custom.{s.Key}", s.Value),
                IsCustom: true
            )),
            new("simulated", settings.Simulated.Enabled ? null : "switched off (enabled: false)", IsCustom: false),
        ];

    private static string? WhyOff(string path, PacedSettings settings) =>
        settings.IsOn() ? null
        : !settings.Enabled ? "switched off (enabled: false)"
        : $"off, for it has no key; providers.{path}.key, or "
            + $"TRACKWATCH__PROVIDERS__{path.Replace(".", "__", StringComparison.Ordinal).Replace('-', '_').ToUpperInvariant()}__KEY__FILE naming a file with it";
}
