namespace TrackWatch.Worker.Notifying.Composing.Stories;

/// <summary>How much a mail tells of its orders, the most pressing first.</summary>
/// <param name="InFull">With ready texts and background.</param>
/// <param name="WithCard">With what happened, what to do and by when; those after them get a line each.</param>
internal readonly record struct Detail(int InFull, int WithCard)
{
    public static Detail Everything(int orders) => new(orders, orders);

    /// <summary>About half of it; null = there is nothing left to leave out.</summary>
    public Detail? Less() =>
        InFull > 0 ? this with { InFull = InFull / 2 }
        : WithCard > 0 ? this with { WithCard = WithCard / 2 }
        : null;
}
