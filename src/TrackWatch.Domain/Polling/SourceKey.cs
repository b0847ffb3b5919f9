namespace TrackWatch.Domain.Polling;

/// <summary>A provider asked about a number: the parcel's own, or the one another carrier gave it on the way.</summary>
/// <param name="Number">In normal form.</param>
public sealed record SourceKey(string Provider, string Number)
{
    public static readonly SourceKey None = new("", "");
}
