using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Simulation;

/// <summary>A journal that has what an engine before has written, and confirms everything at once.</summary>
internal sealed class RememberedJournal(IReadOnlyList<ExperimentEvent> events) : UntypedActor
{
    public static Props Props(IReadOnlyList<ExperimentEvent> events) => Akka.Actor.Props.Create(() => new RememberedJournal(events));

    protected override void PreStart() => Context.Parent.Tell(new JournalOpened(1, events));

    protected override void OnReceive(object message)
    {
        if (message is AppendEvents append)
            Context.Parent.Tell(new EventsWritten(append.Batch));
        else
            Unhandled(message);
    }
}
