namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>
/// A piece of a YAML file as it was written: every value is still text, nothing is a number, a date or a truth yet.
/// Classes, not records, because a piece is identified by where it stands.
/// </summary>
internal abstract class YamlNode(Place at)
{
    public Place At { get; } = at;

    /// <summary>Nothing was said: an empty value, <c>~</c>, or <c>null</c>. In quotes each of them is text.</summary>
    public virtual bool IsNothing => false;
}

/// <param name="plain">Written without quotes.</param>
internal sealed class YamlScalar(Place at, string text, bool plain = true) : YamlNode(at)
{
    public string Text { get; } = text;

    public bool Plain { get; } = plain;

    public override bool IsNothing => Plain && Text is "" or "~" or "null";
}

internal sealed class YamlSequence(Place at, IReadOnlyList<YamlNode> items) : YamlNode(at)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;
}

/// <summary>Keys with their values in the order of the file; no key stands twice.</summary>
internal sealed class YamlMapping(Place at) : YamlNode(at)
{
    private readonly Dictionary<string, (YamlScalar Key, YamlNode Value)> entries = new(StringComparer.Ordinal);

    public IEnumerable<(YamlScalar Key, YamlNode Value)> Entries => entries.Values;

    public YamlScalar? KeyOf(string key) => entries.TryGetValue(key, out var entry) ? entry.Key : null;

    public YamlNode? this[string key] => entries.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>Adds the entry or takes the place of the one with the same key.</summary>
    public void Set(YamlScalar key, YamlNode value) => entries[key.Text] = (key, value);
}

/// <summary>Stands where something could not be read; its problem was told already.</summary>
internal sealed class YamlUnusable(Place at) : YamlNode(at);
