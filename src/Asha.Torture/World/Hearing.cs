using Akka.Actor;
using Asha.Core.Experiments;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>What the engines tell their watchers: of events that are durable, of their end, and of what fails.</summary>
internal sealed class Hearing(TortureWorld world) : ITestimony
{
    private int _told;

    /// <summary>The engine found a run that is over for good.</summary>
    private bool _isRecoveredEnd;

    public void Committed(IReadOnlyList<ExperimentEvent> events)
    {
        _told += events.Count;
        if (_told > world.Ledger.Count)
            world.Judge.Blame("nobody is told of what is not durable", $"{_told} events were told of, and {world.Ledger.Count} are durable");
        if (events[^1] is not ExperimentEnded ended)
            return;
        if (FinalOutcome.IsFinal(ended))
            world.End(ended.Outcome);
        else
            world.Engines.IsDone();
    }

    public void Recovered(IReadOnlyList<ExperimentEvent> events)
    {
        _told = events.Count;
        _isRecoveredEnd = events[^1] is ExperimentEnded ended && FinalOutcome.IsFinal(ended);
    }

    /// <summary>Whoever wants to leave is not kept by a journal that cannot be written: then that is told, and nothing is lost that counted.</summary>
    public void Failed(string message)
    {
        if (world.User.Asked is not null && world.Plan.Has(Fault.JournalFails))
            world.Engines.IsDone();
        else
            world.Judge.Blame("the engine does not fail", message);
    }

    public void JournalFailed(string message)
    {
        if (!world.Plan.Has(Fault.JournalFails) && !world.Plan.Has(Fault.EventsFileTorn))
            world.Judge.Blame("the engine does not fail", message);
    }

    public void Stopped(IActorRef actor)
    {
        if (world.IsCleared)
            return;
        if (_isRecoveredEnd && world.Coordinator?.Experiment.Equals(actor) == true)
            world.End("found ended by the next engine"); // The one before had come to the end, and nobody had heard of it.
        else if (!world.IsOver && !world.Engines.Leaves && world.Coordinator is { } here && (actor.Equals(here.Experiment) || (actor.Equals(here.Supervisor) && !here.IsHeadless)))
            world.Judge.Blame("the engine does not fail", $"{actor.Path.Name} stopped");
        else
            world.Machines.Ended(actor);
    }

    public void Stalled(string? reason)
    {
        if (reason is not null)
            world.Counts.Take(Fault.JournalFails);
        world.Trace.Note(reason is null ? "the journal is back" : $"the journal is stalled: {reason}");
    }
}
