using System.Collections.Concurrent;

namespace Asha.Torture.World;

/// <summary>A folder for the files of one world, in memory where the system has a disk there.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>Those that are there. A world that hangs is left behind when the process ends: its folder is not.</summary>
    private static readonly ConcurrentDictionary<string, bool> _left = [];

    static ScratchFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var (folder, _) in _left)
            Directory.Delete(folder, recursive: true);
    };

    public ScratchFolder()
    {
        Name = Directory.CreateDirectory(Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"asha-torture-{Environment.ProcessId}-{Path.GetRandomFileName()}")).FullName;
        _left[Name] = true;
    }

    public string Name { get; }

    public void Dispose()
    {
        _left.TryRemove(Name, out _);
        Directory.Delete(Name, recursive: true);
    }
}
