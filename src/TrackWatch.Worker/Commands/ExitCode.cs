namespace TrackWatch.Worker.Commands;

/// <summary>What a command ends with; scripts rely on these.</summary>
internal static class ExitCode
{
    /// <summary>Warnings too, and a clean stop of <c>run</c>.</summary>
    public const int Fine = 0;

    /// <summary>The thing asked about is wrong: bad files, unwell.</summary>
    public const int Wrong = 1;

    /// <summary>Bad usage, or no such order.</summary>
    public const int Usage = 2;

    /// <summary>What is needed cannot be reached: the database, the mail server.</summary>
    public const int Unreachable = 3;

    public const int Unexpected = 70;
}

/// <summary>Ends a command with a message for the person at the terminal.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
