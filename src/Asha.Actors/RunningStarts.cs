using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>The newest start of each slot, and its number, as the journal has it: what another coordinator may have told the nodes.</summary>
internal sealed class RunningStarts
{
    private readonly SortedDictionary<int, (JobStarted Job, long Number)> _starts = [];

    public RunningStarts(IReadOnlyList<ExperimentEvent> events)
    {
        var number = 0L;
        foreach (var started in events.OfType<JobStarted>())
            _starts[started.Slot] = (started, ++number);
        // What was regained runs on a slot that it was not started on.
        foreach (var regained in events.OfType<AttemptRegained>())
            _starts[regained.Slot] = _starts.TryGetValue(regained.Slot, out var newer) && IsLater(newer.Job, regained) ? newer : (Started(events, regained), number);
    }

    /// <summary>The number of each slot's newest start.</summary>
    public IEnumerable<(int Slot, long Number)> Numbers => _starts.Select(start => (start.Key, start.Value.Number));

    /// <summary>The slot's newest start.</summary>
    public JobStarted? Of(int slot) => _starts.TryGetValue(slot, out var start) ? start.Job : null;

    /// <summary>The last attempts of slots that are idle now, where a trial runs through its levels: the process may be there, and wait for word.</summary>
    public IEnumerable<JobStarted> MayWait(ExperimentState state) => state.Spec.Scheduler.Type != SchedulerType.Stopping ? []
        : _starts.Where(start => state.Slots.IsIdle(start.Key) && start.Value.Job.Target < state.Spec.Resource.Max && state.Trials[start.Value.Job.Trial] is var trial && !trial.IsRunning && trial.Attempt == start.Value.Job.Attempt)
            .Select(start => start.Value.Job);

    private static bool IsLater(JobStarted job, AttemptRegained regained) => job.Time > regained.Time;

    private static JobStarted Started(IReadOnlyList<ExperimentEvent> events, AttemptRegained regained)
        => events.OfType<JobStarted>().Last(job => (job.Trial, job.Attempt) == (regained.Trial, regained.Attempt));
}
