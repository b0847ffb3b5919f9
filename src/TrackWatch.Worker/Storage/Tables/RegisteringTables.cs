using TrackWatch.Domain.Registering;

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
