using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Tests.Notifying;

public sealed class MailThreadTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "1")]
    [InlineData(4, "1 2 3 4")]
    [InlineData(6, "1 2 3 4 5 6")]
    [InlineData(40, "1 36 37 38 39 40")]
    public void A_mail_names_the_first_of_its_thread_and_the_newest_ones(int earlier, string references) =>
        string.Join(' ', MailThread.References([.. Enumerable.Range(1, earlier).Select(i => $"{i}")]))
            .ShouldBe(references);
}
