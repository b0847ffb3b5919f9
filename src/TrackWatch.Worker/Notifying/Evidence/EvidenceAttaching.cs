using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>Puts an order's evidence beside the alerts that ask for a dispute or a chargeback, where the reader wants it.</summary>
internal sealed partial class EvidenceAttaching(
    EvidenceMaker maker,
    IDbContextFactory<TrackWatchDb> contexts,
    MailSettings settings,
    ILogger<EvidenceAttaching> logger
)
{
    /// <summary>Of all evidence in one mail: as base64 too it stays below the 10 MB that careful mail servers take.</summary>
    public const int MostBytes = Mebibytes * 1024 * 1024;
    private const int Mebibytes = 5;

    /// <summary>A mail never waits for its evidence: what cannot be made is left out, and the mail says how to get it.</summary>
    public async Task<MailContent> AttachAsync(
        MailContent content,
        IReadOnlyList<StoredOrder> orders,
        CancellationToken ct
    )
    {
        if (content.Kind != MailKind.Alert || !(content.Person.AttachEvidence ?? settings.AttachEvidence))
            return content;
        var sections = new List<OrderSection>();
        var left = MostBytes;
        foreach (var section in content.Orders)
        {
            if (!section.Notices.Any(AsksForIt))
            {
                sections.Add(section);
                continue;
            }
            var evidence = await TryMakeAsync(
                orders.First(o => o.Row.Id == section.Order.Id),
                content.Person,
                left,
                ct
            );
            left -= evidence.File?.Bytes.Length ?? 0;
            sections.Add(section with { Evidence = evidence });
        }
        return content with { Orders = sections };
    }

    private static bool AsksForIt(NoticeDraft notice) =>
        notice is { Kind: not NoticeKind.News, Step: Step.OpenDispute or Step.Chargeback };

    private async Task<EvidenceNote> TryMakeAsync(
        StoredOrder order,
        Domain.Registering.Person person,
        int atMost,
        CancellationToken ct
    )
    {
        try
        {
            // A connection of its own: trouble in here must not spoil the mail's transaction.
            await using var db = await contexts.CreateDbContextAsync(ct);
            var pack = await maker.MakeAsync(db, order, person, null, null, ct);
            var zip = pack.ToZip();
            return zip.Length <= atMost
                ? new EvidenceNote(new MailAttachment($"{pack.Name}.zip", "application/zip", zip))
                : new EvidenceNote(null, LargerThan: Mebibytes);
        }
        catch (Exception surprise) when (!ct.IsCancellationRequested)
        {
            MakingFailed(logger, order.Row.Id, surprise);
            return new EvidenceNote(null);
        }
    }

    [LoggerMessage(
        603,
        LogLevel.Error,
        "The evidence of {Order} could not be made; the mail goes without it, please report this"
    )]
    private static partial void MakingFailed(ILogger logger, string order, Exception surprise);
}
