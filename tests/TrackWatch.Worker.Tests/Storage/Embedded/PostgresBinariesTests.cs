using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Tests.Storage.Embedded;

public sealed class PostgresBinariesTests
{
    [Theory]
    [InlineData(new[] { 15, 17, 16 }, null, 17)] // a new cluster: the newest
    [InlineData(new[] { 15, 17, 16 }, 16, 16)] // an existing one: its own release, whatever else is there
    [InlineData(new[] { 13, 15 }, null, 15)]
    public void The_release_follows_the_data(int[] installed, int? existing, int chosen) =>
        Choose(installed, existing).Major.ShouldBe(chosen);

    [Theory]
    [InlineData(new int[0], "found: none")]
    [InlineData(new[] { 13, 14 }, "found: 13, 14")]
    public void Without_a_release_that_is_new_enough_the_ways_out_are_named(int[] installed, string found)
    {
        var message = Should.Throw<EmbeddedClusterException>(() => Choose(installed, null)).Message;

        message.ShouldContain(found);
        message.ShouldContain("Debian package postgresql");
        message.ShouldContain("ops/run");
        message.ShouldContain("container");
        message.ShouldContain("TRACKWATCH__DATABASE__CONNECTIONSTRING");
    }

    [Fact]
    public async Task The_machines_own_is_found() => (await PostgresBinaries.FindAsync()).ShouldNotBeEmpty();

    [Fact]
    public async Task A_folder_without_the_server_programs_is_none() =>
        (await PostgresBinaries.FindAsync(["/usr/bin", "/nowhere"])).ShouldBeEmpty();

    private static PostgresBinaries Choose(int[] installed, int? existing) =>
        PostgresBinaries.Choose([.. installed.Select(m => new PostgresBinaries($"/pg/{m}", m))], existing, "/data");
}
