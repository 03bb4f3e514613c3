using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>
/// A job resumes from a checkpoint that this trial has reported, that was neither dropped, nor released, nor found missing or corrupt; and from the newest, where that one is usable and not beyond the job's level. Without
/// one it starts from nothing.
/// </summary>
public sealed class CheckpointsAreTheTrialsOwn : Invariant
{
    private sealed class Trial
    {
        /// <summary>The attempt that its process was started for.</summary>
        public int Process;
        public JobStarted? Start;
        public double Resource;

        /// <summary>Oldest first, each with why it is gone; <c>null</c>: it is not.</summary>
        public readonly List<(int Process, string Path, double Resource, string? Gone)> Reported = [];

        public void Lose(string why, Func<(int Process, string Path), bool> which)
        {
            for (var index = 0; index < Reported.Count; index++)
            {
                if (Reported[index] is { Gone: null } own && which((own.Process, own.Path)))
                    Reported[index] = own with { Gone = why };
            }
        }
    }

    private readonly Dictionary<int, Trial> _trials = [];

    public override string Name => "a job resumes from its trial's own checkpoint";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case TrialSampled sampled: _trials[sampled.Trial] = new Trial(); break;
                case JobStarted started: Start(_trials[started.Trial], started); break;
                case ReportAccepted accepted: Accept(_trials[accepted.Trial], accepted); break;
                case CheckpointDropped dropped: _trials[dropped.Trial].Lose("was dropped for the budget", _ => true); break;
                case AttemptLost { Cause: "checkpoint-missing" or "checkpoint-corrupt" } lost: Lose(_trials[lost.Trial], lost); break;
            }
        }
    }

    public override void Released(TimeSpan now, ReleaseCheckpoints release)
    {
        if (!_trials.TryGetValue(release.Trial, out var trial))
            return;
        // What came later than the one that is kept stays: more may be durable by now than when this was decided.
        var newest = release.Keep is { } keep ? trial.Reported.FindLastIndex(own => (own.Process, own.Path) == (keep.Attempt, keep.Path)) : trial.Reported.Count;
        for (var index = 0; index < newest; index++)
        {
            var own = trial.Reported[index];
            if (own.Gone is null && !(own.Process > release.Attempts) && !IsKept(release, own.Process, own.Path))
                trial.Reported[index] = own with { Gone = "was released" };
        }
    }

    private static bool IsKept(ReleaseCheckpoints release, int process, string path)
    {
        for (var index = 0; index < (release.Also?.Count ?? 0); index++)
        {
            if (release.Also![index] is var also && also.Attempt == process && also.Path == path)
                return true;
        }
        return false;
    }

    private static void Accept(Trial trial, ReportAccepted accepted)
    {
        trial.Resource = accepted.Resource;
        if (accepted.Checkpoint is not { } path)
            return;
        trial.Reported.RemoveAll(own => (own.Process, own.Path) == (trial.Process, path)); // It was written over.
        trial.Reported.Add((trial.Process, path, accepted.Resource, null));
    }

    private static void Lose(Trial trial, AttemptLost lost)
    {
        if (trial.Start?.Checkpoint is { } used)
            trial.Lose($"was found to be {lost.Cause}", own => own == (used.Attempt, used.Path));
    }

    private void Start(Trial trial, JobStarted started)
    {
        if (started.GoesOn)
        {
            Judge(started.Checkpoint is null && started.Start == trial.Resource, $"it goes on at {trial.Resource}, and its job starts at {started.Start} from {started.Checkpoint?.ToString() ?? "nothing"}", started.Trial);
        }
        else if (started.Checkpoint is { } used)
        {
            var known = trial.Reported.FindIndex(own => (own.Process, own.Path, own.Resource) == (used.Attempt, used.Path, used.Resource));
            Judge(known >= 0 && trial.Reported[known].Gone is null, $"attempt {started.Attempt} resumes from {used}, which {(known < 0 ? "it never reported" : trial.Reported[known].Gone)}", started.Trial);
            Judge(started.Start == used.Resource && used.Resource < started.Target, $"attempt {started.Attempt} goes from {started.Start} to {started.Target}, and its checkpoint is at {used.Resource}", started.Trial);
            Judge(known == trial.Reported.Count - 1 || trial.Reported[^1].Gone is not null, $"attempt {started.Attempt} resumes from {used}, and {trial.Reported[^1]} is newer", started.Trial);
        }
        else
        {
            Judge(started.Start == 0, $"attempt {started.Attempt} starts at {started.Start} from nothing", started.Trial);
            Judge(trial.Reported is [] || trial.Reported[^1].Gone is not null || trial.Reported[^1].Resource >= started.Target, $"attempt {started.Attempt} starts from nothing, and there is {trial.Reported[^1]}", started.Trial);
        }
        trial.Process = started.GoesOn ? trial.Process : started.Attempt;
        (trial.Start, trial.Resource) = (started, started.Start);
    }
}
