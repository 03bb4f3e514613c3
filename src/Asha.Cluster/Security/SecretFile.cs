namespace Asha.Cluster.Security;

/// <summary>A file that is nobody else's to read: a key, a token.</summary>
internal static class SecretFile
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>What is wrong with its mode, in a line for people; <c>null</c>: nothing, or there is no such file. A group may read it: that can be a group of its own.</summary>
    /// <param name="path">The file; <c>null</c>: there is none.</param>
    /// <param name="key">How messages name it.</param>
    public static string? Warning(string? path, string key)
        => path is not null && !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0
            ? $"{key}: {path}: every user of this machine can read it, and whoever has it has the cluster: chmod 600 {path}"
            : null;
}
