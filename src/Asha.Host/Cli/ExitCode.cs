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
