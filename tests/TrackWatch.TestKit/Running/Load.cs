using System.Globalization;
using TrackWatch.TestKit.Providers;

namespace TrackWatch.TestKit.Running;

/// <summary>Many orders of one quiet person, and some whose stall is told to people of their own.</summary>
internal sealed record Load(int Moving, int Stalled)
{
    public const int EventsEach = 3;

    public int All => Moving + Stalled;

    public IEnumerable<string> StalledNumbers => Enumerable.Range(Moving, Stalled).Select(Number);

    public static string Number(int i) => string.Create(CultureInfo.InvariantCulture, $"LP{600_000_000_000 + i:D14}");

    /// <summary>What <c>orders.yaml</c> says.</summary>
    public string Orders() =>
        string.Join(
            '\n',
            [
                "people:",
                "  quiet: {email: quiet@example.org, digest: never}",
                .. Enumerable
                    .Range(Moving, Stalled)
                    .Select(i => $"  person-{i}: {{email: person-{i}@example.org, digest: never}}"),
                "orders:",
                .. Enumerable.Range(0, All).Select(Order),
            ]
        ) + "\n";

    /// <summary>A stub that knows every number, the stalled ones too.</summary>
    public async Task<ProviderStubProcess> StartStubAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var stub = await ProviderStubProcess.StartAsync(syntheticEvents: EventsEach);
        foreach (var number in StalledNumbers)
            await stub.PutParcelAsync(number, CainiaoParcels.Parcel(number, CainiaoParcels.FlownOut(now, daysAgo: 17)));
        return stub;
    }

    private string Order(int i) =>
        i < Moving
            ? $"  - {{id: o{i}, person: quiet, tracking: [{Number(i)}]}}"
            : $"  - {{id: o{i}, person: person-{i}, tracking: [{Number(i)}], thresholds: {{notice: 10d, stalled: 15d, critical: 40d}}}}";
}
