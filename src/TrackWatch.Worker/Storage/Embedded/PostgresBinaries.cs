using System.Globalization;
using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Storage.Embedded;

/// <summary>The server programs of one PostgreSQL release on this machine.</summary>
/// <param name="Folder">Holds initdb, pg_ctl and postgres.</param>
/// <param name="Major">The release whose data directories these programs can open.</param>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int Oldest = 15;

    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>The programs for a cluster: of exactly its release, or for a new one the newest.</summary>
    /// <param name="existing">The release of the cluster's data directory; null = still to be created.</param>
    /// <param name="dataFolder">Named in errors.</param>
    /// <exception cref="EmbeddedClusterException">None fits.</exception>
    public static PostgresBinaries Choose(IReadOnlyCollection<PostgresBinaries> found, int? existing, string dataFolder)
    {
        var fitting = found.Where(b => existing is null ? b.Major >= Oldest : b.Major == existing);
        return fitting.MaxBy(b => b.Major) ?? throw NoneFits(found, existing, dataFolder);
    }

    /// <summary>Every release on this machine.</summary>
    public static async Task<IReadOnlyCollection<PostgresBinaries>> FindAsync()
    {
        var config = await Tool.RunAsync(["pg_config", "--bindir"]);
        return await FindAsync([
            .. Subfolders("/usr/lib/postgresql", "bin"),
            .. Subfolders("/usr/local/lib/postgresql", "bin"),
            .. Subfolders("/usr", "bin").Where(folder => folder.StartsWith("/usr/pgsql-", StringComparison.Ordinal)),
            .. Tool.SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries),
            .. config.Worked ? [config.Output] : Array.Empty<string>(),
        ]);
    }

    /// <summary>The releases in the given folders.</summary>
    public static async Task<IReadOnlyCollection<PostgresBinaries>> FindAsync(IEnumerable<string> folders)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Distinct().Where(f => Programs.All(p => File.Exists(Path.Combine(f, p)))))
        {
            var answer = await Tool.RunAsync([Path.Combine(folder, "postgres"), "--version"]);
            if (MajorPattern().Match(answer.Output) is { Success: true } match)
                found.Add(new(folder, int.Parse(match.Value, CultureInfo.InvariantCulture)));
        }

        return found;
    }

    private static IEnumerable<string> Subfolders(string parent, string child) =>
        Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Select(f => Path.Combine(f, child)) : [];

    private static EmbeddedClusterException NoneFits(
        IReadOnlyCollection<PostgresBinaries> found,
        int? existing,
        string dataFolder
    )
    {
        var here = found.Count == 0 ? "none" : string.Join(", ", found.Select(b => b.Major).Distinct().Order());
        if (existing is null)
            return new EmbeddedClusterException(
                $"""
                TrackWatch keeps its history in a PostgreSQL of its own, but this machine has no server programs of PostgreSQL {Oldest} or newer (found: {here}).
                Do one of these:
                  - install the Debian package postgresql (`apt-get install postgresql`; ops/run does it by itself where it has the rights), or
                  - run it in a container (`docker compose up`), or
                  - name a PostgreSQL that runs already: database.connection_string, or TRACKWATCH__DATABASE__CONNECTIONSTRING.
                """
            );

        return new EmbeddedClusterException(
            $"""
            The history in {dataFolder} was written by PostgreSQL {existing}, and this machine has no PostgreSQL {existing} to open it with (found: {here}).
            Nothing was changed. Do one of these:
              - Stay with release {existing}: install it again, apt-get install postgresql-{existing}; several releases can be installed at once.
              - Change to a newer one, with both installed and TrackWatch stopped, as the owner of the folder (OLD and NEW are the bin folders, such as /usr/lib/postgresql/{existing}/bin):
                  by dump and restore:
                    OLD/pg_ctl -D {dataFolder} -o "-k /tmp -c listen_addresses=''" -w start
                    OLD/pg_dump -h /tmp -U trackwatch -Fc -f /tmp/trackwatch.dump trackwatch
                    OLD/pg_ctl -D {dataFolder} -w stop, and move {dataFolder} away
                    start TrackWatch, which creates a new one, and load it while it is stopped again the same way: NEW/pg_restore -h /tmp -U trackwatch --clean --if-exists -d trackwatch /tmp/trackwatch.dump
                  or by pg_upgrade:
                    NEW/initdb -D {dataFolder}.upgraded -U trackwatch -A trust -E UTF8 --locale=C.UTF-8 --data-checksums
                    NEW/pg_upgrade -U trackwatch -b OLD -B NEW -d {dataFolder} -D {dataFolder}.upgraded, and put the new folder in the old one's place
            """
        );
    }

    [GeneratedRegex(@"(?<=PostgreSQL\) )\d+")]
    private static partial Regex MajorPattern();
}
