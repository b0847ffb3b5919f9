using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Worker.Storage.Tables;

/// <summary>An interval without progress, with the moments at which each level became true.</summary>
internal sealed class StallRow
{
    public long Id { get; set; }
    public required string OrderId { get; set; }
    public required long ShipmentId { get; set; }
    public required Leg Leg { get; set; }
    public required StallLevel Level { get; set; }
    public required DateTimeOffset LastProgressAt { get; set; }
    public DateTimeOffset? NoticeSince { get; set; }
    public DateTimeOffset? StalledSince { get; set; }
    public DateTimeOffset? CriticalSince { get; set; }
    public required DateTimeOffset NoticedAt { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? ClosedWhy { get; set; }
}

/// <summary>A day that a rule gives for an order, as the newest assessment saw it.</summary>
internal sealed class DeadlineRow
{
    public required string OrderId { get; set; }
    public required string Rule { get; set; }
    public required string Name { get; set; }
    public required DayRole Role { get; set; }
    public DateOnly? Opens { get; set; }
    public DateOnly LastDay { get; set; }
    public DateOnly LastSafeDay { get; set; }
    public DateOnly? MaybeUntil { get; set; }
    public bool Assumed { get; set; }

    /// <summary>When it was first seen as it is now.</summary>
    public DateTimeOffset AsOf { get; set; }
}

/// <summary>The problem of one order, open or closed; its id stays through settling and reopening.</summary>
internal sealed class CaseRow
{
    public required Guid Id { get; set; }
    public required string OrderId { get; set; }
    public required DateTimeOffset OpenedAt { get; set; }
    public DateTimeOffset? SettlingSince { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Why it settles or was closed.</summary>
    public CaseEnd? ClosedWhy { get; set; }
    public int Reopened { get; set; }
    public Step? Due { get; set; }
    public DateOnly? DoBy { get; set; }
}

internal sealed class CaseStepRow
{
    public required Guid CaseId { get; set; }
    public required Step Step { get; set; }
    public required StepState State { get; set; }
    public Reason? Why { get; set; }
    public DateOnly? DoBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}

/// <summary>One thing to tell one person: written with the state change it tells of, mailed later.</summary>
internal sealed class NoticeRow
{
    public long Id { get; set; }

    /// <summary>Person, case or order, and instance; unique, so that nothing is told twice.</summary>
    public required string DedupKey { get; set; }
    public required string PersonId { get; set; }
    public string? OrderId { get; set; }
    public required NoticeKind Kind { get; set; }
    public required Channel Channel { get; set; }
    public required string Instance { get; set; }

    /// <summary>A <see cref="NoticeDraft"/>, or operator news.</summary>
    public required string Content { get; set; }
    public required DateTimeOffset WrittenAt { get; set; }
    public DateOnly? DoBy { get; set; }
    public DateOnly? TellBy { get; set; }

    /// <summary>What it told was no longer so before it could be mailed.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }
    public Guid? MailId { get; set; }
}

/// <summary>One mail in its final bytes.</summary>
internal sealed class MailRow
{
    public required Guid Id { get; set; }
    public required string PersonId { get; set; }
    public required string Kind { get; set; }
    public required string MessageId { get; set; }
    public required string Sender { get; set; }
    public required string[] Recipients { get; set; }

    /// <summary>Those of the recipients for whom nothing more is to be done: they have it, or never will.</summary>
    public string[] Settled { get; set; } = [];

    /// <summary>What it belongs to with other mails to the same person; null = it stands alone.</summary>
    public string? Thread { get; set; }
    public required string Subject { get; set; }
    public required byte[] Body { get; set; }
    public required DateTimeOffset ComposedAt { get; set; }

    /// <summary>null = nothing more to do: accepted or refused for good.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }
    public Guid? LeaseToken { get; set; }
    public DateTimeOffset? AcceptedAt { get; set; }
    public DateTimeOffset? RefusedAt { get; set; }

    /// <summary>The server's last words.</summary>
    public string? Reply { get; set; }
}

/// <summary>What one person's calendar was last given for one last day of an order.</summary>
internal sealed class CalendarEventRow
{
    public required string PersonId { get; set; }
    public required string OrderId { get; set; }

    /// <summary>Which last day.</summary>
    public required string Name { get; set; }
    public required DateOnly Day { get; set; }
    public required int Sequence { get; set; }
    public required DateTimeOffset Stamp { get; set; }
    public bool Cancelled { get; set; }
}
