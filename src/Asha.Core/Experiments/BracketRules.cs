namespace Asha.Core.Experiments;

/// <summary>How many trials a bracket and its rungs can have, and when another bracket may be opened: what follows from an experiment's state, and changes nothing.</summary>
public static class BracketRules
{
    extension(ExperimentState state)
    {
        /// <summary>How many results a rung can have in the end: SHA's n exactly, otherwise an upper bound, <c>null</c> without limit.</summary>
        public int? Population(int bracket, int rung)
        {
            var spec = state.Spec;
            if (spec.Scheduler.Type != SchedulerType.Sha)
                return spec.Stop.Trials < (state.TrialLimit ?? int.MaxValue) ? spec.Stop.Trials : state.TrialLimit;
            var own = state.Brackets[bracket];
            return rung > 0 ? own.Rungs[rung - 1].Promoted : Math.Min(spec.Scheduler.Trials ?? int.MaxValue, (state.TrialLimit ?? int.MaxValue) - own.FirstTrial);
        }

        /// <summary>Whether another trial may be sampled for the bracket.</summary>
        public bool MaySample(int bracket)
            => state.Spec.Scheduler.Type == SchedulerType.Sha ? state.Brackets[bracket].Sampled < state.Population(bracket, 0) : state.MaySampleAny;

        /// <summary>Whether another bracket may be opened now.</summary>
        public bool MayOpen => state.Spec.Scheduler.Repeat switch
        {
            BracketRepeat.Overlap => state.MaySampleAny,
            BracketRepeat.Sequential => state.MaySampleAny && state.IsOver(state.Brackets[^1]),
            _ => false,
        };

        /// <summary>Whether a bracket of SHA has no job and will never have one again, once its barriers are passed.</summary>
        public bool IsOver(BracketState bracket) => !state.MaySample(bracket.Bracket) && bracket.Underway == 0;

        /// <summary>Whether the trial may have another job, as far as it and its bracket tell; its rung may know better.</summary>
        public bool MayGoOn(int number) => state.Trials[number] is var trial && trial.Bracket >= state.FirstOpen && trial.Phase switch
        {
            TrialPhase.Pending or TrialPhase.Running => true,
            TrialPhase.Paused => double.IsFinite(trial.Results[^1].Metric),
            _ => false,
        };

        private bool MaySampleAny => state.TrialLimit is not { } limit || state.Trials.Count < limit;
    }
}
