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
)
{
    /// <summary>Answers that end something: quiet, below everything else; null = none.</summary>
    public Block.Replies? Ends { get; init; }
}

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

    public sealed record Heading(string Words, Rank Rank = Rank.Part, string? Note = null) : Block;

    public sealed record Passage(string Words, bool IsQuiet = false) : Block;

    /// <summary>The first thing to read: what happened, by when, what to do, and where.</summary>
    /// <param name="Action">The one place to go; null = none is known.</param>
    public sealed record Card(Tone Tone, IReadOnlyList<Row> Rows, Link? Action = null) : Block;

    public sealed record Table(IReadOnlyList<Row> Rows) : Block;

    public sealed record Bullets(string? Label, IReadOnlyList<string> Items) : Block;

    /// <summary>A text to paste: printed to the letter, lines kept.</summary>
    /// <param name="Language">BCP 47; of the body alone.</param>
    /// <param name="Direction">The body's.</param>
    public sealed record Letter(
        string Title,
        string Language,
        string Direction,
        string Body,
        IReadOnlyList<string> Notes
    ) : Block;

    /// <param name="Legs">All seven; empty where no leg is known.</param>
    public sealed record Journey(
        string Caption,
        Tone Tone,
        IReadOnlyList<LegMark> Legs,
        IReadOnlyList<TimelineLine> Lines,
        string? More
    ) : Block;

    public sealed record Links(IReadOnlyList<Link> Targets) : Block;

    /// <summary>Lines for a shell.</summary>
    public sealed record Commands(IReadOnlyList<Command> Lines) : Block;

    /// <summary>Answers by mail, the likeliest first.</summary>
    /// <param name="Label">Before a line of the text part: <c>Reply with</c>.</param>
    /// <param name="Hint">What a link does; null = that is said elsewhere.</param>
    /// <param name="To">In the text part, where links cannot be followed: how to send a line.</param>
    public sealed record Replies(string Label, string? Hint, string To, IReadOnlyList<Command> Lines) : Block;

    /// <summary>Orders, one under the other, in a digest.</summary>
    public sealed record Parcels(IReadOnlyList<ParcelLine> Lines) : Block;

    /// <param name="Span">The days that are drawn, today first; each names the week that begins with it, or nothing.</param>
    /// <param name="Days">Those on which something ends or begins, soonest first.</param>
    public sealed record Strip(IReadOnlyList<SpanDay> Span, IReadOnlyList<StripDay> Days) : Block;
}

/// <summary>What a heading stands over.</summary>
public enum Rank
{
    /// <summary>A part of the order before it, or of the mail where there is none.</summary>
    Part,

    /// <summary>One order among several.</summary>
    Order,

    /// <summary>A part of the mail that is no order's.</summary>
    Section,
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

/// <param name="Line">What a shell takes, or what an answer says.</param>
/// <param name="Reply">A <c>mailto:</c> link that says the line; null = it is one for a shell.</param>
public sealed record Command(string Line, string Meaning, Uri? Reply = null);

public sealed record ParcelLine(ForeignText Thing, string Status, string? Note, Tone Tone);

/// <param name="Label">The day in figures where a label stands below it; null = none does.</param>
public sealed record SpanDay(DateOnly Day, string? Label);

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
