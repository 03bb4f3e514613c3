using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors.Simulation;

/// <summary>The journal of a simulated run that is kept nowhere: everything counts as written at once.</summary>
internal sealed class MemoryJournal : UntypedActor
{
    public static Props Props() => Akka.Actor.Props.Create(() => new MemoryJournal());

    protected override void OnReceive(object message)
    {
        if (message is AppendEvents append)
            Context.Parent.Tell(new EventsWritten(append.Batch));
        else
            Unhandled(message);
    }
}
