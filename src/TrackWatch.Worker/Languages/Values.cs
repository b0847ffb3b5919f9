using System.Collections;

namespace TrackWatch.Worker.Languages;

/// <summary>A value that is itself a phrase of the language file.</summary>
internal readonly record struct Phrase(string Key);

/// <summary>A calendar moment in the reader's zone.</summary>
internal readonly record struct Moment(DateTime Wall);

/// <summary>
/// What placeholders stand for: text (of strangers as <see cref="ForeignText"/>), days, moments, money, counts and phrases;
/// the language gives them their form. A name without a value is not in here.
/// </summary>
internal sealed class Values : IEnumerable<KeyValuePair<string, object>>
{
    public static readonly Values None = new();

    private readonly Dictionary<string, object> known;

    public Values() => known = new(StringComparer.Ordinal);

    private Values(Values other) => known = new(other.known, StringComparer.Ordinal);

    /// <summary>For collection initialisers; null and empty text are no values.</summary>
    public void Add(string name, object? value)
    {
        if (value is null or "" or false || value is ForeignText { IsEmpty: true })
            known.Remove(name);
        else
            known[name] = value;
    }

    /// <summary>The same values and one more, or one less where <paramref name="value"/> is null.</summary>
    public Values With(string name, object? value)
    {
        var values = new Values(this);
        values.Add(name, value);
        return values;
    }

    public bool Has(string name) => known.ContainsKey(name);

    public object? Find(string name) => known.GetValueOrDefault(name);

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => known.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
