namespace Asha.Core.Experiments;

/// <summary>What became of an attempt at a job.</summary>
public enum JobOutcome
{
    /// <summary>It brought the job's result.</summary>
    Completed,
    /// <summary>It failed, and the job is tried again.</summary>
    Retried,
    /// <summary>It failed, and was the last: the trial has failed for good.</summary>
    Failed,
    /// <summary>It was lost by no fault of the trial, and is made again.</summary>
    Lost,
    /// <summary>It had been lost with its node, and is back with it: one of <see cref="Lost"/> that was not.</summary>
    Regained,
    /// <summary>The end of the experiment has cut it.</summary>
    Cut,
}

/// <summary>How many attempts of a run ended how, from its events alone, O(1) each.</summary>
public sealed class JobOutcomes
{
    private readonly long[] _counts = new long[Enum.GetValues<JobOutcome>().Length];

    public long this[JobOutcome outcome] => _counts[(int)outcome];

    /// <summary>Takes the next event.</summary>
    public void Advance(ExperimentEvent happened)
    {
        if (Of(happened) is { } outcome)
            _counts[(int)outcome]++;
    }

    private static JobOutcome? Of(ExperimentEvent happened) => happened switch
    {
        JobCompleted => JobOutcome.Completed,
        AttemptFailed failed => failed.Last ? JobOutcome.Failed : JobOutcome.Retried,
        AttemptLost => JobOutcome.Lost,
        AttemptRegained => JobOutcome.Regained,
        JobCut => JobOutcome.Cut,
        _ => null,
    };
}
