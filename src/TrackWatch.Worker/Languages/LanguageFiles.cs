using System.Diagnostics.Metrics;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace TrackWatch.Worker.Languages;

/// <summary>The language files built into the program.</summary>
internal sealed partial class LanguageFiles
{
    public const string Fallback = "en";
    private const string Prefix = "Languages/";

    private readonly Dictionary<string, Language> languages;
    private readonly ILogger<LanguageFiles> logger;
    private readonly Counter<long> missing;

    public LanguageFiles(ILogger<LanguageFiles> logger, IMeterFactory meters)
    {
        this.logger = logger;
        missing = meters
            .Create("TrackWatch")
            .CreateCounter<long>("trackwatch.words.missing", description: "Texts that a language file does not have");
        languages = Names().Select(Read).ToDictionary(l => l.Tag, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The BCP 47 tags that there is a file for.</summary>
    public static IReadOnlyCollection<string> Tags { get; } = [.. Names().Select(TagOf)];

    public IReadOnlyCollection<Language> All => languages.Values;

    /// <summary>The language of a BCP 47 tag; English where there is no file.</summary>
    public Language Of(string? tag) => languages[Closest(tag, languages.Keys) ?? Fallback];

    /// <summary>Which of some languages a reader of another tag understands: <c>tr</c> for <c>tr-TR</c>, <c>pt-BR</c> for
    /// <c>pt</c> or <c>pt-PT</c>; null where none.</summary>
    public static string? Closest(string? tag, IEnumerable<string> among)
    {
        if (string.IsNullOrEmpty(tag))
            return null;
        for (var name = tag; name.Length > 0; name = Parent(name))
        {
            if (among.FirstOrDefault(t => t.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } same)
                return same;
        }
        return among.FirstOrDefault(t => Spoken(t).Equals(Spoken(tag), StringComparison.OrdinalIgnoreCase));

        static string Parent(string name) => name.LastIndexOf('-') is var cut and > 0 ? name[..cut] : "";
        static string Spoken(string name) => name.Split('-')[0];
    }

    /// <summary>A text, in English where the language lacks it.</summary>
    /// <exception cref="KeyNotFoundException">No language has it: a mistake of the program.</exception>
    public IReadOnlyList<Template> Find(Language language, string key)
    {
        if (language.Texts.TryGetValue(key, out var texts))
            return texts;
        if (!languages[Fallback].Texts.TryGetValue(key, out var english))
            throw new KeyNotFoundException($"No language file has the text '{key}'.");
        missing.Add(1, new KeyValuePair<string, object?>("language", language.Tag));
        LogMissing(language.Tag, key);
        return english;
    }

    public bool Has(Language language, string key) =>
        language.Texts.ContainsKey(key) || languages[Fallback].Texts.ContainsKey(key);

    /// <summary>A sentence was written with a blank in it: the file lacks a form that does without the value.</summary>
    public void ReportBlank(Language language, string key, string name) => LogBlank(language.Tag, key, name);

    private static IEnumerable<string> Names() =>
        typeof(LanguageFiles)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static Language Read(string resource)
    {
        using var stream = typeof(LanguageFiles).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        var yaml = new YamlStream();
        yaml.Load(reader);
        var texts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Flatten(yaml.Documents[0].RootNode, "", texts);
        var culture = (CultureInfo)CultureInfo.GetCultureInfo(texts["language.culture"][0]).Clone();
        culture.DateTimeFormat.Calendar = culture
            .OptionalCalendars.Append(culture.Calendar)
            .OfType<GregorianCalendar>()
            .First();
        return new Language(
            TagOf(resource),
            culture,
            texts
                .Where(text => !IsPattern(text.Key) && !text.Key.StartsWith(About, StringComparison.Ordinal))
                .ToDictionary(
                    text => text.Key,
                    IReadOnlyList<Template> (text) => [.. text.Value.Select(Template.Parse)]
                )
        )
        {
            Formats = texts
                .Where(text => IsPattern(text.Key))
                .ToDictionary(text => text.Key[Patterns.Length..], text => text.Value[0]),
            LettersAreDrafts = texts.TryGetValue($"{About}letters", out var state) && state[0] == "draft",
        };
    }

    private const string Patterns = "formats.";
    private const string About = "language.";

    private static string TagOf(string resource) => Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);

    private static bool IsPattern(string key) =>
        key.StartsWith(Patterns, StringComparison.Ordinal) && key != "formats.money";

    private static void Flatten(YamlNode node, string key, Dictionary<string, IReadOnlyList<string>> into)
    {
        switch (node)
        {
            case YamlMappingNode map:
                foreach (var (name, child) in map.Children)
                    Flatten(child, key.Length == 0 ? name.ToString() : $"{key}.{name}", into);
                break;
            case YamlSequenceNode list:
                into[key] = [.. list.Children.Select(child => child.ToString())];
                break;
            default:
                into[key] = [node.ToString()];
                break;
        }
    }

    [LoggerMessage(
        501,
        LogLevel.Warning,
        "The language file '{Language}' has no text '{Key}'; the English one is used. Add the key to the file."
    )]
    private partial void LogMissing(string language, string key);

    [LoggerMessage(
        502,
        LogLevel.Warning,
        "The text '{Key}' ({Language}) was written with a blank for '{Name}', which the order does not say."
    )]
    private partial void LogBlank(string language, string key, string name);
}
