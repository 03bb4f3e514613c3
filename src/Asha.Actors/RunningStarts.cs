using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>The newest start of each trial, and its number: what nodes were told, or were to be, by this engine or one before. A start that comes again has its number again.</summary>
internal sealed class RunningStarts
{
    private readonly Dictionary<int, (JobStarted Job, long Number)> _starts = [];

    /// <summary>The newest trial of each slot.</summary>
    private readonly SortedDictionary<int, int> _newest = [];

    public void Take(IReadOnlyList<ExperimentEvent> events)
    {
        var number = 0L;
        foreach (var happened in events)
        {
            if (happened is JobStarted started)
                Started(started, ++number);
            else if (happened is AttemptRegained regained)
                _newest[regained.Slot] = regained.Trial;
        }
    }

    public void Started(JobStarted started, long number)
    {
        _starts[started.Trial] = (started, number);
        _newest[started.Slot] = started.Trial;
    }

    public void Regained(int trial, int slot) => _newest[slot] = trial;

    public JobStarted Of(int trial) => _starts[trial].Job;

    public long NumberOf(int trial) => _starts[trial].Number;

    /// <summary>The number of the start of this attempt; 0: it was not the trial's last, or none at all.</summary>
    public long NumberOf(int trial, int attempt) => _starts.TryGetValue(trial, out var start) && start.Job.Attempt == attempt ? start.Number : 0;

    /// <summary>The last attempts of slots that are idle now, where a trial runs through its levels: the process may be there, and wait for word.</summary>
    public IEnumerable<(int Slot, JobStarted Job)> MayWait(ExperimentState state) => state.Spec.Scheduler.Type != SchedulerType.Stopping ? []
        : _newest.Where(newest => state.Slots.IsIdle(newest.Key) && !state.Trials[newest.Value].IsRunning && Of(newest.Value) is var job && job.Target < state.Spec.Resource.Max && state.Trials[job.Trial].Attempt == job.Attempt)
            .Select(newest => (newest.Key, Of(newest.Value)));
}
