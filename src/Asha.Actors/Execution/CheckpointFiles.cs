using System.Buffers;
using System.IO.Hashing;

namespace Asha.Actors.Execution;

/// <summary>The files of a checkpoint: found, hashed, brought to the disk. Links in it are taken as what they are and never followed, so nothing outside is ever read.</summary>
internal static class CheckpointFiles
{
    /// <summary>17 GB/s where SHA-256 makes 1.9; it finds what a disk or a program did by mistake, and is no seal against somebody who wants to deceive.</summary>
    public const string HashName = "xxh128";

    private const int BufferSize = 1024 * 1024;

    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false, ReturnSpecialDirectories = false };

    /// <summary>Every file of the checkpoint, hashed and on the disk, folders included.</summary>
    /// <param name="root">Full path, links followed.</param>
    /// <exception cref="IOException">Something is gone, cannot be read, or is neither file, folder nor link.</exception>
    public static IReadOnlyList<ManifestEntry> Secure(string root)
    {
        var entries = new List<ManifestEntry>();
        foreach (var (path, kind) in Walk(root, ""))
        {
            var full = Full(root, path);
            switch (kind)
            {
                case FileKind.Folder:
                    Libc.SyncFolder(full);
                    break;
                case FileKind.Link:
                    entries.Add(new ManifestEntry(path, Link: new FileInfo(full).LinkTarget));
                    break;
                case FileKind.File:
                    var (size, hash) = Hash(full, sync: true, CancellationToken.None);
                    entries.Add(new ManifestEntry(path, size, hash));
                    break;
                default:
                    throw new IOException($"'{path}' is no file, but a pipe or a device");
            }
        }
        return entries;
    }

    /// <summary>What of a checkpoint is not as its manifest says; <c>null</c>: all is. What lies there besides harms nobody.</summary>
    public static string? Difference(string root, CheckpointManifest manifest, CancellationToken stop)
    {
        foreach (var entry in manifest.Files)
        {
            var (full, name) = (Full(root, entry.Path), entry.Path.Length == 0 ? "it" : entry.Path);
            if (!IsInside(entry.Path) || !Exists(full, out var kind))
                return $"{name} is gone";
            if (entry.Link is not null)
            {
                if (kind != FileKind.Link || new FileInfo(full).LinkTarget != entry.Link)
                    return $"{name} is not the link that its manifest says";
                continue;
            }
            if (kind != FileKind.File)
                return $"{name} is no file";
            // Its size says at once what most often is wrong.
            if (new FileInfo(full).Length is var length && length != entry.Size)
                return $"{name} has {length} bytes, its manifest says {entry.Size}";
            if (Hash(full, sync: false, stop) is var (size, hash) && (size, hash) != (entry.Size, entry.Hash))
                return size == entry.Size ? $"{name} has {size} bytes as its manifest says, but others" : $"{name} has {size} bytes, its manifest says {entry.Size}";
        }
        return null;
    }

    /// <summary>Bytes that it takes on the disk, folders included.</summary>
    public static long Allocated(string root)
    {
        var sum = 0L;
        foreach (var (path, _) in Walk(root, ""))
            sum += FileStatus.Of(Full(root, path)).Allocated;
        return sum;
    }

    /// <summary>All that is there, by name; a folder after what is in it.</summary>
    private static IEnumerable<(string Path, FileKind Kind)> Walk(string root, string path)
    {
        var kind = FileStatus.Of(Full(root, path)).Kind;
        if (kind == FileKind.Folder)
        {
            var names = Directory.EnumerateFileSystemEntries(Full(root, path), "*", _everything).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
            foreach (var inside in names.SelectMany(name => Walk(root, path.Length == 0 ? name! : $"{path}/{name}")))
                yield return inside;
        }
        yield return (path, kind);
    }

    private static (long Size, string Hash) Hash(string path, bool sync, CancellationToken stop)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var hash = new XxHash128();
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(RandomAccess.GetLength(file), 1, BufferSize));
        try
        {
            var size = 0L;
            for (int count; (count = RandomAccess.Read(file, buffer, size)) > 0; size += count)
            {
                stop.ThrowIfCancellationRequested();
                hash.Append(buffer.AsSpan(0, count));
            }
            if (sync)
                RandomAccess.FlushToDisk(file);
            return (size, Convert.ToHexStringLower(hash.GetCurrentHash()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool Exists(string path, out FileKind kind)
    {
        try
        {
            kind = FileStatus.Of(path).Kind;
            return true;
        }
        catch (FileNotFoundException)
        {
            kind = default;
            return false;
        }
    }

    /// <summary>A manifest that somebody changed must not lead elsewhere.</summary>
    private static bool IsInside(string path) => path.Length == 0 || ReportLine.CheckpointProblem(path) is null;

    private static string Full(string root, string path) => path.Length == 0 ? root : Path.Combine(root, path);
}
