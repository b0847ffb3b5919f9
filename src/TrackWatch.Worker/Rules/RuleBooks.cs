using System.Reflection;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Rules;

/// <summary>The rules in force and where they come from.</summary>
/// <param name="Problems">Of the packs in the folder. Whatever they are, the book is whole: a pack with an error is left out, and the embedded one of its name stands.</param>
internal sealed record LoadedRules(RuleBook Book, IReadOnlyList<RulePack> Packs, IReadOnlyList<Problem> Problems)
{
    public bool IsFine => Problems.All(p => p.Severity != Severity.Error);
}

/// <summary>Puts the packs that are built into the program and those of <c>rules.d</c> together.</summary>
internal static class RuleBooks
{
    private const string Prefix = "Packs/";

    private static readonly Lazy<IReadOnlyList<RulePack>> Built = new(ReadBuilt);

    /// <summary>The packs that are built in.</summary>
    public static IReadOnlyList<RulePack> Embedded => Built.Value;

    /// <param name="folder">Absolute; need not exist.</param>
    public static LoadedRules Load(string folder)
    {
        var problems = new Problems();
        var read = new List<RulePack>();
        foreach (var file in Files(folder, problems))
        {
            if (ReadBytes(file, problems) is { } bytes && RulePackLoader.Load(file, bytes, problems) is { } pack)
                read.Add(pack);
        }
        return Merge(read, problems);
    }

    /// <summary>Holds packs against the embedded ones, whose places they take where they are newer.</summary>
    /// <param name="problems">What reading them brought; more is added.</param>
    public static LoadedRules Merge(IReadOnlyList<RulePack> read, Problems problems)
    {
        var usable = Without(Broken(problems), Newer(read, problems));
        // A pack may be good by itself and still not fit the others; then those files go, too.
        var together = new Problems();
        RulePackChecks.Check(Over(usable), together);
        foreach (var problem in together.All)
            problems.Error(new Place(problem.File, problem.Line, problem.Column), problem.Message, problem.Suggestion);
        if (together.AnyError)
            usable = Without(Broken(together), usable);
        var packs = Over(usable);
        var again = new Problems();
        RulePackChecks.Check(packs, again);
        if (again.AnyError)
            packs = Embedded;
        return new LoadedRules(BookOf(packs), packs, problems.All);
    }

    public static RuleBook BookOf(IReadOnlyList<RulePack> packs) =>
        new(packs.SelectMany(p => p.Rules).Select(r => r.Rule), packs.Select(p => p.Calendar).OfType<WorkCalendar>());

    private static HashSet<string> Broken(Problems problems) =>
        [.. problems.All.Where(p => p.Severity == Severity.Error).Select(p => p.File)];

    private static List<RulePack> Without(HashSet<string> files, List<RulePack> packs) =>
        packs.FindAll(p => !files.Contains(p.File));

    /// <summary>The embedded packs with others in the places of their namesakes, or after them.</summary>
    private static IReadOnlyList<RulePack> Over(List<RulePack> packs) =>
        [.. Embedded.Where(e => !packs.Exists(p => p.Name == e.Name)), .. packs];

    private static List<RulePack> Newer(IReadOnlyList<RulePack> packs, Problems problems)
    {
        var newest = new List<RulePack>();
        foreach (var same in packs.GroupBy(p => p.Name))
        {
            var best = same.OrderByDescending(p => p.Version).First();
            foreach (var older in same.Where(p => p != best))
                problems.Warning(
                    older.At,
                    $"pack {older.Name} is not used: {best.File} has a newer version, or the same."
                );
            if (Embedded.FirstOrDefault(e => e.Name == same.Key) is { } built && built.Version >= best.Version)
                problems.Warning(
                    best.At,
                    $"pack {best.Name} is not used: the program has version {built.Version:yyyy-MM-dd} itself. "
                        + $"Give it a later day than that, or remove the file."
                );
            else
                newest.Add(best);
        }
        return newest;
    }

    private static List<string> Files(string folder, Problems problems)
    {
        if (!Directory.Exists(folder))
            return [];
        try
        {
            var files = Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal);
            return Named([.. files], folder, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new Place(folder), $"The folder cannot be read: {e.Message}");
            return [];
        }
    }

    private static List<string> Named(List<string> files, string folder, Problems problems)
    {
        // Hidden files are an editor's, or the inner side of a mounted ConfigMap.
        files.RemoveAll(f => Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(n => n[0] == '.'));
        foreach (var file in files.Where(f => f.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)))
            problems.Warning(new Place(file), "This file is not read; its name must end with .yaml.");
        return files.FindAll(f => f.EndsWith(".yaml", StringComparison.Ordinal));
    }

    public static byte[]? ReadBytes(string file, Problems problems)
    {
        try
        {
            return YamlText.ReadBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new Place(file), $"The rule pack cannot be read: {e.Message}");
            return null;
        }
    }

    /// <exception cref="InvalidOperationException">A pack of the program is wrong, which no test let through.</exception>
    private static List<RulePack> ReadBuilt()
    {
        var problems = new Problems();
        var program = Assembly.GetExecutingAssembly();
        var packs = new List<RulePack>();
        foreach (var name in program.GetManifestResourceNames().Where(IsPack).Order(StringComparer.Ordinal))
        {
            using var stream = program.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            if (RulePackLoader.Load(name, bytes, problems) is { } pack)
                packs.Add(pack);
        }
        RulePackChecks.Check(packs, problems);
        return problems.All is [] ? packs : throw new InvalidOperationException(string.Join('\n', problems.All));

        static bool IsPack(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
    }
}
