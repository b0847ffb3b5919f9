using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Registering;

/// <summary>What the meaning of an orders file depends on beside the file.</summary>
internal sealed record OrdersContext
{
    /// <summary>IANA zone of people who name none.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>The current day, for warnings about days that are over; null = none are given.</summary>
    public DateOnly? Today { get; init; }

    /// <summary>Ids that <c>provider:</c> may name.</summary>
    public IReadOnlyCollection<string> Providers { get; init; } = ProvidersSettings.BuiltIn;

    /// <summary>Marketplaces that rules are known for; others get a warning. Empty = none is given.</summary>
    public IReadOnlyCollection<string> Marketplaces { get; init; } = [];

    /// <summary>Languages that mails are translated to; others get a warning.</summary>
    public IReadOnlyCollection<string> Languages { get; init; } = LanguageFiles.Tags;

    /// <summary>A warning about a number in normal form (a wrong check digit); null where it looks right.</summary>
    public Func<string, string?> DoubtAboutNumber { get; init; } = _ => null;
}
