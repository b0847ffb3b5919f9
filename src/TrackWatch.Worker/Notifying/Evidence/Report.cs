using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Notifying.Evidence;

// Public, because Razor makes every component and so its parameters public.

/// <summary>The printed record in words and in order, before it is HTML.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Direction"><c>ltr</c> or <c>rtl</c>.</param>
public sealed record Report(
    string Language,
    string Direction,
    string Title,
    string AsOf,
    string About,
    string InShort,
    IReadOnlyList<string> Summary,
    IReadOnlyList<Chapter> Chapters
);

public sealed record Chapter(string Title, IReadOnlyList<Part> Parts);

public abstract record Part
{
    private Part() { }

    public sealed record Passage(string Words) : Part;

    /// <summary>Names on the left, what is said of them on the right.</summary>
    public sealed record Pairs(IReadOnlyList<Pair> Rows) : Part;

    /// <param name="Widths">Of the columns, in per cent.</param>
    public sealed record Grid(
        IReadOnlyList<string> Heads,
        IReadOnlyList<int> Widths,
        IReadOnlyList<IReadOnlyList<Cell>> Rows
    ) : Part;

    public sealed record Drawing(TimeLine Line) : Part;
}

/// <param name="Origin">Who says so; null = nobody needs to.</param>
public sealed record Pair(string Label, ForeignText Words, string? Origin = null);

/// <param name="Words">Ours.</param>
/// <param name="Quote">Words of a stranger, below ours.</param>
/// <param name="IsStrong">Progress.</param>
/// <param name="IsCode">In letters of one width.</param>
public sealed record Cell(
    string Words,
    ForeignText Quote = default,
    string? Note = null,
    bool IsStrong = false,
    bool IsCode = false
);

/// <summary>A parcel's life as a picture; places are parts of its width, 0 to 1.</summary>
/// <param name="Told">The picture in a sentence, for who cannot see it.</param>
/// <param name="Asked">One mark a day.</param>
public sealed record TimeLine(
    string Told,
    string ParcelRow,
    string AskedRow,
    IReadOnlyList<TimeMark> Dates,
    IReadOnlyList<TimeSpot> Events,
    IReadOnlyList<TimeBar> Silences,
    IReadOnlyList<TimeSpot> Asked,
    TimeLegend Legend
);

public sealed record TimeMark(double At, string Words);

/// <param name="IsFull">Progress, or an answer; else another line, or no answer all day.</param>
public sealed record TimeSpot(double At, bool IsFull);

public sealed record TimeBar(double From, double To, string Words);

public sealed record TimeLegend(string Progress, string Other, string Silence, string Answered, string NoAnswer);
