using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Registering;

/// <summary>What became of an order that was to be added. Nothing was written unless it is <see cref="Written"/>.</summary>
internal abstract record Adding
{
    /// <param name="File">The file that holds it now.</param>
    internal sealed record Written(string File, string Number) : Adding;

    /// <param name="Why">One sentence with what to do.</param>
    internal sealed record Refused(string Why) : Adding;
}

/// <summary>
/// Appends orders to <c>orders.d/_added.yaml</c>. The file stays its owner's: what stands in it, comments included, is kept to
/// the letter, and the new text replaces the old in one step.
/// </summary>
internal static class AddedOrders
{
    private const string Header = """
        # Orders that `trackwatch add` wrote. They are yours: edit them, or move them to orders.yaml.

        """;

    private static readonly JsonSerializerOptions Quoted = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="owner">A person's key, or a mail address; null leaves it to the only person there is.</param>
    public static Adding Add(OrdersPaths paths, string number, string? item = null, string? owner = null)
    {
        if (!TrackingNumber.TryParse(number, out var normal))
            return new Adding.Refused($"'{number}' is no tracking number.");
        var path = paths.Added;
        try
        {
            Directory.CreateDirectory(paths.Folder);
            using var turn = TakeTurn(paths.Folder);
            var old = File.Exists(path) ? File.ReadAllText(path) : Header;
            var before = Read(path, old);
            if (before.Problems.FirstOrDefault(p => p.Severity == Severity.Error) is { } problem)
                return new Adding.Refused($"{path} has to be mended first: {problem}");
            if (before.Numbers.Contains(normal.Value))
                return new Adding.Refused($"{normal} stands in {path} already.");

            var grown = Append(old, before, Lines(normal.Value, item, owner));
            var after = Read(path, grown);
            if (
                after.Problems.Any(p => p.Severity == Severity.Error)
                || !after.Numbers.SequenceEqual(before.Numbers.Append(normal.Value))
            )
                return new Adding.Refused(
                    $"{path} is laid out so that nothing can be added at its end. Put 'orders:' last, with one '- …' per order."
                );
            Replace(path, grown);
            return new Adding.Written(path, normal.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Adding.Refused($"{path} cannot be written: {e.Message}");
        }
    }

    private sealed record Content(YamlNode? Root, OrdersEntries Entries, Places Places, IReadOnlyList<Problem> Problems)
    {
        public IEnumerable<string> Numbers =>
            Entries.Orders.SelectMany(o => o.Number is { } one ? [one] : o.Tracking.Select(t => t.Number));
    }

    private static Content Read(string path, string text)
    {
        var (problems, places) = (new Problems(), new Places());
        var root = YamlText.Read(path, Encoding.UTF8.GetBytes(text), problems);
        return new Content(root, new YamlBinder(problems, places).Bind<OrdersEntries>(root), places, problems.All);
    }

    private static IEnumerable<string> Lines(string number, string? item, string? owner)
    {
        yield return $"- number: {number}";
        if (!string.IsNullOrWhiteSpace(item))
            yield return $"  item: {Quote(item.Trim())}";
        if (!string.IsNullOrWhiteSpace(owner))
            yield return $"  {(owner.Contains('@', StringComparison.Ordinal) ? "email" : "person")}: {Quote(owner)}";
    }

    // A JSON string is a YAML string in double quotes.
    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoted);

    private static string Append(string old, Content content, IEnumerable<string> lines)
    {
        var end = old.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var grown = new StringBuilder(old);
        if (old.Length > 0 && !old.EndsWith('\n'))
            grown.Append(end);
        // "orders:" with nothing under it is there too.
        if ((content.Root as YamlMapping)?["orders"] is null)
            grown.Append("orders:").Append(end);
        // New items stand under the dash of the first.
        var column = content.Entries.Orders.Count > 0 ? content.Places.Of(content.Entries.Orders, 0).Column - 2 : 3;
        var indent = new string(' ', Math.Max(0, column - 1));
        foreach (var line in lines)
            grown.Append(indent).Append(line).Append(end);
        return grown.ToString();
    }

    private static void Replace(string path, string text)
    {
        var fresh = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.new");
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        if (!OperatingSystem.IsWindows() && File.Exists(path))
            File.SetUnixFileMode(fresh, File.GetUnixFileMode(path));
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Two commands at once must not lose each other's order; the system frees the lock when a process dies.</summary>
    private static FileStream TakeTurn(string folder)
    {
        FileStream Open() =>
            new(Path.Combine(folder, ".added.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        FileStream? turn = null;
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    turn = Open();
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            PatienceForOthers
        );
        // Once more without the net, for the system's own words about what is wrong.
        return turn ?? Open();
    }

    private static readonly TimeSpan PatienceForOthers = TimeSpan.FromSeconds(5);
}
