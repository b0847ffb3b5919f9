namespace TrackWatch.Worker.Configuration;

/// <summary>How much a <see cref="Problem"/> matters. Only an error keeps a file from being used.</summary>
internal enum Severity
{
    Error,

    /// <summary>Worth a look; the file is used as it stands.</summary>
    Warning,

    /// <summary>A fact that would make a date exact.</summary>
    Info,
}

/// <summary>Where a value was written.</summary>
/// <param name="File">A path, or the name of an environment variable.</param>
/// <param name="Line">From 1; 0 where there are no lines.</param>
/// <param name="Column">From 1; 0 where there are no lines.</param>
internal readonly record struct Place(string File, int Line = 0, int Column = 0)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>One thing that is wrong, or could be better, in a file or an environment variable. Never holds a secret's value.</summary>
/// <param name="Message">What is wrong with which key, and what the right form is.</param>
/// <param name="Suggestion">What to write instead, ready to paste; null where nothing is likely.</param>
/// <param name="Missing">The fact that would help, where that is all there is to say; null otherwise.</param>
internal sealed record Problem(
    string File,
    int Line,
    int Column,
    Severity Severity,
    string Message,
    string? Suggestion = null,
    MissingFact? Missing = null
)
{
    /// <summary>One line as compilers print it, so that editors find the place.</summary>
    public override string ToString()
    {
        var hint = Suggestion is null ? "" : $" Did you mean '{Suggestion}'?";
        return $"{new Place(File, Line, Column)}: {Severity.ToString().ToLowerInvariant()}: {Message}{hint}";
    }
}

/// <summary>A key that an order of the file does not say, though it would make a date exact.</summary>
internal sealed record MissingFact(string Order, string Key);

/// <summary>Collects problems, so that all are told at once; of a hopeless file the first few hundred are enough.</summary>
internal sealed class Problems
{
    private const int MostErrors = 200;

    private readonly List<Problem> found = [];
    private int errors;

    /// <summary>In the order of the files and of their lines; the last line says how many errors are not listed.</summary>
    public IReadOnlyList<Problem> All
    {
        get
        {
            var all = found.Order(ByPlace).ToList();
            if (errors > MostErrors)
                all.Add(
                    all[^1] with
                    {
                        Message = $"{errors - MostErrors} more errors are not listed.",
                        Suggestion = null,
                        Severity = Severity.Error,
                    }
                );
            return all;
        }
    }

    public bool AnyError => errors > 0;

    public void Error(Place at, string message, string? suggestion = null)
    {
        if (++errors <= MostErrors)
            Add(at, Severity.Error, message, suggestion);
    }

    public void Warning(Place at, string message, string? suggestion = null) =>
        Add(at, Severity.Warning, message, suggestion);

    public void Info(Place at, string message, MissingFact? missing = null) =>
        Add(at, Severity.Info, message, null, missing);

    public void Add(Problem problem)
    {
        if (problem.Severity != Severity.Error || ++errors <= MostErrors)
            found.Add(problem);
    }

    private void Add(Place at, Severity severity, string message, string? suggestion, MissingFact? missing = null) =>
        found.Add(new Problem(at.File, at.Line, at.Column, severity, message, suggestion, missing));

    // Stable: Order() keeps what stands at one place in the order it was found.
    private static readonly Comparer<Problem> ByPlace = Comparer<Problem>.Create(
        (a, b) =>
            string.CompareOrdinal(a.File, b.File) is var file and not 0 ? file
            : a.Line.CompareTo(b.Line) is var line and not 0 ? line
            : a.Column.CompareTo(b.Column)
    );
}
