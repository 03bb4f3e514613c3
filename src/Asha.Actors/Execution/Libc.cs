using System.Runtime.InteropServices;
using System.Text;

namespace Asha.Actors.Execution;

/// <summary>The few calls of the C library that .NET has no words for.</summary>
internal static partial class Libc
{
    public const int Sigterm = 15;
    public const int Sigkill = 9;

    /// <summary>Sends a signal to a process, or to a process group if negative; 0 only asks. Whether there was one to take it.</summary>
    public static bool Kill(int pid, int signal) => KillCall(pid, signal) == 0;

    public static bool IsExecutable(string path) => AccessCall(path, 1) == 0;

    public static bool IsReadable(string path) => AccessCall(path, 4) == 0;

    /// <summary>The path with every link followed; <c>null</c> where it leads nowhere.</summary>
    public static string? RealPath(string path)
    {
        // PATH_MAX: the call writes no more than that.
        var buffer = new byte[4096];
        return RealPathCall(path, buffer) == 0 ? null : Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCall(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AccessCall(string path, int mode);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPathCall(string path, [Out] byte[] buffer);
}
