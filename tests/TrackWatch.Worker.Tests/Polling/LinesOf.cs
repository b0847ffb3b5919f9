using Microsoft.Extensions.Logging;

namespace TrackWatch.Worker.Tests.Polling;

/// <summary>A log that can be read.</summary>
internal sealed class LinesOf<T> : ILogger<T>
{
    public List<string> Written { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Written.Add($"{formatter(state, exception)} {exception}");
}
