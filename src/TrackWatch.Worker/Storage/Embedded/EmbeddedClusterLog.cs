using Microsoft.Extensions.Logging;

namespace TrackWatch.Worker.Storage.Embedded;

internal static partial class EmbeddedClusterLog
{
    [LoggerMessage(801, LogLevel.Information, "Creating a private PostgreSQL {Release} in {Folder}")]
    public static partial void Creating(ILogger log, int release, string folder);

    [LoggerMessage(802, LogLevel.Debug, "The private PostgreSQL runs (process {Process})")]
    public static partial void Started(ILogger log, int process);

    [LoggerMessage(
        803,
        LogLevel.Information,
        "The private PostgreSQL of an earlier run that was killed is still alive (process {Process}); going on with it"
    )]
    public static partial void Adopted(ILogger log, int process);

    [LoggerMessage(804, LogLevel.Debug, "The private PostgreSQL has stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(805, LogLevel.Debug, "The private PostgreSQL goes on running: another trackwatch uses it")]
    public static partial void LeftRunning(ILogger log);

    [LoggerMessage(
        806,
        LogLevel.Warning,
        "The private PostgreSQL was told to stop and has not within half a minute; it goes on stopping by itself"
    )]
    public static partial void StillStopping(ILogger log);

    [LoggerMessage(
        807,
        LogLevel.Information,
        "PostgreSQL does not run as root, and its account cannot enter {StateFolder}; the database is kept in {Home} instead"
    )]
    public static partial void Elsewhere(ILogger log, string stateFolder, string home);
}
