using System.Globalization;
using System.Text;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>A day in a calendar.</summary>
/// <param name="Uid">The same for the same thing in every later file.</param>
/// <param name="Stamp">When what it says last changed.</param>
/// <param name="Sequence">Grows with every change.</param>
/// <param name="Cancelled">Takes the day out of the calendar again.</param>
internal sealed record CalendarEntry(
    string Uid,
    DateOnly Day,
    string Summary,
    string Description,
    DateTimeOffset Stamp,
    int Sequence,
    bool Cancelled = false
);

/// <summary>Writes RFC 5545 files of whole days with alarms. Equal entries give equal bytes.</summary>
internal static class CalendarFile
{
    /// <summary>A line's octets without its end (RFC 5545, 3.1).</summary>
    private const int LineOctets = 75;

    /// <summary>An alarm rings on the morning of so many days before.</summary>
    private static readonly int[] AlarmDays = [7, 3, 1];
    private const int AlarmHour = 9;

    public static string Write(IEnumerable<CalendarEntry> entries)
    {
        var file = new StringBuilder();
        Line($"BEGIN:VCALENDAR");
        Line($"VERSION:2.0");
        Line($"PRODID:-//TrackWatch//Deadlines//EN");
        Line($"CALSCALE:GREGORIAN");
        Line($"METHOD:PUBLISH");
        foreach (var entry in entries)
        {
            Line($"BEGIN:VEVENT");
            Line($"UID:{Escape(entry.Uid)}");
            Line($"DTSTAMP:{entry.Stamp.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
            Line($"SEQUENCE:{entry.Sequence}");
            Line($"DTSTART;VALUE=DATE:{entry.Day:yyyyMMdd}");
            Line($"DTEND;VALUE=DATE:{entry.Day.AddDays(1):yyyyMMdd}");
            Line($"SUMMARY:{Escape(entry.Summary)}");
            Line($"DESCRIPTION:{Escape(entry.Description)}");
            Line($"STATUS:{(entry.Cancelled ? "CANCELLED" : "CONFIRMED")}");
            Line($"TRANSP:TRANSPARENT");
            foreach (var days in entry.Cancelled ? [] : AlarmDays)
            {
                Line($"BEGIN:VALARM");
                Line($"ACTION:DISPLAY");
                Line($"DESCRIPTION:{Escape(entry.Summary)}");
                // The day begins at midnight, and nobody is to be woken then.
                Line($"TRIGGER:-P{days - 1}DT{24 - AlarmHour}H");
                Line($"END:VALARM");
            }
            Line($"END:VEVENT");
        }
        Line($"END:VCALENDAR");
        return file.ToString();

        void Line(FormattableString line) => Fold(file, line.ToString(CultureInfo.InvariantCulture));
    }

    private static string Escape(string text) =>
        string.Concat(
            text.ReplaceLineEndings("\n")
                .Where(c => c == '\n' || !char.IsControl(c))
                .Select(c =>
                    c switch
                    {
                        '\n' => "\\n",
                        '\\' or ';' or ',' => $"\\{c}",
                        _ => c.ToString(),
                    }
                )
        );

    /// <summary>A longer line goes on behind a line end and a blank, never inside a character.</summary>
    private static void Fold(StringBuilder file, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LineOctets)
            {
                file.Append("\r\n ");
                octets = 1;
            }
            file.Append(rune);
            octets += rune.Utf8SequenceLength;
        }
        file.Append("\r\n");
    }
}
