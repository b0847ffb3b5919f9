using System.Net.Mail;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Registering.Replying;

/// <summary>What came of a message.</summary>
internal abstract record Heard
{
    private Heard() { }

    /// <summary>It did something: a fact was told or taken back.</summary>
    internal sealed record Done(string Person, string Order, string Words) : Heard;

    /// <summary>Nothing was done; the person reads so in the next digest.</summary>
    internal sealed record Refused(string Person, string? Order, ReplyTrouble Why) : Heard;

    /// <summary>A mail of ours came back.</summary>
    /// <param name="Dead">Addresses that nothing is sent to any more.</param>
    internal sealed record Bounced(string MessageId, IReadOnlyList<string> Dead) : Heard;

    /// <summary>Nobody is told.</summary>
    internal sealed record Ignored(string Why) : Heard;
}

/// <summary>
/// Takes in what comes to the answers' address, by whichever way. Reading the same message again does nothing, so that a
/// source may hand it over until it is sure.
/// </summary>
internal sealed partial class Inbox(
    IDbContextFactory<TrackWatchDb> contexts,
    Secrets secrets,
    ReplyDesk replies,
    BounceDesk bounces,
    TrackWatchSettings settings,
    ILogger<Inbox> logger
)
{
    /// <param name="message">RFC 5322; of more than <see cref="MimeMessage.LargestBytes"/> only the beginning counts.</param>
    public async Task<Heard> TakeAsync(ReadOnlyMemory<byte> message, DateTimeOffset now, CancellationToken ct)
    {
        var read = MimeMessage.Read(message.Span);
        var heard = read.Report is { } report
            ? await bounces.TakeAsync(report, now, ct)
            : await AnswerAsync(read, message, now, ct);
        switch (heard)
        {
            case Heard.Done done:
                Accepted(logger, done.Person, done.Order);
                break;
            case Heard.Refused refused:
                NotActedOn(logger, refused.Person, refused.Why);
                break;
            case Heard.Bounced bounced:
                CameBack(logger, bounced.MessageId, bounced.Dead.Count);
                break;
            case Heard.Ignored ignored:
                PassedOver(logger, ignored.Why);
                break;
        }
        return heard;
    }

    private async Task<Heard> AnswerAsync(
        MimeMessage read,
        ReadOnlyMemory<byte> message,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (read.Headers.Count == 0)
            return new Heard.Ignored("it is no mail: it has no headers");
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var from = read.Headers.Addresses("From");
        var people = await ReplyDesk.PeopleAtAsync(db, from, ct);
        // Whoever sends from the address that TrackWatch uses as well is still a person; its own mails bear other marks.
        var automatic = ReplyGuard.WhyAutomatic(
            read.Headers.Values,
            from,
            read.Headers.Ids("Message-ID") is [var own, ..] ? own : null,
            address => people.Count == 0 && OwnAddresses().Contains(address, StringComparer.OrdinalIgnoreCase)
        );
        var mail = new IncomingMail(
            read.Headers.Ids("Message-ID") is [var id, ..]
                ? id
                : $"sha256.{Convert.ToHexStringLower(SHA256.HashData(message.Span))}",
            from,
            read.Headers.Decoded("Subject"),
            read.Body,
            [.. read.Headers.Ids("In-Reply-To").Concat(read.Headers.Ids("References").Reverse()).Distinct()],
            automatic
        );
        var heard = await replies.HearAsync(db, mail, people, await secrets.ReplyKeyAsync(ct), now, ct);
        await transaction.CommitAsync(ct);
        return heard;
    }

    private IEnumerable<string> OwnAddresses() =>
        new[] { settings.Mail.From, settings.Mail.User, settings.Mail.Replies.Address }
            .Select(text => MailAddress.TryCreate(text, out var address) ? MimeHeaders.Plain(address.Address) : null)
            .OfType<string>();

    [LoggerMessage(131, LogLevel.Information, "Heard from {Person} by mail: {Order} was changed")]
    private static partial void Accepted(ILogger logger, string person, string order);

    [LoggerMessage(132, LogLevel.Information, "An answer of {Person} changed nothing ({Why}); the next digest says so")]
    private static partial void NotActedOn(ILogger logger, string person, ReplyTrouble why);

    [LoggerMessage(133, LogLevel.Warning, "Mail {MessageId} came back; addresses not used any more: {Dead}")]
    private static partial void CameBack(ILogger logger, string messageId, int dead);

    [LoggerMessage(134, LogLevel.Information, "A mail to the answers' address was passed over: {Why}")]
    private static partial void PassedOver(ILogger logger, string why);
}
