using System.Security.Cryptography;
using System.Text;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Registering;

/// <summary>An order as the files have it, with the facts they tell about it.</summary>
/// <param name="Facts">At most one per <see cref="Fact.Key"/>.</param>
/// <param name="At">Where it is written.</param>
internal sealed record OrderInFile(Order Order, IReadOnlyList<Fact> Facts, Place At);

/// <summary>What reading the orders came to.</summary>
/// <param name="Problems">By file and line; the reading counts only where none is an error.</param>
/// <param name="Sources">The files that were read, absolute, in the order of reading.</param>
internal abstract record OrdersReading(IReadOnlyList<Problem> Problems, IReadOnlyList<string> Sources)
{
    public bool IsUsable => Problems.All(p => p.Severity != Severity.Error);

    /// <summary>
    /// There was nothing to read: no file, an empty or unmounted folder, a file without content. This is never "zero orders",
    /// which a file says with <c>orders: []</c>; what was registered before stays.
    /// </summary>
    /// <param name="Why">One sentence with what to do.</param>
    internal sealed record Nothing(string Why, IReadOnlyList<Problem> Problems, IReadOnlyList<string> Sources)
        : OrdersReading(Problems, Sources);

    /// <summary>People and orders; incomplete where there are errors.</summary>
    /// <param name="People">Those with an entry, and one for each mail address that an order names instead of a person.</param>
    /// <param name="ContentHash">SHA-256 over names and bytes of the sources, lower-case hex; the same on every host with the same files.</param>
    internal sealed record Found(
        IReadOnlyList<Person> People,
        IReadOnlyList<OrderInFile> Orders,
        string ContentHash,
        IReadOnlyList<Problem> Problems,
        IReadOnlyList<string> Sources
    ) : OrdersReading(Problems, Sources);
}

/// <summary>Reads <c>orders.yaml</c> and <c>orders.d/*.yaml</c> together. No database, no clock.</summary>
internal static class OrdersFile
{
    /// <summary>The JSON Schema of <c>orders.yaml</c>.</summary>
    public static string Schema() =>
        JsonSchemaWriter.Write(typeof(OrdersEntries), "TrackWatch orders (orders.yaml, orders.d/*.yaml)");

    public static OrdersReading Read(OrdersPaths paths, OrdersContext context)
    {
        var problems = new Problems();
        var places = new Places();
        var sources = new List<string>();
        var files = new List<OrdersEntries>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        foreach (var path in Sources(paths, problems))
        {
            if (ReadBytes(path, problems) is not { } bytes)
                continue;
            sources.Add(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(path)}\0{bytes.Length}\0"));
            hash.AppendData(bytes);
            if (YamlText.Read(path, bytes, problems) is { } root)
                files.Add(new YamlBinder(problems, places).Bind<OrdersEntries>(root));
        }

        if (!problems.AnyError && !files.Exists(f => places.Said(f, nameof(f.Orders))))
            return new OrdersReading.Nothing(WhyNothing(paths, sources), problems.All, sources);

        var (people, orders) = new OrdersAssembler(context, places, problems).Assemble(files);
        var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
        return new OrdersReading.Found(people, orders, digest, problems.All, sources);
    }

    private static IEnumerable<string> Sources(OrdersPaths paths, Problems problems)
    {
        if (paths.File is not null && File.Exists(paths.File))
            yield return paths.File;
        if (!Directory.Exists(paths.Folder))
            yield break;
        string[] names;
        try
        {
            names = [.. Directory.EnumerateFiles(paths.Folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new Place(paths.Folder), $"The folder cannot be read: {e.Message}");
            yield break;
        }
        foreach (var name in names)
        {
            // Hidden files are an editor's, or the inner side of a mounted ConfigMap.
            if (Path.GetFileName(name)[0] == '.')
                continue;
            if (name.EndsWith(".yaml", StringComparison.Ordinal))
                yield return name;
            else if (name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
                problems.Warning(new Place(name), "This file is not read; its name must end with .yaml.");
        }
    }

    private static byte[]? ReadBytes(string path, Problems problems)
    {
        try
        {
            return YamlText.ReadBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new Place(path), $"The orders cannot be read: {e.Message}");
            return null;
        }
    }

    private static string WhyNothing(OrdersPaths paths, List<string> sources)
    {
        var where = paths.File is null
            ? paths.Folder
            : $"{paths.File} or {paths.Folder}{Path.DirectorySeparatorChar}*.yaml";
        return sources.Count == 0
            ? $"There is no orders file: {where}. Write one, or name another with --orders."
            : $"No order stands in {string.Join(", ", sources)}. Write one, or 'orders: []' if there are none on purpose.";
    }
}
