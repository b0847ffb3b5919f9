using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>
/// What a declared type looks like in a file. Derived once per type; <see cref="YamlBinder"/>, <see cref="JsonSchemaWriter"/>
/// and <see cref="EnvironmentOverrides"/> all go by it, so that they cannot disagree.
/// </summary>
internal abstract record Shape
{
    private Shape() { }

    /// <summary>One value.</summary>
    internal sealed record Value(ValueForm Form) : Shape;

    /// <summary>Keys of a record.</summary>
    /// <param name="Short">The key that a bare value stands for; null where there is none.</param>
    internal sealed record Object(Type Type, IReadOnlyList<Key> Keys, Key? Short) : Shape;

    /// <param name="OneOrMany">One item may stand without brackets.</param>
    internal sealed record List(Type ItemType, Shape Item, bool OneOrMany) : Shape;

    /// <summary>Names the writer chooses, each with a value.</summary>
    internal sealed record Map(Type ItemType, Shape Item) : Shape;

    /// <summary>One key of a record.</summary>
    internal sealed record Key(string Name, PropertyInfo Property, Shape Shape)
    {
        public bool Required { get; } = Property.IsDefined(typeof(RequiredMemberAttribute));
        public bool Secret { get; } = Property.IsDefined(typeof(SecretAttribute));
        public bool OrFalse { get; } = Property.IsDefined(typeof(OrFalseAttribute));
        public BoundsAttribute? Bounds { get; } = Property.GetCustomAttribute<BoundsAttribute>();
        public string? Description { get; } = Property.GetCustomAttribute<DescriptionAttribute>()?.Description;
    }

    private static readonly ConcurrentDictionary<Type, Object> Objects = new();

    /// <exception cref="NotSupportedException">A property's type has no form in a file: a mistake in the program.</exception>
    public static Object Of(Type type) => Objects.GetOrAdd(type, Derive);

    private static Object Derive(Type type)
    {
        var keys = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.GetIndexParameters().Length == 0)
            .Select(p => new Key(NameOf(p), p, OfProperty(p)))
            .ToList();
        var shortened = type.GetCustomAttribute<ShortFormAttribute>()?.Property;
        return new Object(type, keys, shortened is null ? null : keys.Single(k => k.Property.Name == shortened));
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<KeyAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static Shape OfProperty(PropertyInfo property)
    {
        var text = property.IsDefined(typeof(SecretAttribute))
            ? TextForm.Secret
            : property.GetCustomAttribute<FormAttribute>()?.Form;
        return OfType(property.PropertyType, text, property.IsDefined(typeof(OneOrManyAttribute)))
            ?? throw new NotSupportedException($"{property.DeclaringType}.{property.Name} has no form in a file.");
    }

    private static Shape? OfType(Type type, TextForm? text, bool oneOrMany)
    {
        if (ValueForms.For(type, text) is { } form)
            return new Value(form);
        if (!type.IsGenericType)
            return type is { IsClass: true, IsAbstract: false } ? Of(type) : null;
        var arguments = type.GetGenericArguments();
        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return OfType(arguments[0], text, oneOrMany: false) is { } item
                ? new List(arguments[0], item, oneOrMany)
                : null;
        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && arguments[0] == typeof(string))
            return OfType(arguments[1], text, oneOrMany: false) is { } value ? new Map(arguments[1], value) : null;
        return null;
    }
}
