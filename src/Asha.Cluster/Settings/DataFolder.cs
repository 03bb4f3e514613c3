using Asha.Tuning;

namespace Asha.Cluster.Settings;

/// <summary>The folder of a process, private to its user, and held by one process at a time.</summary>
internal static class DataFolder
{
    /// <summary>Where a process keeps what it has of runs.</summary>
    public static string Runs(string data) => Path.Combine(data, "runs");

    /// <summary>Where a node keeps what it has reported and no journal has yet.</summary>
    public static string Reports(string data) => Path.Combine(data, "reports");

    /// <summary>Makes it, for its user alone, if it is not there.</summary>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Makes it, and holds it for as long as the process lives; the operating system lets go when it dies.</summary>
    /// <exception cref="UserErrorException">It cannot be written, or another process holds it.</exception>
    public static FileStream Hold(string path)
    {
        var isThere = false;
        try
        {
            Make(Runs(path));
            isThere = true;
            return new FileStream(Path.Combine(path, "asha.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (isThere && File.Exists(Path.Combine(path, "asha.lock")))
        {
            throw new UserErrorException($"data: {path}: another coordinator or node is using this folder", "Give each process a folder of its own.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"data: {path}: cannot be used: {error.Message}");
        }
    }
}
