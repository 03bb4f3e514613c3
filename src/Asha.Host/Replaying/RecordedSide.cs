using Asha.Core.Experiments;
using Asha.Core.Worlds;
using Asha.Host.Scenarios;

namespace Asha.Host.Replaying;

/// <summary>The recorded run as one side of a comparison: told again, as it was.</summary>
internal sealed class RecordedSide(Recording recording) : ICompared
{
    public string Label => "recorded";

    public ExperimentSpec Spec => recording.Spec;

    public void Run(long seed, Action<ExperimentEvent> told, Action<JobStarted, AttemptDraw> drawn)
    {
        var state = new ExperimentState();
        foreach (var happened in recording.Events)
        {
            if (happened is JobStarted started)
                drawn(started, AttemptDraw.None);
            state.Apply(happened);
            told(happened);
        }
        if (state.Ended is not null)
            return;
        // It goes on, or broke off: what was under way is cut here.
        foreach (var trial in state.Running.ToList())
            told(new JobCut(recording.End, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot));
        told(new ExperimentEnded(recording.End, "interrupted", "the recording has no end"));
    }
}
