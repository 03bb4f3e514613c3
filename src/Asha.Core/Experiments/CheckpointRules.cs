namespace Asha.Core.Experiments;

/// <summary>
/// Whose checkpoints nobody needs any more: what follows from an experiment's state, and changes nothing. The best trial is never among them. A rung knows more, and says itself whom it can never promote
/// (<see cref="Scheduling.Rung.Insert"/>).
/// </summary>
public static class CheckpointRules
{
    extension(ExperimentState state)
    {
        /// <summary>After a result: of its own trial, and of the one that was the best until then.</summary>
        /// <param name="ranked">The trial that has it.</param>
        public IReadOnlyList<int> UnneededAfter(TrialState ranked)
        {
            // One that can be promoted no more was kept for being the best alone. It was the best until this result, so that the trial ranked now is.
            if (state.FormerBest is { } former && former != state.Best && !state.MayGoOn(former.Trial))
                return [former.Trial];
            // The best of its bracket's top rung need not be the best of all, and never will be.
            return ranked.Phase == TrialPhase.Completed && ranked != state.Best ? [ranked.Trial] : [];
        }

        /// <summary>The trials of brackets that are over: nobody goes on from what they left.</summary>
        /// <param name="bracket">The first one that is looked at.</param>
        public IEnumerable<int> UnneededFrom(int bracket)
        {
            for (; bracket < state.FirstOpen; bracket++)
            {
                var over = state.Brackets[bracket];
                foreach (var trial in Enumerable.Range(over.FirstTrial, over.Sampled).Where(trial => trial != state.Best?.Trial))
                    yield return trial;
            }
        }
    }
}
