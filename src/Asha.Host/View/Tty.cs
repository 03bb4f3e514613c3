using System.Runtime.InteropServices;

namespace Asha.Host.View;

/// <summary>What there is to ask and to tell a terminal's driver (termios(3), tty_ioctl(4); Linux).</summary>
/// <param name="descriptor">1: standard output; 2: standard error.</param>
internal sealed partial class Tty(int descriptor)
{
    private const ulong GetWindowSize = 0x5413;
    private const int Now = 0, LocalModes = 3, Echo = 8, Stop = 19;

    private uint[]? _before;

    public bool IsTerminal => IsattyCall(descriptor) == 1;

    /// <summary>Whether this process may write on it: not one that its shell has put into the background.</summary>
    public bool IsForeground => GroupCall(descriptor) is var group && (group < 0 || group == OwnGroupCall());

    /// <summary>Columns and rows; where the terminal does not know, 80 and 24.</summary>
    public (int Width, int Height) Size
    {
        get
        {
            var size = new ushort[4]; // rows, columns, and two that count pixels
            return IoctlCall(descriptor, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0 ? (size[1], size[0]) : (80, 24);
        }
    }

    /// <summary>Keys that are typed do not appear on it from now on. Ctrl-C and its like work as before.</summary>
    public void HideTyping()
    {
        var modes = new uint[64]; // The C library's struct is smaller.
        if (_before is not null || GetModesCall(descriptor, modes) != 0)
            return;
        _before = [.. modes];
        modes[LocalModes] &= ~(uint)Echo;
        _ = SetModesCall(descriptor, Now, modes);
    }

    /// <summary>As it was.</summary>
    public void ShowTyping()
    {
        if (Interlocked.Exchange(ref _before, null) is { } before)
            _ = SetModesCall(descriptor, Now, before);
    }

    /// <summary>This process stands still until someone lets it go on, as after Ctrl-Z.</summary>
    public static void StopProcess() => _ = KillCall(Environment.ProcessId, Stop);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCall(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsattyCall(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int GroupCall(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroupCall();

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int IoctlCall(int descriptor, ulong request, [Out] ushort[] size);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetModesCall(int descriptor, [Out] uint[] modes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetModesCall(int descriptor, int when, uint[] modes);
}
