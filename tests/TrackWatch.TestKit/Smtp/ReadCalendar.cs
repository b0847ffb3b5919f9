using System.Diagnostics;
using System.Text.Json;

namespace TrackWatch.TestKit.Smtp;

/// <summary>A calendar file as another program reads it: Debian's python3-icalendar in a process of its own.</summary>
/// <param name="LongestLine">In bytes.</param>
public sealed record ReadCalendar(
    string Method,
    IReadOnlyList<ReadEvent> Events,
    int LongestLine,
    IReadOnlyList<string> Errors
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<ReadCalendar> FromAsync(ReadOnlyMemory<byte> file)
    {
        var start = new ProcessStartInfo(SmtpSink.Python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(await SmtpSink.ScriptAsync("calendar_reader.py"));
        using var python = Process.Start(start)!;
        await python.StandardInput.BaseStream.WriteAsync(file);
        python.StandardInput.Close();
        var told = python.StandardOutput.ReadToEndAsync();
        var errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        return python.ExitCode == 0
            ? JsonSerializer.Deserialize<ReadCalendar>(await told, Json)!
            : throw new InvalidOperationException(
                $"The calendar cannot be read; the test needs Debian's python3-icalendar. {errors}"
            );
    }
}

/// <param name="End">The first day after it.</param>
/// <param name="Alarms">Seconds from the beginning of the day.</param>
public sealed record ReadEvent(
    string Uid,
    int Sequence,
    string Status,
    DateTimeOffset Stamp,
    DateOnly Start,
    DateOnly End,
    string Summary,
    string Description,
    bool Transparent,
    IReadOnlyList<double> Alarms
);
