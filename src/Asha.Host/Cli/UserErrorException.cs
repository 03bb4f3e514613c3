namespace Asha.Host.Cli;

/// <summary>What a command's exit code says.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The run failed: its preparation, every trial, or the engine.</summary>
    public const int Failed = 1;

    /// <summary>The user's input is wrong; nothing was done.</summary>
    public const int UserError = 2;

    /// <summary>Ctrl-C, as shells report it.</summary>
    public const int Interrupted = 130;
}

/// <summary>A mistake in what the user gave: each problem is told in a line, and the exit code is 2.</summary>
public sealed class UserErrorException(IReadOnlyList<string> problems, string? advice = null) : Exception(string.Join('\n', problems))
{
    public UserErrorException(string problem, string? advice = null) : this([problem], advice) { }

    public IReadOnlyList<string> Problems { get; } = problems;

    /// <summary>What to do about it.</summary>
    public string? Advice { get; } = advice;
}
