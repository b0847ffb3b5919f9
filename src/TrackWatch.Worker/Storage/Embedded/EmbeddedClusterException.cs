namespace TrackWatch.Worker.Storage.Embedded;

/// <summary>
/// The private PostgreSQL cannot be had. The message is for the person at the machine: what is wrong, where, and what to
/// do next. A command that meets it ends with exit code 3.
/// </summary>
internal sealed class EmbeddedClusterException(string message, Exception? inner = null) : Exception(message, inner);
