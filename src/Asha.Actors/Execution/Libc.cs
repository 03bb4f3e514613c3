using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

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

    /// <summary>Brings a folder's names to the disk, as a power cut would find them.</summary>
    /// <exception cref="IOException">The disk says that it could not.</exception>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = OpenCall(path, 0);
        var failed = folder < 0 || (SyncCall(folder) != 0 && Marshal.GetLastPInvokeError() is not NoSuchOperation);
        var error = Marshal.GetLastPInvokeError();
        if (folder >= 0)
            _ = CloseCall(folder);
        if (failed)
            throw new IOException($"'{path}' could not be brought to the disk: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Locks a folder for this process alone, if no other has it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="file">To be closed, which lets go of it; less than 0: there is nothing to let go of.</param>
    /// <returns>Whether nobody else has it; also where it cannot be locked at all.</returns>
    public static bool TryLockFolder(string path, out int file)
    {
        file = OperatingSystem.IsWindows() ? -1 : OpenCall(path, CloseOnExec);
        if (file < 0 || LockCall(file, LockAloneAtOnce) == 0 || Marshal.GetLastPInvokeError() is not WouldWait)
            return true;
        Close(file);
        return false;
    }

    /// <summary>Opens what stands at a path to read it, without waiting for anybody to write to it, and follows no link at its end; Linux alone.</summary>
    /// <returns><c>null</c>: there is nothing, or a link, or what cannot be opened, or it must not be read.</returns>
    /// <exception cref="IOException">It cannot be opened now: that says nothing about what is there.</exception>
    public static SafeFileHandle? OpenAtOnce(string path)
    {
        var file = OpenCall(path, CloseOnExec | NonBlocking | NoControllingTerminal | NoFollow);
        if (file >= 0)
            return new SafeFileHandle(file, ownsHandle: true);
        // ENOENT, ENXIO, EACCES, ENOTDIR, ENAMETOOLONG, ELOOP.
        return Marshal.GetLastPInvokeError() is 2 or 6 or 13 or 20 or 36 or 40 ? null : throw new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>What is in a folder, with the inode of each, which .NET does not tell; 0 on a processor of 32 bits, where libraries lay out the answer in different ways. Linux alone.</summary>
    /// <returns>Names, among them <c>.</c> and <c>..</c>.</returns>
    /// <exception cref="IOException">It cannot be read, or not to its end.</exception>
    public static IEnumerable<(string Name, ulong Inode)> Folder(string path)
    {
        if (nint.Size != 8)
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(path))
                yield return (Path.GetFileName(entry), 0);
            yield break;
        }
        var folder = OpenFolderCall(path);
        if (folder == 0)
            throw new IOException($"the folder '{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        try
        {
            // struct dirent: inode and offset of 8 bytes, length of 2, kind of 1, name.
            for (nint entry; (entry = ReadFolderCall(folder)) != 0;)
                yield return (Marshal.PtrToStringUTF8(entry + 19)!, (ulong)Marshal.ReadInt64(entry));
            // As at its end, but there the error is 0, as it was set before the call.
            if (Marshal.GetLastPInvokeError() is not 0 and var error)
                throw new IOException($"the folder '{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(error)}");
        }
        finally
        {
            _ = CloseFolderCall(folder);
        }
    }

    /// <summary>Closes what was opened.</summary>
    public static void Close(int file)
    {
        if (file >= 0)
            _ = CloseCall(file);
    }

    /// <summary>O_CLOEXEC, LOCK_EX with LOCK_NB, and EWOULDBLOCK, as Linux has them.</summary>
    private const int CloseOnExec = 0x80000, LockAloneAtOnce = 6, WouldWait = 11;

    /// <summary>O_NONBLOCK, O_NOCTTY, and O_NOFOLLOW, which ARM has elsewhere.</summary>
    private const int NonBlocking = 0x800, NoControllingTerminal = 0x100;

    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 ? 0x8000 : 0x20000;

    /// <summary>EINVAL: some file systems have nothing to do for a folder.</summary>
    private const int NoSuchOperation = 22;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenCall(string path, int flags);

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenFolderCall(string path);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static partial nint ReadFolderCall(nint folder);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseFolderCall(nint folder);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockCall(int file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncCall(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseCall(int file);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCall(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AccessCall(string path, int mode);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPathCall(string path, [Out] byte[] buffer);
}
