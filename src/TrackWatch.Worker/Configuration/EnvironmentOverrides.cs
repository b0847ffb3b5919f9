using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

/// <summary>
/// Puts <c>TRACKWATCH__SECTION__KEY</c> variables into the settings' nodes before they are bound, so that a variable is read
/// by the same rules as the file and its problems carry its name. An empty variable counts as not set.
/// </summary>
internal sealed class EnvironmentOverrides(Problems problems)
{
    public const string Prefix = "TRACKWATCH__";

    /// <summary>A secret's variable with this at its end names a file that holds it (docker and systemd credentials).</summary>
    public const string FromFile = "__FILE";

    /// <summary>One step down: a key, or any name of a map.</summary>
    private sealed record Step(string? Key)
    {
        public string InVariable => Key?.ToUpperInvariant() ?? AnyName;

        public bool Fits(string part) => Key is null ? part.Length > 0 : Fold(part) == Fold(Key);
    }

    private sealed record Setting(IReadOnlyList<Step> Path, bool Secret)
    {
        public string Variable { get; } = Prefix + string.Join("__", Path.Select(s => s.InVariable));

        public bool Fits(string[] parts) =>
            parts.Length == Path.Count && parts.Zip(Path).All(pair => pair.Second.Fits(pair.First));
    }

    /// <summary>Stands in <see cref="Variables"/> for a name that the user chooses.</summary>
    private const string AnyName = "NAME";

    private static readonly List<Setting> Settings = [.. Leaves(Shape.Of(typeof(TrackWatchSettings)), [], false)];

    private readonly Dictionary<string, string> setBy = [];

    /// <summary>The variables' names as documentation writes them: <c>TRACKWATCH__MAIL__HOST</c>.</summary>
    public static IEnumerable<string> Variables => Settings.Select(s => s.Variable);

    /// <param name="settings">The settings file's root; null where there is none. Changed in place.</param>
    /// <returns>The root with the variables in it.</returns>
    public YamlNode? Apply(YamlNode? settings, IReadOnlyDictionary<string, string> environment)
    {
        var root = settings ?? new YamlMapping(default);
        foreach (var (variable, value) in environment.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || value.Length == 0)
                continue;
            // A file that is no mapping at all has its own problem.
            if (Resolve(variable, value) is var (setting, scalar) && root is YamlMapping mapping)
                Set(mapping, setting, variable, scalar);
        }
        return root;
    }

    private (Setting, YamlScalar)? Resolve(string variable, string value)
    {
        var at = new Place(variable);
        var setting = Named(variable);
        var isFile = setting is null && variable.EndsWith(FromFile, StringComparison.OrdinalIgnoreCase);
        if (isFile && Named(variable[..^FromFile.Length]) is { Secret: true } secret)
            setting = secret;
        if (setting is null)
        {
            problems.Warning(at, "No setting has this name; the variable is not used.", Likeliest(variable));
            return null;
        }
        var target = Fold(isFile ? variable[..^FromFile.Length] : variable);
        if (!setBy.TryAdd(target, variable))
        {
            problems.Error(at, $"{setBy[target]} sets the same. Keep one of them.");
            return null;
        }
        var text = isFile ? ReadSecret(at, value) : value;
        return text is null ? null : (setting, new YamlScalar(at, text, plain: false));
    }

    /// <summary>A key stands before a name of a map that is spelt the same.</summary>
    private static Setting? Named(string variable)
    {
        var parts = Parts(variable);
        return Settings.FirstOrDefault(s => s.Fits(parts));
    }

    private static string[] Parts(string variable) => variable[Prefix.Length..].Split("__");

    private string? ReadSecret(Place at, string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
                : text.EndsWith('\n') ? text[..^1]
                : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Error(at, $"The file '{path}' that should hold the secret cannot be read: {e.Message}");
            return null;
        }
    }

    private static void Set(YamlMapping root, Setting setting, string variable, YamlScalar value)
    {
        var section = root;
        foreach (var (step, part) in setting.Path.Zip(Parts(variable)).SkipLast(1))
        {
            var name = NameIn(section, step, part);
            if (section[name] is YamlMapping inner)
                section = inner;
            else if (section[name] is null or { IsNothing: true })
            {
                var made = new YamlMapping(value.At);
                section.Set(new YamlScalar(value.At, name), made);
                section = made;
            }
            else
                return; // a section of the wrong kind; the binder says so
        }
        section.Set(
            new YamlScalar(value.At, NameIn(section, setting.Path[^1], Parts(variable)[setting.Path.Count - 1])),
            value
        );
    }

    /// <summary>
    /// The key as the file writes it. Variables know neither small letters nor hyphens: a name of a map is the one in the file
    /// that is the same but for those, else in small letters with hyphens.
    /// </summary>
    private static string NameIn(YamlMapping section, Step step, string part) =>
        step.Key
        ?? section.Entries.Select(e => e.Key.Text).FirstOrDefault(name => Fold(name.Replace('-', '_')) == Fold(part))
        ?? part.ToLowerInvariant().Replace('_', '-');

    private static string? Likeliest(string variable)
    {
        var isFile = variable.EndsWith(FromFile, StringComparison.OrdinalIgnoreCase);
        var name = isFile ? variable[..^FromFile.Length] : variable;
        var known = Settings.Where(s => !isFile || s.Secret).Select(s => s.Variable[Prefix.Length..]);
        return Spelling.Closest(name[Prefix.Length..], known) is { } near
            ? Prefix + near + (isFile ? FromFile : "")
            : null;
    }

    private static IEnumerable<Setting> Leaves(Shape shape, Step[] path, bool secret) =>
        shape switch
        {
            Shape.Object section => section.Keys.SelectMany(key =>
                Leaves(key.Shape, [.. path, new(key.Name)], key.Secret)
            ),
            Shape.Map map => Leaves(map.Item, [.. path, new Step(Key: null)], secret),
            _ => [new Setting(path, secret)],
        };

    /// <summary>Underscores and case inside a name do not matter; the double ones between names do.</summary>
    private static string Fold(string variable) =>
        string.Join(
            "__",
            variable.ToUpperInvariant().Split("__").Select(p => p.Replace("_", "", StringComparison.Ordinal))
        );
}
