using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing;

// Public, because Razor makes every component and so its parameters public.

/// <summary>A mail in words and in order, before it is HTML or plain text: both parts are written from this.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Direction"><c>ltr</c> or <c>rtl</c>.</param>
/// <param name="Preview">What a list of mails shows beside the subject.</param>
/// <param name="Kicker">A short line above the title; null = none.</param>
public sealed record Page(
    string Language,
    string Direction,
    string Subject,
    string Preview,
    string? Kicker,
    string Title,
    IReadOnlyList<Block> Blocks,
    IReadOnlyList<string> Footer
);

public enum Tone
{
    Calm,
    Good,
    Attention,
    Urgent,
}

/// <summary>One piece of a mail, from top to bottom.</summary>
public abstract record Block
{
    private Block() { }

    /// <param name="IsOrder">Begins an order; else a part of one.</param>
    public sealed record Heading(string Words, bool IsOrder = false, string? Note = null) : Block;

    public sealed record Passage(string Words, bool IsQuiet = false) : Block;

    /// <summary>The first thing to read: what happened, what to do, by when.</summary>
    public sealed record Card(Tone Tone, IReadOnlyList<Row> Rows) : Block;

    public sealed record Table(IReadOnlyList<Row> Rows) : Block;

    public sealed record Bullets(string? Label, IReadOnlyList<string> Items) : Block;

    /// <summary>A text to paste: printed to the letter, lines kept.</summary>
    public sealed record Letter(string Title, string Language, string Body, IReadOnlyList<string> Notes) : Block;

    /// <param name="Legs">All seven; empty where no leg is known.</param>
    public sealed record Journey(
        string Caption,
        Tone Tone,
        IReadOnlyList<LegMark> Legs,
        IReadOnlyList<TimelineLine> Lines,
        string? More
    ) : Block;

    public sealed record Links(IReadOnlyList<Link> Targets) : Block;

    public sealed record Commands(IReadOnlyList<Command> Lines) : Block;

    /// <summary>Orders, one under the other, in a digest.</summary>
    public sealed record Parcels(IReadOnlyList<ParcelLine> Lines) : Block;

    public sealed record Strip(IReadOnlyList<StripDay> Days) : Block;
}

/// <param name="Quote">Words of a stranger, shown below ours.</param>
public sealed record Row(
    string Label,
    string Words,
    string? Note = null,
    ForeignText Quote = default,
    bool IsStrong = false
);

public enum LegState
{
    Passed,
    Current,
    Ahead,
}

public sealed record LegMark(Leg Leg, string Name, LegState State);

public sealed record TimelineLine(string At, string Status, ForeignText Place, ForeignText Text, bool IsNewest);

/// <param name="Address">Null = known by name only.</param>
/// <param name="Rule">The rule that names it, with what is in doubt about it; null = it rests on none.</param>
public sealed record Link(string Name, Uri? Address, string? Rule = null);

/// <param name="Reply">A <c>mailto:</c> link that says the same; null = replies are not read.</param>
public sealed record Command(string Line, string Meaning, Uri? Reply = null);

public sealed record ParcelLine(ForeignText Thing, string Status, string? Note, Tone Tone);

/// <param name="Assumed">The word for it where the day was worked out; null = it was read off the order.</param>
/// <param name="Rule">Id of the rule that gives the day; null = the order itself names it.</param>
public sealed record StripDay(
    DateOnly Day,
    string Words,
    string Left,
    ForeignText Thing,
    string What,
    string? Assumed,
    string? Rule,
    Tone Tone
)
{
    /// <summary>What stands in brackets behind it; null = nothing.</summary>
    public string? Note =>
        Assumed is null ? Rule
        : Rule is null ? Assumed
        : $"{Assumed}, {Rule}";
}
