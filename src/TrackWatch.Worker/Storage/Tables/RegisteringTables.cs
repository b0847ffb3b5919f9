using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;

namespace TrackWatch.Worker.Storage.Tables;

/// <summary>A person as the newest registration says it; archived when no order names them any more.</summary>
internal sealed class PersonRow
{
    public required string Id { get; set; }
    public required Person Profile { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>When the next digest may go; null = none was planned yet.</summary>
    public DateTimeOffset? NextDigestAt { get; set; }
    public DateTimeOffset? LastDigestAt { get; set; }
}

internal sealed class OrderRow
{
    public required string Id { get; set; }
    public required Order Definition { get; set; }
    public required DateTimeOffset RegisteredAt { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>When the verdict could change; null = not before something else happens to the order.</summary>
    public DateTimeOffset? NextAssessmentAt { get; set; }
}

internal sealed class OrderPersonRow
{
    public required string OrderId { get; set; }
    public required string PersonId { get; set; }

    /// <summary>The first person's zone rules the order's days.</summary>
    public int Position { get; set; }
}

internal sealed class OrderShipmentRow
{
    public required string OrderId { get; set; }
    public required long ShipmentId { get; set; }
    public int Position { get; set; }
}

/// <summary>One telling of one fact. Nothing is deleted: what was taken back says when.</summary>
internal sealed class FactRow
{
    public long Id { get; set; }
    public required string OrderId { get; set; }
    public required string Key { get; set; }
    public required Fact Value { get; set; }
    public required FactOrigin Origin { get; set; }
    public required DateTimeOffset ToldAt { get; set; }
    public DateTimeOffset? UndoneAt { get; set; }
}

/// <summary>That a set of files was put in force, by whom and what it held.</summary>
internal sealed class RegistrationRow
{
    public long Id { get; set; }
    public required DateTimeOffset At { get; set; }
    public required string Host { get; set; }
    public required string Source { get; set; }
    public required string Hash { get; set; }
    public required int Orders { get; set; }
    public required int People { get; set; }
    public required int Archived { get; set; }
}

/// <summary>An answer by mail of one of the people, and what became of it. What others send leaves no row.</summary>
internal sealed class ReplyRow
{
    public long Id { get; set; }

    /// <summary>Unique: the same mail read twice is heard once.</summary>
    public required string MessageId { get; set; }
    public required DateTimeOffset ReceivedAt { get; set; }
    public required string PersonId { get; set; }
    public string? OrderId { get; set; }

    /// <summary>The command as it was written: cleaned and bounded.</summary>
    public required string Words { get; set; }

    /// <summary>Why nothing was done; null = it was done.</summary>
    public ReplyTrouble? Trouble { get; set; }

    /// <summary>The telling that was written down or, with <see cref="TakenBack"/>, taken back.</summary>
    public long? FactId { get; set; }
    public bool TakenBack { get; set; }

    /// <summary>Mail, order and person of an answer that closed something; unique, so that it closes once.</summary>
    public string? Once { get; set; }

    /// <summary>The digest that told of it; null = the next one will.</summary>
    public Guid? ToldIn { get; set; }
}

/// <summary>An address that a mail server called dead: nothing is sent there until it is enabled or changed.</summary>
internal sealed class RefusedAddressRow
{
    /// <summary>Lower case.</summary>
    public required string Address { get; set; }
    public required DateTimeOffset Since { get; set; }

    /// <summary>The server's words: foreign text, cleaned and bounded.</summary>
    public required string Why { get; set; }

    /// <summary>The mail that came back.</summary>
    public required Guid MailId { get; set; }
}

/// <summary>Something that all workers of a database must share and nobody else may know; made once, by chance.</summary>
internal sealed class SecretRow
{
    public required string Name { get; set; }
    public required byte[] Value { get; set; }
}
