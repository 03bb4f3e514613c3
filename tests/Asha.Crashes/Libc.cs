using System.Runtime.InteropServices;

namespace Asha.Crashes;

/// <summary>Signals, and how much waits in a pipe.</summary>
internal static class Libc
{
    public const int Kill = 9, Interrupt = 2, Continue = 18, Stop = 19;

    private const int NonBlocking = 0x800, BytesToRead = 0x541B;

    /// <summary>Whether there was a process to send it to.</summary>
    public static bool Signal(int pid, int signal) => SendSignal(pid, signal) == 0;

    /// <summary>Bytes that a process's descriptor, one end of a pipe, has not been relieved of by the other end; <c>null</c>: it is no pipe, or is gone.</summary>
    public static int? Unread(string descriptor)
    {
        if (new FileInfo(descriptor).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) != true)
            return null;
        var file = Open(descriptor, NonBlocking);
        if (file < 0)
            return null;
        try
        {
            return Control(file, BytesToRead, out var bytes) == 0 ? bytes : null;
        }
        finally
        {
            _ = Close(file);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int file, nuint request, out int value);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
}
