namespace TrackWatch.Scenarios;

/// <summary>What is simulated over lists is what the rooms do over PostgreSQL.</summary>
public sealed class ParityTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Journeys");

    public static TheoryData<string> Journeys =>
        new(Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order());

    [Theory]
    [MemberData(nameof(Journeys))]
    public async Task A_journey_brings_the_mails_it_expects_simulated_and_through_the_rooms(string journey)
    {
        var yaml = await File.ReadAllTextAsync(Path.Combine(Folder, journey));
        await using var twice = await LivedTwice.RunAsync(yaml);

        twice.ShouldAgree();
        var (expected, came) = await twice.World.CompareAsync();
        came.Order().ShouldBe(expected.Order());
    }
}
