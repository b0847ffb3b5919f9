using System.Collections;
using System.Globalization;

namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>Where each bound value was written, so that checks across values can name lines too.</summary>
internal sealed class Places
{
    // By reference: two equal records can stand on different lines.
    private readonly Dictionary<object, Dictionary<string, Place>> places = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// The place of one value: <paramref name="member"/> is a property's name, a key of a map, or an index of a list. Where
    /// that was not written, the place of its owner.
    /// </summary>
    public Place Of(object owner, string member = "")
    {
        if (!places.TryGetValue(owner, out var members))
            return default;
        return members.TryGetValue(member, out var place) ? place : members.GetValueOrDefault("");
    }

    public Place Of(object owner, int index) => Of(owner, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>True where the file has the key, even with a value that could not be read.</summary>
    public bool Said(object owner, string property) =>
        places.TryGetValue(owner, out var members) && members.ContainsKey(property);

    internal void Note(object owner, string member, Place place)
    {
        if (!places.TryGetValue(owner, out var members))
            places[owner] = members = new Dictionary<string, Place>(StringComparer.Ordinal);
        members[member] = place;
    }
}

/// <summary>
/// Makes records out of <see cref="YamlNode"/>s by their declared types: keys are property names in snake_case, `required`
/// ones must be there, everything else keeps its default. Every problem is told; what could not be read keeps its default.
/// Supports what <see cref="ValueForms"/> knows, nested records with a parameterless constructor, and of those
/// <see cref="IReadOnlyList{T}"/> and <see cref="IReadOnlyDictionary{TKey, TValue}"/> by string.
/// </summary>
internal sealed class YamlBinder(Problems problems, Places places)
{
    /// <param name="root">Null gives a record of defaults.</param>
    public T Bind<T>(YamlNode? root)
        where T : class
    {
        var shape = Shape.Of(typeof(T));
        return (T)(root is null ? Make(shape.Type) : BindObject(shape, root, "") ?? Make(shape.Type));
    }

    private object? Bind(Shape shape, YamlNode node, string path) =>
        shape switch
        {
            Shape.Value value => BindValue(value.Form, node, path),
            Shape.Object o => BindObject(o, node, path),
            Shape.List list => BindList(list, node, path),
            Shape.Map map => BindMap(map, node, path),
            _ => throw new NotSupportedException(),
        };

    private object? BindValue(ValueForm form, YamlNode node, string path)
    {
        if (node is YamlUnusable)
            return null;
        if (node is not YamlScalar scalar)
        {
            problems.Error(node.At, $"{path}: one value is wanted here ({form.What}), not {Kind(node)}.");
            return null;
        }
        var reading = form.Read(scalar.Text);
        if (!reading.Fits)
            problems.Error(node.At, $"{path}: {form.Explain(scalar.Text, reading)}", reading.Suggestion);
        else if (reading.Doubt is { } doubt)
            problems.Warning(node.At, $"{path}: {doubt}", reading.Suggestion);
        return reading.Value;
    }

    private object? BindObject(Shape.Object shape, YamlNode node, string path)
    {
        if (node is YamlUnusable)
            return null;
        if (node is not YamlMapping mapping)
        {
            if (shape.Short is { } key)
                return BindShort(shape, key, node, path);
            var keys = string.Join(", ", shape.Keys.Take(4).Select(k => k.Name));
            problems.Error(node.At, $"{Lead(path)}keys are wanted here ({keys} …), not {Kind(node)}.");
            return null;
        }

        var made = Make(shape.Type);
        places.Note(made, "", node.At);
        foreach (var (name, value) in mapping.Entries)
        {
            if (shape.Keys.FirstOrDefault(k => k.Name == name.Text) is { } key)
                BindKey(made, key, value, path);
            else
                problems.Error(
                    name.At,
                    $"{Lead(path)}there is no key '{Shown(name.Text)}' here.",
                    Spelling.Closest(name.Text, shape.Keys.Select(k => k.Name).Where(k => mapping[k] is null))
                );
        }
        foreach (var key in shape.Keys.Where(k => k.Required))
        {
            if (mapping[key.Name] is null)
                problems.Error(node.At, $"{Lead(path)}'{key.Name}' is missing.");
        }
        return made;
    }

    private object BindShort(Shape.Object shape, Shape.Key key, YamlNode node, string path)
    {
        var made = Make(shape.Type);
        places.Note(made, "", node.At);
        places.Note(made, key.Property.Name, node.At);
        if (Bind(key.Shape, node, path) is { } value)
            key.Property.SetValue(made, value);
        return made;
    }

    private void BindKey(object made, Shape.Key key, YamlNode node, string parent)
    {
        var path = parent.Length == 0 ? key.Name : $"{parent}.{key.Name}";
        if (node.IsNothing)
        {
            if (key.Required)
                problems.Error(node.At, $"{path}: a value is missing.");
            return;
        }
        places.Note(made, key.Property.Name, node.At);
        if (key.OrFalse && node is YamlScalar scalar && ValueForms.SaysNo(scalar.Text))
            return;
        var value = Bind(key.Shape, node, path);
        if (value is null)
        {
            if (key.Required && node is YamlScalar { Text: var text } && string.IsNullOrWhiteSpace(text))
                problems.Error(node.At, $"{path}: a value is missing.");
            return;
        }
        // Of a list what counts is what stands there, readable or not.
        var measured =
            value is not IList ? value
            : node is YamlSequence sequence ? sequence.Items.Count
            : 1;
        if (key.Bounds is { } bounds && OutOf(bounds, measured) is { } wrong)
            problems.Error(node.At, $"{path}: {(value is IList ? "the number of items" : "the value")} {wrong}");
        else
            key.Property.SetValue(made, value);
    }

    private IList? BindList(Shape.List shape, YamlNode node, string path)
    {
        if (node is YamlUnusable)
            return null;
        if (node is not YamlSequence && !shape.OneOrMany)
        {
            problems.Error(node.At, $"{path}: a list is wanted here ('- …' lines, or [a, b]), not {Kind(node)}.");
            return null;
        }
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(shape.ItemType))!;
        places.Note(list, "", node.At);
        var items = node is YamlSequence sequence ? sequence.Items : [node];
        for (var i = 0; i < items.Count; i++)
        {
            var item = node is YamlSequence ? $"{path}[{i}]" : path;
            if (items[i].IsNothing)
                problems.Error(items[i].At, $"{item}: the list has an empty line; remove it or write a value.");
            else if (Bind(shape.Item, items[i], item) is { } value)
            {
                places.Note(list, list.Count.ToString(CultureInfo.InvariantCulture), items[i].At);
                list.Add(value);
            }
        }
        return list;
    }

    private IDictionary? BindMap(Shape.Map shape, YamlNode node, string path)
    {
        if (node is YamlUnusable)
            return null;
        if (node is not YamlMapping mapping)
        {
            problems.Error(node.At, $"{path}: names with a value each are wanted here, not {Kind(node)}.");
            return null;
        }
        var type = typeof(Dictionary<,>).MakeGenericType(typeof(string), shape.ItemType);
        var map = (IDictionary)Activator.CreateInstance(type, StringComparer.Ordinal)!;
        places.Note(map, "", node.At);
        foreach (var (name, value) in mapping.Entries)
        {
            var item = $"{path}.{Shown(name.Text)}";
            places.Note(map, name.Text, name.At);
            if (value.IsNothing)
                problems.Error(name.At, $"{item}: a value is missing.");
            else if (Bind(shape.Item, value, item) is { } bound)
                map[name.Text] = bound;
        }
        return map;
    }

    private static string? OutOf(BoundsAttribute bounds, object value)
    {
        var (least, greatest) = (Limit(bounds.Least, value), bounds.Greatest is { } g ? Limit(g, value) : null);
        if (Comparer.DefaultInvariant.Compare(value, least) < 0)
            return $"is too small; at least {bounds.Least}.";
        return greatest is not null && Comparer.DefaultInvariant.Compare(value, greatest) > 0
            ? $"is too large; at most {bounds.Greatest}."
            : null;
    }

    private static object Limit(string written, object like) =>
        ValueForms.For(like.GetType())!.Read(written).Value
        ?? throw new NotSupportedException($"'{written}' is no bound for {like.GetType()}.");

    // `required` is asked of the file, not of this call.
    private static object Make(Type type) => Activator.CreateInstance(type)!;

    private static string Lead(string path) => path.Length == 0 ? "" : $"{path}: ";

    private static string Shown(string key) =>
        key.Length <= 40 ? key.ReplaceLineEndings(" ") : string.Concat(key.AsSpan(0, 37), "…").ReplaceLineEndings(" ");

    private static string Kind(YamlNode node) =>
        node switch
        {
            YamlSequence => "a list",
            YamlMapping => "keys of its own",
            _ => "a single value",
        };
}
