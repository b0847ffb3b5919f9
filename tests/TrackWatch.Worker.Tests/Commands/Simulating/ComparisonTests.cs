using TrackWatch.Worker.Commands.Simulating;

namespace TrackWatch.Worker.Tests.Commands.Simulating;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("1 2 3", "1 2 3", "1=1 2=2 3=3")]
    [InlineData("1 2 3", "1 3", "1=1 2< 3=3")]
    [InlineData("1 3", "1 2 3", "1=1 >2 3=3")]
    [InlineData("1 2 3 4", "2 3 5", "1< 2=2 3=3 4< >5")]
    [InlineData("1 1", "1", "1=1 1<")]
    public void As_many_mails_as_possible_stand_beside_their_equal(string expected, string came, string rows)
    {
        var comparison = Comparison.Of(Lines(expected), Lines(came));

        string.Join(' ', comparison.Rows.Select(Row)).ShouldBe(rows);
        comparison.IsEqual.ShouldBe(expected == came);
    }

    private static List<MailLine> Lines(string orders) =>
        [
            .. orders
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(order => new MailLine(new DateOnly(2026, 1, 1), "alert", "jan", order, null)),
        ];

    private static string Row((MailLine? Expected, MailLine? Came) row) =>
        $"{row.Expected?.Order}{(row.Expected == row.Came ? "=" : row.Expected is null ? ">" : "<")}{row.Came?.Order}";
}
