namespace TrackWatch.Worker.Tests.House;

/// <summary>The clone these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "TrackWatch.sln"))
            ? folder
            : Find(
                Path.GetDirectoryName(folder)
                    ?? throw new InvalidOperationException("These tests read the source: run them inside the clone.")
            );
}
