namespace Asha.Host.Tests.Cli;

/// <summary>A memory cgroup of one test, of version 1 or 2, with a limit; whoever writes its own number to <see cref="Join"/> is in it, with all that it starts.</summary>
internal sealed class MemoryCgroup : IDisposable
{
    private readonly string _folder;

    private MemoryCgroup(string folder) => _folder = folder;

    /// <summary>Where a process joins.</summary>
    public string Join => Path.Combine(_folder, "cgroup.procs");

    /// <summary>A new one, or <c>null</c>, and why it cannot be made.</summary>
    public static (MemoryCgroup? Made, string Why) Create(long bytes)
    {
        var (isFirst, isSecond) = (File.Exists("/sys/fs/cgroup/memory/memory.limit_in_bytes"), File.Exists("/sys/fs/cgroup/cgroup.controllers"));
        if (!isFirst && !isSecond)
            return (null, "there is no memory cgroup on this machine");
        var folder = $"/sys/fs/cgroup/{(isFirst ? "memory/" : "")}asha-test-{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, isFirst ? "memory.limit_in_bytes" : "memory.max"), $"{bytes}");
            // Swapping would only make it slow.
            foreach (var (file, value) in new[] { ("memory.swappiness", "0"), ("memory.swap.max", "0") })
            {
                if (File.Exists(Path.Combine(folder, file)))
                    File.WriteAllText(Path.Combine(folder, file), value);
            }
            return (new MemoryCgroup(folder), "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            return (null, $"no memory cgroup can be made here, which takes root: {e.Message}");
        }
    }

    public void Dispose()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            try
            {
                Directory.Delete(_folder);
                return;
            }
            catch (IOException)
            {
                Thread.Sleep(20); // A process of it is still on its way out.
            }
        }
    }
}

/// <summary>A test that needs one; skipped, and said why, where none can be made. The kernel's counts are parsed in any case, by another test.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CgroupFactAttribute : FactAttribute
{
    private static readonly Lazy<string> Why = new(() =>
    {
        var (made, why) = MemoryCgroup.Create(1 << 28);
        made?.Dispose();
        return why;
    });

    public CgroupFactAttribute()
    {
        if (Why.Value.Length > 0)
            Skip = Why.Value;
    }
}
