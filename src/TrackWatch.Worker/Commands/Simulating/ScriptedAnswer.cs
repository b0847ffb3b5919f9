using System.Globalization;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>What a source says of scripted events: in Cainiao's own shape, so that the real mapper reads it.</summary>
internal static class ScriptedAnswer
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <param name="known">Newest first.</param>
    public static PollOutcome Read(string number, IReadOnlyList<ScriptedEvent> known, DateTimeOffset askedAt) =>
        CainiaoReading.Of(Write(number, known), askedAt).Outcome;

    public static ReadOnlyMemory<byte> Write(string number, IReadOnlyList<ScriptedEvent> known) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                mailNo = number,
                mailNoSource = "EXTERNAL",
                copyRealMailNo = known.Select(e => e.HandedOverAs).FirstOrDefault(n => n is not null),
                detailList = known.Select(e => new
                {
                    time = e.At.ToUnixTimeMilliseconds(),
                    timeStr = e.At.ToOffset(China).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    timeZone = "GMT+8",
                    standerdDesc = e.Place is null ? e.Text : $"[{e.Place}] {e.Text}",
                    actionCode = e.Code,
                }),
            }
        );
}
