using System.Diagnostics;

namespace TrackWatch.Worker.Tests.House;

/// <summary>Who opens the repository sees what it is.</summary>
public sealed class TopLevelTests
{
    private static readonly string[] Allowed =
    [
        "src",
        "tests",
        "ops",
        "TrackWatch.sln",
        "docker-compose.yml",
        "README.md",
        "LICENSE",
        "global.json",
        "Directory.Build.props",
        "Directory.Packages.props",
    ];

    [Fact]
    public void Nothing_else_is_tracked_and_visible_at_the_top() => Visible().Except(Allowed).ShouldBeEmpty();

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("ops")]
    [InlineData("TrackWatch.sln")]
    public void What_every_build_needs_is_there(string name) => Visible().ShouldContain(name);

    private static IEnumerable<string> Visible() =>
        Tracked().Select(path => path.Split('/')[0]).Distinct().Where(name => !name.StartsWith('.'));

    private static string[] Tracked()
    {
        try
        {
            // Root may look at a clone of another user's.
            var ask = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached"])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var git = Process.Start(ask)!;
            _ = git.StandardError.ReadToEndAsync();
            var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            if (git.ExitCode == 0 && files.Length > 0)
                return files;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No git here.
        }

        // An unpacked archive: everything there is, less what a run or a build makes.
        return
        [
            .. Directory
                .EnumerateFileSystemEntries(Repository.Root)
                .Select(path => Path.GetFileName(path))
                .Except(["local", "TestResults", "Directory.Packages.local.props"]),
        ];
    }
}
