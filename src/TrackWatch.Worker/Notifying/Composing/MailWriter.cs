using TrackWatch.Domain.Registering;

#pragma warning disable CA1822
namespace TrackWatch.Worker.Notifying.Composing;

internal sealed class MailWriter
{
    public Task<WrittenMail> WriteAsync(MailContent content) =>
        Task.FromResult(
            new WrittenMail(
                $"{content.Kind} {string.Join(", ", content.Orders.SelectMany(o => o.Notices.Select(n => o.Order.Id + ":" + n.Instance)))}",
                "<p>x</p>",
                "x"
            )
        );

    public Task<WrittenMail> WriteOperatorAsync(
        IReadOnlyList<OperatorNews> news,
        string language,
        DateTimeOffset now
    ) => Task.FromResult(new WrittenMail($"operator {news[0].GetType().Name}", "<p>x</p>", "x"));

    public Task<WrittenMail> WriteTestAsync(Person person) => Task.FromResult(new WrittenMail("test", "<p>x</p>", "x"));
}
