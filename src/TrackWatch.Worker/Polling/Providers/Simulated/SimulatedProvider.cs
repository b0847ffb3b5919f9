using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.Worker.Polling.Providers.Simulated;

/// <summary>
/// Parcels made up for a first look and for tests without a network: <c>SIMMOVING01</c>, <c>SIMSILENT01</c>,
/// <c>SIMCUSTOMS01</c>, <c>SIMDELIVERED01</c>, <c>SIMENDING01</c>; whatever follows the name is free, any other number is
/// not known. Their events stand relative to the registration and happen as the clock goes on. The entries have Cainiao's
/// shape, so that what is read of them goes through the rules that real parcels go through.
/// </summary>
internal sealed class SimulatedProvider(TimeProvider clock) : ITrackingProvider
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Id => ProviderIds.Simulated;

    public ProviderLimits Limits { get; } =
        new()
        {
            BatchSize = 100,
            MinGap = TimeSpan.Zero,
            Floor = TimeSpan.Zero,
        };

    public Uri? PageOf(string number) => null;

    public Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow();
        return Task.FromResult<ProviderReply>(
            new ProviderReply.Entries(
                questions.DistinctBy(q => q.Number).ToDictionary(q => q.Number, q => Entry(q, now))
            )
        );
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        CainiaoReading.Of(entry, askedAt).Outcome;

    private static ReadOnlyMemory<byte> Entry(PollQuestion question, DateTimeOffset now)
    {
        var journey = SimulatedJourney.All.FirstOrDefault(j =>
            question.Number.StartsWith(j.Name, StringComparison.Ordinal)
        );
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using var entry = new Utf8JsonWriter(buffer, Readable);
        entry.WriteStartObject();
        entry.WriteString("mailNo", question.Number);
        entry.WriteString("mailNoSource", journey is null ? "EXTERNAL" : "AE");
        if (journey is not null)
        {
            entry.WriteString("originCountry", "Mainland China");
            entry.WriteString("destCountry", journey.Destination);
            entry.WriteStartObject("destCpInfo");
            entry.WriteString("cpName", journey.Carrier);
            entry.WriteEndObject();
            entry.WriteStartObject("globalEtaInfo");
            entry.WriteNumber(
                "deliveryMaxTime",
                (question.RegisteredAt + journey.ExpectedAfter).ToUnixTimeMilliseconds()
            );
            entry.WriteEndObject();
        }
        entry.WriteStartArray("detailList");
        foreach (var step in (journey?.Steps ?? []).Reverse())
            if (question.RegisteredAt + step.After is var at && at <= now)
                WriteTrace(entry, step, at);
        entry.WriteEndArray();
        entry.WriteEndObject();
        entry.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteTrace(Utf8JsonWriter entry, SimulatedStep step, DateTimeOffset at)
    {
        var wall = at.ToOffset(TimeSpan.FromHours(step.Zone));
        entry.WriteStartObject();
        entry.WriteString("timeStr", wall.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        entry.WriteString("timeZone", string.Create(CultureInfo.InvariantCulture, $"GMT+{step.Zone}"));
        entry.WriteString("actionCode", step.Code);
        entry.WriteString("standerdDesc", step.Text);
        entry.WriteEndObject();
    }
}

internal static class SimulatedSetup
{
    /// <summary>Adds the made-up parcels where the settings ask for them.</summary>
    public static IServiceCollection AddSimulated(this IServiceCollection services, SimulatedSettings settings) =>
        settings.Enabled ? services.AddSingleton<ITrackingProvider, SimulatedProvider>() : services;
}
