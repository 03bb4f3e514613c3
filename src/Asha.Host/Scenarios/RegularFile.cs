using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Asha.Host.Scenarios;

/// <summary>Tells files from pipes and devices, of which .NET does not know: to open the one may wait for ever, to read the other never ends.</summary>
internal static partial class RegularFile
{
    private const int CurrentFolder = -100;
    private const uint TypeWanted = 1;
    private const int ModeAt = 28;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Opens it to be read.</summary>
    /// <exception cref="IOException">It is something else, or is not there.</exception>
    public static FileStream Open(string path)
    {
        // struct statx is the same on every processor, as struct stat is not.
        var status = new byte[256];
        if (OperatingSystem.IsLinux() && Statx(CurrentFolder, path, 0, TypeWanted, status) == 0 && (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeAt)) & TypeMask) != Regular)
            throw new IOException("it is no file, but a folder, a pipe or a device");
        return File.OpenRead(path);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);
}
