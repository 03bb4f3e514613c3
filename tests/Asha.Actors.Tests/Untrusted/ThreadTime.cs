using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Asha.Untrusted;

/// <summary>How long this thread has been running on a processor, where the system says so (Linux); elsewhere the time of day will have to do.</summary>
internal static class ThreadTime
{
    /// <summary>CLOCK_THREAD_CPUTIME_ID of Linux.</summary>
    private const int OwnThread = 3;

    public static TimeSpan Now()
    {
        if (OperatingSystem.IsLinux() && GetTime(OwnThread, out var time) == 0)
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
        return Stopwatch.GetElapsedTime(0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Moment time);

    /// <summary>The C library's, on a machine of 64 bits.</summary>
    private struct Moment
    {
        public long Seconds, Nanoseconds;
    }
}
