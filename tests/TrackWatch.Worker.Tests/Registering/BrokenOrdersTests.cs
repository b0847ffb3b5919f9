using System.Runtime.CompilerServices;
using System.Text;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Tests.Registering;

/// <summary>Every file in Broken/ begins with lines <c># expect LINE:COLUMN part of the message</c>, one per error.</summary>
public sealed class BrokenOrdersTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder(), "*.yaml").Select(f => Path.GetFileName(f)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_broken_file_tells_each_of_its_errors_at_its_place_and_no_other(string name)
    {
        var path = Path.Combine(Folder(), name);
        var expected = File.ReadLines(path, Encoding.Latin1)
            .TakeWhile(l => l.StartsWith("# expect ", StringComparison.Ordinal))
            .Select(l => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(l))["# expect ".Length..].Split(' ', 2))
            .Select(parts => (Place: $"{path}:{parts[0]}: error: ", Message: parts[1]))
            .ToList();
        expected.ShouldNotBeEmpty();

        var reading = OrdersFile.Read(new OrdersPaths(path, Path.Combine(Folder(), "none")), new OrdersContext());

        var errors = reading.Problems.Where(p => p.Severity == Severity.Error).Select(p => p.ToString()).ToList();
        reading.IsUsable.ShouldBeFalse();
        foreach (var (place, message) in expected)
            errors.ShouldContain(
                e => e.StartsWith(place, StringComparison.Ordinal) && e.Contains(message, StringComparison.Ordinal),
                string.Join("\n", errors)
            );
        errors.Count.ShouldBe(expected.Count, string.Join("\n", errors));
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Broken");
}
