namespace TrackWatch.Domain.Tests;

public sealed class DaysTests
{
    [Theory]
    [InlineData("UTC", "2026-05-01", "2026-05-01T00:00Z")]
    [InlineData("Asia/Beirut", "2026-03-29", "2026-03-28T22:00Z")] // the clocks skip midnight
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00Z")] // midnight comes twice: the first one
    public void A_day_begins_at_its_first_instant(string zone, string day, string expected) =>
        Days.StartOf(Some.Day(day), Some.Zone(zone))
            .ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void The_day_of_an_instant_is_the_zones()
    {
        var instant = new DateTimeOffset(2026, 5, 1, 22, 0, 0, TimeSpan.Zero);

        Days.In(Some.Zone("Europe/Istanbul"), instant).ShouldBe(Some.May(2));
        Days.In(Some.Zone("America/Los_Angeles"), instant).ShouldBe(Some.May(1));
    }
}
