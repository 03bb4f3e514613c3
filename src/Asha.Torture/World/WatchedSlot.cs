using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>A node's slot, with a <see cref="TrialActor"/> behind it, that tells its runner what it is given.</summary>
internal sealed class WatchedSlot(ISlot slot, VirtualRunner runner) : ISlot
{
    public void Run(IActorRef experiment, StartJob start)
    {
        runner.Told(start);
        slot.Run(experiment, start);
    }

    public void End(string run, int trial, int attempt) => slot.End(run, trial, attempt);
}
