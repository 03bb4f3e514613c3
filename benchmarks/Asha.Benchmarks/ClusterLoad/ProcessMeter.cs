using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Asha.Benchmarks.ClusterLoad;

/// <summary>What the kernel counts of processes.</summary>
internal static partial class ProcessMeter
{
    private const double TicksOfSecond = 100; // USER_HZ, the same on all machines that .NET runs on.

    /// <summary>Processor time of a process in seconds, that of children it has waited for included.</summary>
    public static double Cpu(int process) => Fields(process)[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksOfSecond;

    /// <summary>The same, of a process and its children that are there.</summary>
    public static double CpuWithChildren(int parent) => Cpu(parent) + Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
        .Where(process => process > 0 && IfThere(process, there => int.Parse(Fields(there)[1], CultureInfo.InvariantCulture)) == parent).Sum(process => IfThere(process, Cpu));

    /// <summary>Resident memory in MiB, at most so far.</summary>
    public static double PeakMemory(int process)
        => long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>Bytes that went either way over all connections of these ports that are there, each connection once.</summary>
    /// <param name="ports">Of processes that speak to each other on loopback.</param>
    public static long BytesBetween(IReadOnlyList<int> ports)
        => Connections(ports).Sum(line => Bytes().Matches(line).Sum(counted => long.Parse(counted.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));

    /// <summary>How many connections of these ports are there.</summary>
    public static int ConnectionsBetween(IReadOnlyList<int> ports) => Connections(ports).Count;

    private static List<string> Connections(IReadOnlyList<int> ports)
    {
        using var ss = Process.Start(new ProcessStartInfo("ss", ["-tinOH", "state", "established"]) { RedirectStandardOutput = true })!;
        var connections = new List<string>();
        while (ss.StandardOutput.ReadLine() is { } line)
        {
            // Whoever was connected to has the port that it listens on; the other side of the same connection says the same.
            if (Connection().Match(line) is { Success: true } found && ports.Contains(int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture)))
                connections.Add(line);
        }
        ss.WaitForExit();
        return connections;
    }

    /// <summary>0 of one that has ended meanwhile.</summary>
    private static T IfThere<T>(int process, Func<int, T> read) where T : struct
    {
        try
        {
            return read(process);
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <summary>Of <c>/proc/PID/stat</c>, from the third on: the second, a name, may have spaces in it.</summary>
    private static string[] Fields(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    [GeneratedRegex(@"^\d+\s+\d+\s+\S+:(\d+)\s")]
    private static partial Regex Connection();

    [GeneratedRegex(@"\bbytes_(?:acked|received):(\d+)")]
    private static partial Regex Bytes();
}
