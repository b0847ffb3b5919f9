namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>A hint is not worth minutes: a file may name thousands of people.</summary>
    private const int MostCandidates = 500;

    /// <summary>The words in a sentence: a dozen, then dots.</summary>
    public static string List(IReadOnlyCollection<string> words) =>
        string.Join(", ", words.Take(12)) + (words.Count > 12 ? " …" : "");

    /// <summary>The likeliest of <paramref name="known"/>; null where none is near. Case, <c>_</c> and <c>-</c> do not count.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        var typed = Fold(word);
        if (typed.Length is 0 or > 64)
            return null;
        var best = known
            .Take(MostCandidates)
            .Select(k => (Word: k, Distance: Distance(typed, Fold(k))))
            .Where(c => c.Distance <= Allowed(typed, Fold(c.Word)))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Word, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Word;
    }

    private static int Allowed(string typed, string known) =>
        // "monday" for "mon", "track" for "tracking"
        typed.Length >= 3
            && known.StartsWith(typed, StringComparison.Ordinal)
        || known.Length >= 3 && typed.StartsWith(known, StringComparison.Ordinal)
            ? int.MaxValue
            : Math.Max(1, Math.Min(typed.Length, known.Length) / 3);

    private static string Fold(string word) =>
        word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Damerau-Levenshtein (optimal string alignment): insert, drop, change, or swap two neighbours.</summary>
    private static int Distance(string a, string b)
    {
        if (b.Length > 64)
            return int.MaxValue;
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        for (var j = 1; j <= b.Length; j++)
        {
            var change = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
        }
        return d[a.Length, b.Length];
    }
}
