using Asha.Actors.Execution;

namespace Asha.Tuning.Runs;

/// <summary>The token in <c>run.token</c>, which the run's processes carry, and by which those are found that an engine has left running.</summary>
internal static class RunToken
{
    extension(RunFolder folder)
    {
        private string Token => folder.In("run.token");

        /// <summary>A token that no other process carries; kept until it is forgotten, for whoever comes after a crash.</summary>
        public string NewToken()
        {
            var token = Guid.NewGuid().ToString("N");
            folder.Write("run.token", token);
            return token;
        }

        public void ForgetToken()
        {
            File.Delete(folder.Token);
            folder.ForgetHolder();
        }

        /// <summary>The run has ended. Whatever of it should still be there, on whichever path, is ended too; if that cannot be made sure, the token is kept for the next command.</summary>
        /// <param name="token">The run's, as it was made: what is in the file now, its trials may have written.</param>
        public void EndLeftovers(string token)
        {
            var swept = ProcessSweeper.EndAll(token);
            if (swept.IsComplete || !swept.IsSupported)
                folder.ForgetToken();
        }

        /// <summary>If an Asha was killed while it ran this, ends what it left running.</summary>
        /// <param name="messages">Told what was ended.</param>
        /// <param name="isHeldHere">This process holds the folder, so that nobody else can have begun anything in it.</param>
        /// <returns>Whether nothing of it runs, as far as can be told.</returns>
        public bool EndOrphans(TextWriter messages, bool isHeldHere = false)
        {
            if (!File.Exists(folder.Token) || (!isHeldHere && folder.IsHeld()))
                return true;
            string token;
            try
            {
                token = OwnPath.ReadText(folder.Token);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                messages.WriteLine($"asha: the engine of {folder.Name} was killed; what it left running cannot be told: {error.Message}");
                return true;
            }
            var swept = ProcessSweeper.EndAll(token);
            foreach (var process in swept.Ended)
                messages.WriteLine($"asha: ended process {process.Pid}, left running by {(process.Trial is { } trial ? $"trial {trial}" : "the preparation")} when the engine of {folder.Name} was killed");
            if (!swept.IsSupported)
                messages.WriteLine($"asha: the engine of {folder.Name} was killed; this system cannot be searched for what it left running");
            else if (swept.IsComplete)
                folder.ForgetToken();
            return swept.IsComplete || !swept.IsSupported;
        }
    }
}
