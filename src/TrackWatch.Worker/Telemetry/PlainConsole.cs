using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

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
        textWriter.WriteLine($"{time} {mark}{message.ReplaceLineEndings(" ")}");
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(exception);
    }
}
