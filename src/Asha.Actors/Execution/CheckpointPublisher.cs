using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>
/// Hands on the reports of one attempt in their order, each checkpoint only when it is published. That takes as long as reading it does: meanwhile the trial's output is read on, and what it reports waits here.
/// </summary>
/// <param name="launch">The attempt.</param>
/// <param name="checkpoints">Where to.</param>
/// <param name="say">Takes a line for the trial's log.</param>
/// <param name="report">Takes the reports.</param>
internal sealed class CheckpointPublisher(TrialLaunch launch, CheckpointStore checkpoints, Action<string> say, Action<TrialReport> report)
{
    /// <summary>A trial that reports faster than its checkpoint can be read waits when so many do.</summary>
    private const int MostWaiting = 1000;

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private int _waiting;

    /// <summary>Whether a checkpoint counts.</summary>
    public bool HasPublished { get; private set; }

    /// <summary>Completes when all reports so far are handed on.</summary>
    public Task Completed => _last;

    /// <summary>Takes the next report.</summary>
    public void Take(TrialReport next)
    {
        Task last;
        lock (_lock)
        {
            if (next.Checkpoint is null && _last.IsCompleted)
            {
                report(next);
                return;
            }
            // A thread of its own: many slots may read large files at a time, and the pool is for what is short.
            last = _last = _last.ContinueWith(_ => HandOn(next), CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
        }
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
            last.Wait();
    }

    private void HandOn(TrialReport next)
    {
        Interlocked.Decrement(ref _waiting);
        report(next.Checkpoint is { } path ? Published(next, path) : next);
    }

    /// <summary>One that cannot be published counts as none, and the report counts: the metric is right.</summary>
    private TrialReport Published(TrialReport next, string path)
    {
        if (checkpoints.Publish(launch.Trial, launch.Attempt, path, next.Resource, out var bytes) is not { } problem)
        {
            HasPublished = true;
            return next with { CheckpointBytes = bytes };
        }
        say($"=== checkpoint '{path}' does not count: {problem} ===");
        return next with { Checkpoint = null };
    }
}
