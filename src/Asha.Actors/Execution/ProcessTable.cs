using System.Globalization;
using System.Text;

namespace Asha.Actors.Execution;

/// <summary>
/// The processes of this machine as /proc shows them. Asha's own are known by a token in their environment: children inherit
/// it, whatever sessions they make, and unlike a pid it is never given to another.
/// </summary>
internal static class ProcessTable
{
    public const string TokenVariable = "ASHA_TOKEN";

    private static readonly byte[] _entry = Encoding.UTF8.GetBytes(TokenVariable + "=");

    public static bool IsAvailable { get; } = Directory.Exists("/proc/self/fd") && OperatingSystem.IsLinux();

    /// <summary>Ends a process if it still carries this token: the pid may have been given to another since it was listed.</summary>
    public static bool Kill(int pid, string token) => TryRead(pid, out var carried) && carried == token && Libc.Kill(pid, Libc.Sigkill);

    /// <summary>
    /// Whether anything of the group runs. Zombies do not count: where process 1 does not collect them (containers),
    /// they stay for ever.
    /// </summary>
    public static bool GroupRuns(int group)
        => Libc.Kill(-group, 0) && (!IsAvailable || Processes().Any(process => Stat(process.Pid) is { } stat && stat.Group == group && stat.State is not ('Z' or 'X')));

    /// <summary>Whether the pid is that of a process now, a zombie included.</summary>
    public static bool Exists(int pid) => Directory.Exists(Proc(pid, ""));

    /// <summary>The number of each process, and the inode of its folder, which another that is given the number later has not; 0 or 1 where it is not told.</summary>
    /// <exception cref="IOException">They cannot be listed.</exception>
    public static IEnumerable<(int Pid, ulong Inode)> Processes()
    {
        foreach (var (name, inode) in Libc.Folder("/proc"))
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                yield return (pid, inode);
        }
    }

    /// <summary>The token in the environment that the program was started with, <c>null</c> if it has none.</summary>
    /// <returns>Whether there was anything to read: another user's is not readable, and a zombie has none; nor has, for a moment, what is becoming its program.</returns>
    public static bool TryRead(int pid, out string? token)
    {
        token = null;
        var environment = Read(Proc(pid, "environ")).AsSpan();
        if (environment.IsEmpty)
            return false;
        while (!environment.IsEmpty && token is null)
        {
            var end = environment.IndexOf((byte)0);
            var entry = end < 0 ? environment : environment[..end];
            if (entry.StartsWith(_entry))
                token = Encoding.UTF8.GetString(entry[_entry.Length..]);
            environment = end < 0 ? [] : environment[(end + 1)..];
        }
        return true;
    }

    private static (char State, int Group)? Stat(int pid)
    {
        // "pid (any name) state parent group …": the name may hold spaces and parentheses.
        var text = Encoding.UTF8.GetString(Read(Proc(pid, "stat")));
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', 5, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 3 ? null : (fields[0][0], int.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    private static string Proc(int pid, string file) => $"/proc/{pid}/{file}";

    private static byte[] Read(string path)
    {
        // Asked first, as an exception for each of another user's processes would cost more than the rest.
        if (!Libc.IsReadable(path))
            return [];
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it has ended meanwhile
        }
    }
}
