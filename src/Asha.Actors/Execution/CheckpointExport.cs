using Microsoft.Win32.SafeHandles;

namespace Asha.Actors.Execution;

/// <summary>
/// What of a run's checkpoints others may read: what was published, its manifest and its files, and nothing else. Whoever asks says paths, and so did the trial that wrote the checkpoint: none of them leads out of it, by <c>..</c> or by a link.
/// </summary>
public static class CheckpointExport
{
    extension(CheckpointStore store)
    {
        /// <summary>The manifest of a checkpoint; <c>null</c>: no such was published.</summary>
        public FileStream? OpenManifest(int trial, int attempt, string path)
            => store.Places.Real(trial, attempt, path, out _) is null ? Open(store.Places.FolderOf(trial), Path.GetFileName(store.Places.ManifestOf(trial, attempt, path))) : null;

        /// <summary>A file of a checkpoint that was published; <c>null</c>: there is no such.</summary>
        /// <param name="path">The checkpoint's, as reported.</param>
        /// <param name="file">Relative to it; empty: the checkpoint is a file itself.</param>
        public FileStream? OpenFile(int trial, int attempt, string path, string file)
        {
            if (file.Length > 0 && ReportLine.CheckpointProblem(file) is not null)
                return null;
            if (store.Places.Real(trial, attempt, path, out var real) is not null || !File.Exists(store.Places.ManifestOf(trial, attempt, path)))
                return null;
            return file.Length == 0 ? Open(Path.GetDirectoryName(real)!, Path.GetFileName(real)) : Open(real, file);
        }
    }

    /// <summary>Opens a file below a folder; <c>null</c>: it is none, or the way to it leads elsewhere.</summary>
    private static FileStream? Open(string folder, string file)
    {
        if (Libc.RealPath(folder) is not { } root)
            return null;
        var full = Path.Combine(root, file);
        try
        {
            // A pipe would be waited for.
            if (FileStatus.Of(full).Kind != FileKind.File)
                return null;
            var handle = File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            // What was opened counts, not what stood there before: a folder on the way may be a link, or have become one since.
            if (PathOf(handle, full) == full)
                return new FileStream(handle, FileAccess.Read, bufferSize: 0);
            handle.Dispose();
            return null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? PathOf(SafeFileHandle handle, string full) => OperatingSystem.IsLinux() ? Libc.RealPath($"/proc/self/fd/{handle.DangerousGetHandle()}") : Libc.RealPath(full);
}
