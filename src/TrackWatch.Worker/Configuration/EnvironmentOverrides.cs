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

    private sealed record Setting(string Variable, IReadOnlyList<Shape.Key> Path);

    private static readonly Dictionary<string, Setting> Settings = Leaves(Shape.Of(typeof(TrackWatchSettings)), [])
        .ToDictionary(s => Fold(s.Variable));

    private readonly Dictionary<Setting, string> setBy = [];

    /// <summary>The variables' names as documentation writes them: <c>TRACKWATCH__MAIL__HOST</c>.</summary>
    public static IEnumerable<string> Variables => Settings.Values.Select(s => s.Variable);

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
                Set(mapping, setting.Path, scalar);
        }
        return root;
    }

    private (Setting, YamlScalar)? Resolve(string variable, string value)
    {
        var at = new Place(variable);
        var setting = Settings.GetValueOrDefault(Fold(variable));
        var isFile = setting is null && variable.EndsWith(FromFile, StringComparison.OrdinalIgnoreCase);
        if (
            isFile
            && Settings.GetValueOrDefault(Fold(variable[..^FromFile.Length])) is { } named
            && named.Path[^1].Secret
        )
            setting = named;
        if (setting is null)
        {
            problems.Warning(at, "No setting has this name; the variable is not used.", Likeliest(variable));
            return null;
        }
        if (!setBy.TryAdd(setting, variable))
        {
            problems.Error(at, $"{setBy[setting]} sets the same. Keep one of them.");
            return null;
        }
        var text = isFile ? ReadSecret(at, value) : value;
        return text is null ? null : (setting, new YamlScalar(at, text, plain: false));
    }

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

    private static void Set(YamlMapping root, IReadOnlyList<Shape.Key> path, YamlScalar value)
    {
        var section = root;
        foreach (var key in path.SkipLast(1))
        {
            if (section[key.Name] is YamlMapping inner)
                section = inner;
            else if (section[key.Name] is null or { IsNothing: true })
            {
                var made = new YamlMapping(value.At);
                section.Set(new YamlScalar(value.At, key.Name), made);
                section = made;
            }
            else
                return; // a section of the wrong kind; the binder says so
        }
        section.Set(new YamlScalar(value.At, path[^1].Name), value);
    }

    private static string? Likeliest(string variable)
    {
        var isFile = variable.EndsWith(FromFile, StringComparison.OrdinalIgnoreCase);
        var name = isFile ? variable[..^FromFile.Length] : variable;
        var known = Settings.Values.Where(s => !isFile || s.Path[^1].Secret).Select(s => s.Variable[Prefix.Length..]);
        return Spelling.Closest(name[Prefix.Length..], known) is { } near
            ? Prefix + near + (isFile ? FromFile : "")
            : null;
    }

    private static IEnumerable<Setting> Leaves(Shape.Object section, Shape.Key[] path) =>
        section.Keys.SelectMany(key =>
            key.Shape is Shape.Object inner
                ? Leaves(inner, [.. path, key])
                :
                [
                    new Setting(
                        Prefix + string.Join("__", path.Append(key).Select(k => k.Name.ToUpperInvariant())),
                        [.. path, key]
                    ),
                ]
        );

    /// <summary>Underscores and case inside a name do not matter; the double ones between names do.</summary>
    private static string Fold(string variable) =>
        string.Join(
            "__",
            variable.ToUpperInvariant().Split("__").Select(p => p.Replace("_", "", StringComparison.Ordinal))
        );
}
