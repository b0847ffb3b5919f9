using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Tests.House;

/// <summary>
/// One way through the house: Registering, Polling, Recording, Assessing, Advising, Notifying. Between rooms that are not
/// neighbours the tables carry the state.
/// </summary>
public sealed partial class DirectionTests
{
    /// <summary>Each room of the worker, and the other rooms its source may name. The domain, a library of its own, is open to all.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Configuration"] = [],
        ["Languages"] = [],
        ["Rules"] = ["Configuration"],
        ["Registering"] = ["Polling", "Languages", "Rules", "Storage", "Telemetry", "Configuration"],
        ["Polling"] = ["Recording", "Rules", "Storage", "Telemetry", "Configuration"],
        ["Recording"] = ["Assessing", "Rules", "Storage", "Telemetry", "Configuration"],
        ["Assessing"] = ["Advising", "Rules", "Storage", "Telemetry", "Configuration"],
        ["Advising"] = ["Notifying", "Rules", "Storage", "Telemetry", "Configuration"],
        ["Notifying"] = ["Languages", "Rules", "Storage", "Telemetry", "Configuration"],
        ["Storage"] = ["Rules", "Telemetry", "Configuration"],
        ["Telemetry"] = Everything,
        ["Running"] = Everything,
        ["Commands"] = Everything,
    };

    private static string[] Everything =>
        [
            "Configuration",
            "Languages",
            "Rules",
            "Registering",
            "Polling",
            "Recording",
            "Assessing",
            "Advising",
            "Notifying",
            "Storage",
            "Telemetry",
            "Running",
            "Commands",
        ];

    public static TheoryData<string> Rooms => new(MayUse.Keys);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_the_next_one_and_what_all_share(string room) =>
        UsesOf(room).Where(use => use.Of != room && !MayUse[room].Contains(use.Of)).ShouldBeEmpty();

    [Fact]
    public void Every_folder_of_the_worker_is_a_room() =>
        Directory
            .EnumerateDirectories(WorkerFolder)
            .Select(folder => Path.GetFileName(folder))
            .Except(["bin", "obj"])
            .Except(MayUse.Keys)
            .ShouldBeEmpty();

    [Theory]
    [InlineData("using TrackWatch.Worker.Polling;", "Polling")]
    [InlineData("@using TrackWatch.Worker.Advising.Copy", "Advising")]
    [InlineData("using Poller = TrackWatch.Worker.Polling.ShipmentPoller;", "Polling")]
    [InlineData("return new Recording.Recorder(source);", "Recording")]
    [InlineData("global::TrackWatch.Worker.Notifying.Outbox.Add(mail);", "Notifying")]
    [InlineData("using TrackWatch.Domain.Polling;", null)]
    [InlineData("var every = settings.Polling.Interval;", null)]
    [InlineData("// the next round of Polling.Rounds asks again", null)]
    public void What_counts_as_a_use(string line, string? room) => RoomsIn(line).SingleOrDefault().ShouldBe(room);

    private static string WorkerFolder => Path.Combine(Repository.Root, "src", "TrackWatch.Worker");

    private static IEnumerable<Use> UsesOf(string room)
    {
        var folder = Path.Combine(WorkerFolder, room);
        if (!Directory.Exists(folder))
            return [];
        return from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where !line.Text.StartsWith("namespace ", StringComparison.Ordinal)
            from used in RoomsIn(line.Text)
            select new Use(used, $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number}", line.Text.Trim());
    }

    private static IEnumerable<string> RoomsIn(string line) =>
        RoomPattern().Matches(Comment().Replace(line, "")).Select(match => match.Groups["room"].Value);

    // A room's name at the start of a dotted name, or behind TrackWatch.Worker.
    [GeneratedRegex(
        @"(?:\bTrackWatch\.Worker\.|(?<![\w.])(?=\w+\.[A-Z]))(?<room>Configuration|Languages|Rules|Registering|Polling|Recording|Assessing|Advising|Notifying|Storage|Telemetry|Commands)\b"
    )]
    private static partial Regex RoomPattern();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    private sealed record Use(string Of, string Where, string Line);
}
