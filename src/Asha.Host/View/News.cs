using Asha.Core.Experiments;
using Asha.Host.Runs;

namespace Asha.Host.View;

/// <summary>A failed attempt, as a person wants to know of it.</summary>
/// <param name="Try">Which failure of its job it was, from 1.</param>
internal sealed record FailureNote(AttemptFailed Event, int Try);

/// <summary>What happened last, kept for the view: the last failures, promotions and bests, and what the jobs took. An event costs it next to nothing: it is put into words when it is painted.</summary>
internal sealed class News
{
    private const int Kept = 60;

    private readonly Queue<FailureNote> _failures = new();
    private readonly Queue<object> _steps = new();
    private int _bests;

    public JobDurations Durations { get; } = new();

    /// <summary>The last failures, newest first.</summary>
    public IEnumerable<FailureNote> Failures => _failures.Reverse();

    /// <summary>The last promotions, bests and other turns, newest first: events, and steps of the best.</summary>
    public IEnumerable<object> Steps => _steps.Reverse();

    /// <summary>Takes the next event; the record has it already.</summary>
    public void Advance(RunRecord record, ExperimentEvent happened)
    {
        Durations.Advance(record.State, happened);
        if (record.Bests is { } bests && bests.Steps.Count > _bests)
            Keep(_steps, bests.Steps[(_bests = bests.Steps.Count) - 1]);
        switch (happened)
        {
            case AttemptFailed failed: Keep(_failures, new FailureNote(failed, record.State.Trials[failed.Trial].Failures)); break;
            case AttemptLost when CheckpointWords.LossIn(record.State, happened) is { } loss: Keep(_steps, loss); break;
            case JobStarted started when CheckpointWords.IsRestart(record.State, started): Keep(_steps, started); break;
            case TrialPromoted or AttemptLost or BracketOpened or TrialsLimited or SlotLost or ExperimentStopping: Keep(_steps, happened); break;
        }
    }

    private static void Keep<T>(Queue<T> queue, T item)
    {
        queue.Enqueue(item);
        if (queue.Count > Kept)
            queue.Dequeue();
    }
}
