using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Telemetry;

/// <summary>A time and a sentence per line: what a person reads who started the worker by hand.</summary>
internal sealed class PlainConsole(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var mark = logEntry.LogLevel switch
        {
            LogLevel.Critical or LogLevel.Error => "error: ",
            LogLevel.Warning => "warning: ",
            _ => "",
        };
        var time = clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        // A carrier's or a server's words may hold line breaks; a log line is one line.
        // Libraries hand over the whole stack when the database is away; a person needs to know that it is.
        var away = logEntry.Exception is { } e ? DatabaseTrouble.InWords(e) : null;
        var why = away is null ? "" : $" ({away})";
        textWriter.WriteLine($"{time} {mark}{(message + why).ReplaceLineEndings(" ")}");
        if (logEntry.Exception is { } exception && away is null)
            textWriter.WriteLine(exception);
    }
}
