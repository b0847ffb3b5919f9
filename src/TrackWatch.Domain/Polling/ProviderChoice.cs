namespace TrackWatch.Domain.Polling;

/// <summary>The ids of the providers, as files, tables and metrics write them.</summary>
public static class ProviderIds
{
    public const string Cainiao = "cainiao";
    public const string Simulated = "simulated";
}

/// <summary>Which provider a number is asked at when its order names none.</summary>
public static class ProviderChoice
{
    /// <summary>
    /// Cainiao takes every number: one it does not know costs a harmless answer (numbers.md, 2). The made-up
    /// parcels are only offered where they are switched on.
    /// </summary>
    public static string For(TrackingNumber number, bool simulated) =>
        simulated && number.Value.StartsWith("SIM", StringComparison.Ordinal)
            ? ProviderIds.Simulated
            : ProviderIds.Cainiao;
}
