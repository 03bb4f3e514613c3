namespace Asha.Actors.Execution;

/// <summary>What an exit code says.</summary>
internal static class ExitCodes
{
    /// <summary>Linux's signals 1 … 31 on the processors that .NET runs on.</summary>
    private static readonly string[] _signals =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>
    /// The signal that ended a process; <c>null</c>: none. 128 + the signal is what .NET says of a process that was killed, and
    /// what a shell says whose command was killed: a training program that runs in a script crashed in both cases.
    /// </summary>
    public static string? Signal(int exitCode)
        => exitCode > 128 && exitCode - 129 < _signals.Length ? "SIG" + _signals[exitCode - 129] : null;

    /// <summary>Whether it was SIGKILL, which the kernel sends where memory runs out.</summary>
    public static bool IsKill(int exitCode) => Signal(exitCode) == "SIGKILL";

    public static string Describe(int exitCode) => Signal(exitCode) ?? $"exit code {exitCode}";

    /// <summary>
    /// Whether it was setsid, or prlimit after it, that failed, because the program could not be executed: a script whose interpreter is missing, a
    /// program for another processor. It says so with these codes and a single line.
    /// </summary>
    public static string? ExecFailure(int exitCode, IReadOnlyList<string> lastLines, string program)
        => exitCode is 126 or 127 && lastLines is [var only] && (only.StartsWith("setsid: ", StringComparison.Ordinal) || only.StartsWith("prlimit: ", StringComparison.Ordinal)) && only.Contains(program)
            ? only[(only.IndexOf(' ') + 1)..] : null;

    /// <summary>Whether the kernel has ended it for the CPU time that it has used.</summary>
    public static bool IsOutOfCpuTime(int exitCode) => Signal(exitCode) == "SIGXCPU";
}
