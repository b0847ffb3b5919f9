using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Rules;

namespace TrackWatch.TestKit;

/// <summary>The rules that are built into the program, read once for all tests.</summary>
public static class TestRules
{
    public static RuleBook Book { get; } = RuleBooks.BookOf(RuleBooks.Embedded);
}
