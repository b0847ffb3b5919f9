namespace TrackWatch.Worker.Storage.Embedded;

/// <summary>Under whom the server runs. PostgreSQL refuses root, so a worker of root's hands it to an unprivileged account.</summary>
/// <param name="Ids">Its <c>uid:gid</c>; null = whoever we are.</param>
internal sealed record ServerAccount(string? Ids)
{
    /// <summary>For an ordinary user there is no choice: ourselves.</summary>
    public static readonly ServerAccount Ourselves = new((string?)null);

    /// <summary>Whoever owns the data directory already, else <c>postgres</c> where it exists, else <c>nobody</c>.</summary>
    public static async Task<ServerAccount> ChooseAsync(string dataFolder)
    {
        if (!Environment.IsPrivilegedProcess)
            return Ourselves;

        var owner = await Tool.RunAsync(["stat", "-c", "%u:%g", dataFolder]);
        if (owner.Worked && !owner.Output.StartsWith("0:", StringComparison.Ordinal))
            return new ServerAccount(owner.Output);

        foreach (var name in (string[])["postgres", "nobody"])
        {
            var uid = await Tool.RunAsync(["id", "-u", name]);
            var gid = await Tool.RunAsync(["id", "-g", name]);
            if (uid.Worked && gid.Worked)
                return new ServerAccount($"{uid.Output}:{gid.Output}");
        }

        throw new EmbeddedClusterException(
            "PostgreSQL does not run as root, and this machine has neither an account postgres nor nobody to run it under."
                + " Start TrackWatch as an ordinary user, or name a database in database.connection_string."
        );
    }

    /// <summary>The same command, run by this account.</summary>
    public IEnumerable<string> Run(params IEnumerable<string> command) =>
        Ids?.Split(':') is [var uid, var gid]
            ? ["setpriv", $"--reuid={uid}", $"--regid={gid}", "--clear-groups", "--", .. command]
            : command;

    /// <summary>Creates a folder that only this account (and root) can enter.</summary>
    public async Task CreateFolderAsync(string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (
            Ids is not null
            && await Tool.RunAsync(["chown", "--no-dereference", Ids, folder]) is { Worked: false } refused
        )
            throw new EmbeddedClusterException(
                $"The folder {folder} cannot be given to the account that runs PostgreSQL ({Ids}): {refused.Said}"
            );
    }

    /// <summary>Whether this account may pass through a folder, its parents included.</summary>
    public async Task<bool> CanEnterAsync(string folder) =>
        Ids is null || (await Tool.RunAsync(Run("test", "-x", folder))).Worked;
}
