using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Tests.Polling;

public sealed class BreakerTests
{
    [Theory]
    [InlineData("blocked", new[] { 60, 240, 720, 1440, 1440 })]
    [InlineData("throttled", new[] { 15, 60, 240, 720, 1440, 1440 })]
    [InlineData("failed", new[] { 1, 5, 15, 60, 240, 1440, 1440 })]
    public void Trouble_in_a_row_opens_it_longer_and_longer_up_to_a_day(string trouble, int[] minutes)
    {
        PollOutcome outcome = trouble switch
        {
            "blocked" => new PollOutcome.Blocked("captcha"),
            "throttled" => new PollOutcome.Throttled("429"),
            _ => new PollOutcome.Failed("503"),
        };

        minutes
            .Select((_, before) => Breaker.OpenFor(outcome, before))
            .ShouldBe(minutes.Select(m => (TimeSpan?)TimeSpan.FromMinutes(m)));
    }

    [Theory]
    [InlineData("00:05:00", "00:05:00")]
    [InlineData("3.00:00:00", "1.00:00:00")]
    [InlineData("00:00:00", "00:01:00")]
    [InlineData("-00:05:00", "00:01:00")]
    public void What_the_source_asks_for_is_granted_within_a_minute_and_a_day(string asked, string granted)
    {
        static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Breaker.OpenFor(new PollOutcome.Throttled("429", Span(asked)), tripsBefore: 7).ShouldBe(Span(granted));
    }

    [Fact]
    public void An_answer_closes_it_whatever_it_says()
    {
        Breaker.OpenFor(PollOutcome.NotFound.Instance, 3).ShouldBeNull();
        Breaker.OpenFor(new PollOutcome.Rejected("not ours"), 3).ShouldBeNull();
        Breaker.OpenFor(new PollOutcome.Ok(new ParcelReading([], ParcelSummary.Empty)), 3).ShouldBeNull();
    }
}
