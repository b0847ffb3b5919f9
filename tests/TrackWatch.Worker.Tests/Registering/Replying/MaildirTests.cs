using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Registering.Replying;

namespace TrackWatch.Worker.Tests.Registering.Replying;

public sealed class MaildirTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("tw-maildir-").FullName;
    private Rooms rooms = null!;

    public async Task InitializeAsync()
    {
        rooms = await Rooms.OpenAsync(Now);
        foreach (var part in (string[])["new", "cur", "tmp"])
            Directory.CreateDirectory(Path.Combine(folder, part));
    }

    public async Task DisposeAsync()
    {
        await rooms.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_message_is_moved_marked_as_seen_and_read_once()
    {
        Lay("new", "1.host");
        Lay("new", "2.host:2,F");

        (await ReadAsync()).ShouldBe(2);
        (await ReadAsync()).ShouldBe(0);

        Names("new").ShouldBeEmpty();
        Names("cur").ShouldBe(["1.host:2,S", "2.host:2,S"]);
    }

    [Fact]
    public async Task What_a_worker_left_behind_is_read_by_the_next_one_and_what_is_in_work_is_not()
    {
        File.SetLastAccessTimeUtc(Lay("cur", "1.host:2,"), Now.AddMinutes(-6).UtcDateTime);
        File.SetLastAccessTimeUtc(Lay("cur", "2.host:2,"), Now.AddMinutes(-1).UtcDateTime);

        (await ReadAsync()).ShouldBe(1);

        Names("cur").ShouldBe(["1.host:2,S", "2.host:2,"]);
    }

    [Fact]
    public async Task Two_workers_on_one_folder_lose_nothing()
    {
        for (var i = 0; i < 40; i++)
            Lay("new", $"{i:00}.host");

        var read = await Task.WhenAll(ReadAsync(), ReadAsync(), ReadAsync());

        read.Sum().ShouldBe(40);
        Names("new").ShouldBeEmpty();
        Names("cur").Count(name => name.EndsWith(":2,S", StringComparison.Ordinal)).ShouldBe(40);
    }

    private Task<int> ReadAsync() =>
        new Maildir(folder, NullLogger<Maildir>.Instance).ReadAsync(rooms.Get<Inbox>(), Now, CancellationToken.None);

    private string Lay(string part, string name)
    {
        var file = Path.Combine(folder, part, name);
        File.WriteAllBytes(file, Messages.Plain("done", from: "eve@example.org"));
        return file;
    }

    private List<string> Names(string part) =>
        [
            .. new DirectoryInfo(Path.Combine(folder, part))
                .EnumerateFileSystemInfos()
                .Select(f => f.Name)
                .Order(StringComparer.Ordinal),
        ];
}
