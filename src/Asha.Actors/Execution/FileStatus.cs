using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Asha.Actors.Execution;

internal enum FileKind { File, Folder, Link, Other }

/// <summary>What stands at a path, links not followed.</summary>
/// <param name="Kind">.NET does not tell a pipe or a device from a file, and to open one may wait for ever.</param>
/// <param name="Allocated">Bytes that it takes on the disk, as <c>du</c> counts them; a folder's content apart.</param>
internal readonly partial record struct FileStatus(FileKind Kind, long Allocated)
{
    private const int CurrentFolder = -100, NoFollow = 0x100, EmptyPath = 0x1000;
    private const uint TypeSizeBlocks = 0x1 | 0x200 | 0x400;
    private const int ModeAt = 28, BlocksAt = 48, TypeMask = 0xF000;

    /// <summary>Most file systems give no file less.</summary>
    private const long Cluster = 4096;

    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    public static FileStatus Of(string path)
    {
        var status = new byte[256];
        return OperatingSystem.IsLinux() && Statx(CurrentFolder, path, NoFollow, TypeSizeBlocks, status) == 0 ? Read(status) : WithoutStatx(path);
    }

    /// <summary>What was opened, whatever stands at its path by now; Linux alone.</summary>
    /// <exception cref="IOException">The kernel does not say.</exception>
    public static FileStatus Of(SafeFileHandle opened)
    {
        var status = new byte[256];
        return Statx((int)opened.DangerousGetHandle(), "", EmptyPath, TypeSizeBlocks, status) == 0 ? Read(status) : throw new IOException("what was opened cannot be looked at");
    }

    /// <summary>struct statx is the same on every processor, as struct stat is not.</summary>
    private static FileStatus Read(byte[] status)
    {
        var kind = (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeAt)) & TypeMask) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return new FileStatus(kind, 512 * BinaryPrimitives.ReadInt64LittleEndian(status.AsSpan(BlocksAt)));
    }

    private static FileStatus WithoutStatx(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            return new FileStatus(FileKind.Link, 0);
        if (Directory.Exists(path))
            return new FileStatus(FileKind.Folder, Cluster);
        return file.Exists ? new FileStatus(FileKind.File, (file.Length + Cluster - 1) / Cluster * Cluster) : throw new FileNotFoundException(null, path);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);
}
