namespace TrackWatch.Domain.Registering;

/// <summary>What a new reading of the orders file changes in one order's facts.</summary>
/// <param name="Told">Facts that the file says for the first time.</param>
/// <param name="Gone">Facts that it does not say any more.</param>
public sealed record FileFacts(IReadOnlyList<Fact> Told, IReadOnlyList<Fact> Gone)
{
    public bool IsChange => Told.Count > 0 || Gone.Count > 0;

    /// <summary>The file's facts are replaced as a set; one that it says as before keeps the moment it was first told.</summary>
    public static FileFacts Change(IReadOnlyCollection<Fact> before, IReadOnlyCollection<Fact> said) =>
        new([.. said.Where(f => !before.Contains(f))], [.. before.Where(f => !said.Contains(f))]);
}
