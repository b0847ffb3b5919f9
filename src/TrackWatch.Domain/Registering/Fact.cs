using System.Text.Json.Serialization;
using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Registering;

/// <summary>
/// Something that happened to an order outside its parcel. The orders file, a command or a reply mail can tell it; the
/// newest telling of each <see cref="Key"/> counts. Dates are calendar days in the zone of the order's first person.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "fact")]
[JsonDerivedType(typeof(StepDone), "step-done")]
[JsonDerivedType(typeof(ProtectionEnds), "protection-ends")]
[JsonDerivedType(typeof(CustomsHold), "customs-hold")]
[JsonDerivedType(typeof(DisputeOpened), "dispute-opened")]
[JsonDerivedType(typeof(DisputeDecided), "dispute-decided")]
[JsonDerivedType(typeof(RefundApproved), "refund-approved")]
[JsonDerivedType(typeof(RefundReceived), "refund-received")]
[JsonDerivedType(typeof(Missing), "missing")]
[JsonDerivedType(typeof(Snoozed), "snoozed")]
[JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(Mails), "mails")]
public abstract record Fact
{
    private Fact() { }

    /// <summary>What the fact is about: a newer fact with the same key takes the place of an older one.</summary>
    [JsonIgnore]
    public abstract string Key { get; }

    /// <param name="On">The day it was done; null = the day it was told.</param>
    public sealed record StepDone(Step Step, DateOnly? On = null, string? Note = null) : Fact
    {
        public override string Key => $"done/{Step.Id()}";
    }

    /// <param name="On">The day that the order page prints (AliExpress: a Pacific date).</param>
    public sealed record ProtectionEnds(DateOnly On) : Fact
    {
        public override string Key => "protection-ends";
    }

    /// <param name="Until">The last day for papers or payment; null = not said.</param>
    public sealed record CustomsHold(DateOnly? Until = null, string? Notice = null, string? AskedFor = null) : Fact
    {
        public override string Key => "customs-hold";

        /// <summary>What this telling leaves out stands as it was told before.</summary>
        public CustomsHold Over(CustomsHold? earlier) =>
            new(Until ?? earlier?.Until, Notice ?? earlier?.Notice, AskedFor ?? earlier?.AskedFor);
    }

    public sealed record DisputeOpened(DateOnly? On = null, string? Id = null) : Fact
    {
        public override string Key => "dispute-opened";
    }

    public sealed record DisputeDecided(DisputeOutcome Outcome, DateOnly? On = null, Money? Amount = null) : Fact
    {
        public override string Key => "dispute-decided";
    }

    public sealed record RefundApproved(DateOnly? On = null, Money? Amount = null) : Fact
    {
        public override string Key => "refund-approved";
    }

    public sealed record RefundReceived(DateOnly? On = null, Money? Amount = null) : Fact
    {
        public override string Key => "refund-received";
    }

    /// <summary>The scan says delivered, the buyer has nothing.</summary>
    public sealed record Missing(DateOnly? On = null) : Fact
    {
        public override string Key => "missing";
    }

    /// <summary>No advice before the end of this day; deadlines go on.</summary>
    public sealed record Snoozed(DateOnly Until) : Fact
    {
        public override string Key => "snoozed";
    }

    public sealed record Closed(ClosedWhy Why, DateOnly? On = null) : Fact
    {
        public override string Key => "closed";
    }

    /// <summary>Whether the order's notices go to somebody; they do until it is told otherwise.</summary>
    /// <param name="Person">Id of one of the order's people; null = all of them.</param>
    public sealed record Mails(bool Wanted, string? Person = null) : Fact
    {
        public override string Key => KeyOf(Person);

        public static string KeyOf(string? person) => person is null ? "mails" : $"mails/{person}";
    }

    /// <summary>Nothing more is said or advised once this is told: a mail may tell it only once.</summary>
    [JsonIgnore]
    public bool EndsAdvice => this is Closed or RefundReceived or Mails { Wanted: false };
}

public enum DisputeOutcome
{
    Granted,
    Partial,
    Refused,
}

public enum ClosedWhy
{
    Received,
    Refunded,
    Cancelled,
    Lost,
}

/// <summary>Where a fact was told.</summary>
public enum FactOrigin
{
    File,
    Command,
    Mail,
}

/// <summary>A fact with its origin and the instant it was told (for the file: when the file first said so).</summary>
public sealed record ToldFact(Fact Fact, FactOrigin Origin, DateTimeOffset ToldAt);
