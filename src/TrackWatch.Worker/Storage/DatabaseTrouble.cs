using Npgsql;

namespace TrackWatch.Worker.Storage;

/// <summary>Tells a database that is away from a mistake of ours: the one passes, and needs no stack trace.</summary>
internal static class DatabaseTrouble
{
    /// <summary>
    /// True where trying again later can help. EF and Quartz wrap what Npgsql says, so the whole chain is looked at.
    /// </summary>
    public static bool IsPassing(Exception exception) => Passing(exception) is not null;

    /// <returns>One line for a person; null where <see cref="IsPassing"/> is false.</returns>
    public static string? InWords(Exception exception) =>
        Passing(exception) switch
        {
            null => null,
            PostgresException said => said.MessageText,
            var away => away.GetBaseException() is var cause && cause != away
                ? $"{away.Message}: {cause.Message}"
                : away.Message,
        };

    private static Exception? Passing(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            // PostgresException knows which of its states pass: shutting down, starting up, out of connections, deadlock.
            if (exception is NpgsqlException { IsTransient: true } or TimeoutException || IsLostTransaction(exception))
                return exception;
        return null;
    }

    /// <summary>Who rolls back after the connection broke, as Quartz does, is told that the transaction is over already.</summary>
    private static bool IsLostTransaction(Exception exception) =>
        exception is InvalidOperationException { Source: nameof(Npgsql) }
        && exception.Message.Contains("transaction", StringComparison.OrdinalIgnoreCase)
        && exception.Message.Contains("completed", StringComparison.OrdinalIgnoreCase);
}
