namespace TrackWatch.Domain.Assessing;

/// <summary>How long a silence is, measured by what is usual on the leg.</summary>
public enum StallLevel
{
    Moving,

    /// <summary>The upper end of normal.</summary>
    Notice,

    /// <summary>About twice the normal gap.</summary>
    Stalled,

    /// <summary>Where guides and aggregators call a parcel lost.</summary>
    Critical,
}
