using System.Globalization;

namespace Asha.Actors.Execution;

/// <summary>
/// How many processes the kernel has killed for lack of memory, where it says so to everybody: in this process's own memory cgroup, which its trials share (the line <c>oom_kill</c> of version 2's <c>memory.events</c>, which tells of
/// cgroups below as well, or of version 1's <c>memory.oom_control</c>, which does not). Where that cannot be read, on the whole machine (<c>/proc/vmstat</c>). The count rises before the signal is sent.
/// </summary>
internal sealed class OomKills
{
    private readonly Lock _lock = new();
    private readonly List<long> _claimed = [];
    private readonly string _file;

    /// <param name="root">Where the file system begins; other than <c>/</c> in tests.</param>
    public OomKills(string root = "/") => _file = CgroupFile(root) ?? Path.Combine(root, "proc/vmstat");

    /// <summary>The count so far, for <see cref="Claim"/>; 0 where nobody says it.</summary>
    public long Count() => Parse(Lines(_file));

    /// <summary>
    /// Whether the kernel has killed a process for lack of memory since <paramref name="before"/> that no other attempt has claimed: ask for one that SIGKILL ended and that nobody here sent it to. One kill is one attempt's.
    /// </summary>
    public bool Claim(long before)
    {
        lock (_lock)
        {
            var now = Count();
            if (now - before <= _claimed.Count(claim => claim > before))
                return false;
            _claimed.Add(now);
            return true;
        }
    }

    /// <summary>The number behind <c>oom_kill</c>; 0 where there is none.</summary>
    internal static long Parse(IEnumerable<string> lines)
        => lines.Select(line => line.Split(' ')).Where(words => words is ["oom_kill", _] && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(words => long.Parse(words[1], CultureInfo.InvariantCulture)).FirstOrDefault();

    /// <summary>Where this process's memory cgroup tells its count; <c>null</c>: nowhere.</summary>
    private static string? CgroupFile(string root)
    {
        // "4:memory:/a/b" of version 1, "0::/a/b" of version 2. In a container the path is that of the host, and what is there is mounted at the top.
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            if (line.Split(':', 3) is not [var number, var controllers, var path])
                continue;
            string[] files = controllers.Split(',').Contains("memory") ? [$"sys/fs/cgroup/memory{path}/memory.oom_control", "sys/fs/cgroup/memory/memory.oom_control"]
                : number == "0" ? [$"sys/fs/cgroup{path}/memory.events", $"sys/fs/cgroup/unified{path}/memory.events", "sys/fs/cgroup/memory.events"] : [];
            if (files.Select(file => Path.Combine(root, file)).FirstOrDefault(File.Exists) is { } found)
                return found;
        }
        return null;
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
