using System.Globalization;
using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>A trial's limits as the kernel gets them: util-linux' <c>prlimit</c> sets them and becomes the trial's program, whose processes all inherit them.</summary>
internal static class KernelLimits
{
    /// <summary>A program that does not end when its CPU time is over and it gets SIGXCPU is killed after so many seconds more.</summary>
    private const int SecondsToEnd = 5;

    private const string Program = "prlimit";

    /// <summary>What stands before the program; nothing, where there are no limits.</summary>
    /// <exception cref="StartFailedException">There is no prlimit.</exception>
    public static IReadOnlyList<string> Prefix(TrialLimits? limits)
    {
        if (limits is null)
            return [];
        var prlimit = ProgramPath.FindOwn(Program) ?? throw new StartFailedException($"there is no program '{Program}' on this machine, which trial.limits needs; it is part of util-linux");
        // Memory is what may be written and is a process's own (RLIMIT_DATA): address space (RLIMIT_AS) would count what .NET, Java and CUDA reserve and never use.
        return [prlimit, .. Option("data", limits.Memory, 0), .. Option("nofile", limits.OpenFiles, 0), .. Option("nproc", limits.Processes, 0), .. Option("cpu", limits.CpuSeconds, SecondsToEnd), "--"];
    }

    /// <summary>For people, as the file has it.</summary>
    public static string Words(TrialLimits limits) => string.Join(", ", new[]
    {
        limits.Memory is { } memory ? $"memory {Bytes(memory)}" : null,
        limits.OpenFiles is { } files ? $"open-files {files}" : null,
        limits.Processes is { } processes ? $"processes {processes}" : null,
        limits.CpuSeconds is { } seconds ? $"cpu-seconds {seconds}" : null,
    }.OfType<string>());

    /// <summary>Why prlimit did not get as far as the program; <c>null</c>: it did.</summary>
    public static string? Problem(TrialLimits? limits, int exitCode, IReadOnlyList<string> lastLines)
        => limits is not null && exitCode == 1 && lastLines is [var only] && only.StartsWith("prlimit: failed to set", StringComparison.Ordinal)
            ? $"trial.limits ({Words(limits)}): {only["prlimit: ".Length..]}: is it above what Asha itself may have ('ulimit -H -a')?" : null;

    private static IEnumerable<string> Option(string name, long? limit, int graceAbove)
    {
        if (limit is { } most)
            yield return string.Create(CultureInfo.InvariantCulture, $"--{name}={most}:{most + graceAbove}");
    }

    private static string Bytes(long bytes) => bytes % (1L << 30) == 0 ? $"{bytes >> 30}GiB" : bytes % (1L << 20) == 0 ? $"{bytes >> 20}MiB" : $"{bytes} bytes";
}
