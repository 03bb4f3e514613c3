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
            => store.Places.Real(trial, attempt, path, out _) is null ? store.Places.Open(store.Places.ManifestOf(trial, attempt, path)) : null;

        /// <summary>A file of a checkpoint that was published; <c>null</c>: there is no such.</summary>
        /// <param name="path">The checkpoint's, as reported.</param>
        /// <param name="file">Relative to it; empty: the checkpoint is a file itself.</param>
        public FileStream? OpenFile(int trial, int attempt, string path, string file)
        {
            if (file.Length > 0 && ReportLine.CheckpointProblem(file) is not null)
                return null;
            if (store.Places.Real(trial, attempt, path, out var real) is not null || !File.Exists(store.Places.ManifestOf(trial, attempt, path)))
                return null;
            return OwnPath.OpenReal(file.Length == 0 ? real : Path.Combine(real, file));
        }
    }
}
