namespace Asha.Core.Experiments;

/// <summary>
/// What a job of each rung took its slot, from the events alone: all attempts of the job together, those that failed included. For people who wait: nothing is decided by it.
/// </summary>
public sealed class JobDurations
{
    private TimeSpan[] _spent = [];
    private int[] _finished = [], _completed = [];
    private (double Sum, double OfSquares)[] _lengths = [];
    private bool _resumes;

    /// <summary>Takes the next event, with the state after it. O(1).</summary>
    public void Advance(ExperimentState after, ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted: Start(after.Rungs.Count); break;
            case ReportAccepted { Checkpoint: not null }: _resumes = true; break;
            case JobCompleted done: Complete(done.Rung, done.Time - after.Trials[done.Trial].Since); break;
            case AttemptFailed failed: Add(failed.Rung, failed.Time - after.Trials[failed.Trial].Since, failed.Last ? 1 : 0); break;
            case AttemptLost lost: Add(lost.Rung, lost.Time - after.Trials[lost.Trial].Since, 0); break;
        }
    }

    /// <summary>
    /// The expected slot-time of a job of each rung, lowest first; <c>null</c> before any job is finished. A rung without a finished job is judged by what its jobs train beside those that are known: by the line
    /// through the two highest known rungs, or, with one, in proportion.
    /// </summary>
    /// <remarks>A job under way that has lasted longer than others of its rung counts as if it ended now: the first to finish are the short ones.</remarks>
    /// <param name="state">The state after the last event.</param>
    /// <param name="now">Since the experiment's start.</param>
    public IReadOnlyList<TimeSpan>? Expected(ExperimentState state, TimeSpan now)
    {
        var known = Enumerable.Range(0, _finished.Length).Where(rung => _finished[rung] > 0).ToArray();
        if (known.Length == 0)
            return null;
        var means = new TimeSpan[_finished.Length];
        foreach (var rung in known)
            means[rung] = _spent[rung] / _finished[rung];
        var overdue = state.Running.Where(trial => means[trial.Rung] > TimeSpan.Zero && now - trial.Since > means[trial.Rung]).ToLookup(trial => trial.Rung, trial => now - trial.Since);
        foreach (var late in overdue)
            means[late.Key] = (_spent[late.Key] + late.Aggregate((sum, lasted) => sum + lasted)) / (_finished[late.Key] + late.Count());
        foreach (var rung in Enumerable.Range(0, means.Length).Except(known))
            means[rung] = Judged(state, rung, known, means);
        return means;
    }

    /// <summary>How much jobs of one rung differ: their standard deviation ÷ their mean, over all rungs; 0 where that is not known.</summary>
    public double Spread
    {
        get
        {
            var (sum, count) = (0.0, 0);
            for (var rung = 0; rung < _lengths.Length; rung++)
            {
                if (_completed[rung] < 2 || _lengths[rung].Sum <= 0)
                    continue;
                var mean = _lengths[rung].Sum / _completed[rung];
                sum += Math.Max(0, _lengths[rung].OfSquares / (mean * mean) - _completed[rung]);
                count += _completed[rung] - 1;
            }
            return count > 0 ? Math.Sqrt(sum / count) : 0;
        }
    }

    private void Start(int rungs)
        => (_spent, _finished, _completed, _lengths) = (new TimeSpan[rungs], new int[rungs], new int[rungs], new (double, double)[rungs]);

    private void Complete(int rung, TimeSpan spent)
    {
        Add(rung, spent, 1);
        _completed[rung]++;
        _lengths[rung].Sum += spent.TotalSeconds;
        _lengths[rung].OfSquares += spent.TotalSeconds * spent.TotalSeconds;
    }

    private void Add(int rung, TimeSpan spent, int finished)
    {
        _spent[rung] += spent;
        _finished[rung] += finished;
    }

    private TimeSpan Judged(ExperimentState state, int rung, int[] known, TimeSpan[] means)
    {
        var near = known[^1];
        var (work, mean) = (Work(state, near), means[near]);
        if (known.Length == 1 || Work(state, known[^2]) is var less && less >= work)
            return RestEstimate.Seconds(mean.TotalSeconds * (Work(state, rung) / work));
        var slope = Math.Max(0, (mean - means[known[^2]]).TotalSeconds / (work - less));
        return RestEstimate.Seconds(mean.TotalSeconds + slope * Math.Max(0, Work(state, rung) - work));
    }

    /// <summary>The resource that a job of the rung trains.</summary>
    private double Work(ExperimentState state, int rung) => state.Rungs[rung].Level - (_resumes && rung > 0 ? state.Rungs[rung - 1].Level : 0);
}
