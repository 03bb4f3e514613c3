using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Tuning.Runs;

/// <summary>Who is at work in a run's folder: <c>run.lock</c> is held for as long as a process lives, and the operating system lets go when it dies; <c>run.holder</c> says by whom.</summary>
internal static class RunLock
{
    extension(RunFolder folder)
    {
        private string Lock => folder.In("run.lock");

        private string Holder => folder.In("run.holder");

        /// <summary>An Asha has been at work here.</summary>
        public bool HasLock => File.Exists(folder.Lock);

        /// <summary>Holds the folder of a new run; <c>null</c>: somebody else was first.</summary>
        public FileStream? HoldFirst()
        {
            FileStream held;
            try
            {
                held = new FileStream(folder.Lock, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (folder.HasLock)
            {
                return null;
            }
            folder.NameHolder();
            return held;
        }

        /// <summary>Holds the folder of a run that was begun, for as long as the process lives.</summary>
        /// <exception cref="UserErrorException">Another Asha holds it, or it cannot be written.</exception>
        public FileStream Hold()
        {
            FileStream held;
            try
            {
                held = folder.TakeLock();
            }
            catch (IOException) when (folder.IsHeld())
            {
                throw new UserErrorException($"{folder.Path}: another Asha is at work on this run{folder.HolderText()}", $"'asha pause {folder.Name}' has it end its trials and let go; 'asha show {folder.Name}' says how far it is.");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException($"{folder.Path}: the run cannot be gone on with: {error.Message}");
            }
            try
            {
                RunRequests.Forget(folder.Path);
                folder.NameHolder();
                return held;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                held.Dispose();
                throw new UserErrorException($"{folder.Path}: the run cannot be gone on with: {error.Message}");
            }
        }

        /// <summary>Whether a living Asha holds the folder. Any number may ask at a time.</summary>
        public bool IsHeld()
        {
            try
            {
                new FileStream(folder.Lock, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
                return false;
            }
            catch (FileNotFoundException)
            {
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }

        /// <summary>How long a run that still goes on has been going on; <c>null</c> where it does not.</summary>
        public TimeSpan? SinceStart(RunRecord record)
            => record.State.Ended is null && folder.IsHeld() ? DateTimeOffset.UtcNow - record.State.Engine.Origin.StartedAt + record.State.Engine.Time : null;

        /// <summary>Nobody holds it any more, and nothing of the run is left to be ended.</summary>
        public void ForgetHolder() => File.Delete(folder.Holder);

        /// <summary>Whoever only asks whether it is held has it for a moment.</summary>
        private FileStream TakeLock()
        {
            for (var tries = 5; ; tries--)
            {
                try
                {
                    return new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException) when (tries > 0 && File.Exists(folder.Lock))
                {
                    Thread.Sleep(100);
                }
            }
        }

        /// <summary>For people; that it is held is the lock's to say.</summary>
        private void NameHolder() => folder.Write("run.holder", $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z\n");

        private string HolderText()
        {
            try
            {
                return File.Exists(folder.Holder) ? $": {OwnPath.ReadText(folder.Holder).Trim()}" : "";
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }
}
