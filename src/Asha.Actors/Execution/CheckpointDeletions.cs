using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>What of a run's checkpoints is deleted, when nobody needs it any more. A checkpoint that cannot be deleted costs space and nothing else, so it stops nobody.</summary>
public static class CheckpointDeletions
{
    extension(CheckpointStore store)
    {
        /// <summary>Deletes what a trial that is over has left. Whether nothing is left of it.</summary>
        public bool Discard(int trial) => store.Places.IsReached(store.Places.FolderOf(trial)) && Delete(store.Places.FolderOf(trial));

        /// <summary>Deletes what a trial's first attempts have left. A later one, which may be writing by now, is not touched. Whether nothing is left of them.</summary>
        public bool DiscardFirst(int trial, int attempts)
        {
            var deleted = true;
            for (var attempt = attempts; attempt > 0; attempt--)
                deleted &= DeleteAttempt(store.Places, trial, attempt);
            RemoveIfEmpty(store.Places, trial);
            return deleted;
        }

        /// <summary>Deletes what an attempt has left that published no checkpoint: nobody can go on from it.</summary>
        public void Discard(int trial, int attempt)
        {
            if (DeleteAttempt(store.Places, trial, attempt))
                RemoveIfEmpty(store.Places, trial);
        }

        /// <summary>
        /// Deletes all that was published before <paramref name="newest"/> and is not among <paramref name="also"/>. What came later stays: its attempt may be running; and what was never published stays as long as its attempt's
        /// folder holds one that is needed, for that may need it.
        /// </summary>
        public bool Prune(int trial, CheckpointRef newest, IReadOnlyList<CheckpointRef>? also = null)
        {
            var kept = also is null ? [newest] : also.Append(newest).ToArray();
            var deleted = true;
            for (var attempt = newest.Attempt; attempt > 0; attempt--)
            {
                var here = kept.Where(one => one.Attempt == attempt).Select(one => one.Path).ToArray();
                deleted &= here.Length == 0 ? DeleteAttempt(store.Places, trial, attempt) : DeletePublished(store.Places, trial, attempt, here, attempt < newest.Attempt ? double.PositiveInfinity : newest.Resource);
            }
            return deleted;
        }

        /// <summary>
        /// After an engine was lost: deletes what it was to delete and had not yet, and what attempts had begun to write that are no more. What is needed is what the state says; what an attempt leaves that starts from now on is not touched.
        /// </summary>
        /// <param name="unneeded">The attempts that are over and have left nothing that is needed.</param>
        public void Tidy(IEnumerable<(int Trial, int Attempt)> unneeded)
        {
            // The trial's own folder stays, whatever is left in it: its next attempt may be making another one there.
            foreach (var (trial, attempt) in unneeded)
                DeleteAttempt(store.Places, trial, attempt);
        }

        /// <summary>The attempts of which nothing is needed that the state knows; those that start later are not among them.</summary>
        public IReadOnlyList<(int Trial, int Attempt)> Unneeded(ExperimentState state)
        {
            var unneeded = new List<(int, int)>();
            foreach (var trial in state.Trials.Where(trial => Directory.Exists(store.Places.FolderOf(trial.Trial))))
            {
                CheckpointRef?[] needed = [trial.Checkpoint, trial.CheckpointBefore, trial.ResultCheckpoint];
                unneeded.AddRange(Enumerable.Range(1, trial.Attempt).Where(attempt => needed.All(one => one?.Attempt != attempt)).Select(attempt => (trial.Trial, attempt)));
            }
            return unneeded;
        }

        /// <summary>The experiment is over for good, and none of its trials runs: only the best's is wanted. What a trial had saved and not reported, nobody could tell a node to delete.</summary>
        public void KeepBest(ExperimentState state)
        {
            if (!Directory.Exists(store.Places.Root) || !store.Places.IsReached(store.Places.FolderOf(0)))
                return;
            foreach (var folder in state.Trials.Where(trial => trial != state.Best).Select(trial => store.Places.FolderOf(trial.Trial)).Where(Directory.Exists))
                Delete(folder);
        }
    }

    private static void RemoveIfEmpty(CheckpointPlaces places, int trial)
    {
        try
        {
            Directory.Delete(places.FolderOf(trial));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another attempt's checkpoint is there.
        }
    }

    private static bool DeletePublished(CheckpointPlaces places, int trial, int attempt, string[] kept, double before)
    {
        try
        {
            var real = kept.Select(path => places.Real(trial, attempt, path, out var found) is null ? found : "").Where(path => path.Length > 0).ToArray();
            var deleted = true;
            foreach (var (manifest, path) in places.Others(trial, attempt, [.. kept.Select(path => places.ManifestOf(trial, attempt, path))], real, before))
                deleted &= Delete(path) && Delete(manifest);
            return deleted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool DeleteAttempt(CheckpointPlaces places, int trial, int attempt)
    {
        if (!places.IsReached(places.FolderOf(trial, attempt)))
            return false;
        try
        {
            var deleted = Delete(places.FolderOf(trial, attempt));
            foreach (var file in Directory.Exists(places.FolderOf(trial)) ? Directory.GetFiles(places.FolderOf(trial), $"attempt-{attempt}.*") : [])
                deleted &= Delete(file);
            return deleted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether nothing is left. Links are deleted themselves, not what they lead to: that is how <see cref="Directory.Delete(string, bool)"/> treats them.</summary>
    private static bool Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
