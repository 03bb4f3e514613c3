using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Torture.Faults;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>A node's slot, with a <see cref="TrialActor"/> behind it, that tells its runner what it is given.</summary>
internal sealed class WatchedSlot(ISlot slot, VirtualRunner runner, FaultCounts counts) : ISlot
{
    public void Run(IActorRef experiment, StartJob start)
    {
        // Whoever was told to end, and has not yet, keeps this one waiting.
        if (runner.Running is { IsSlow: true } && !start.GoesOn)
            counts.Take(Fault.TrialEndsSlowly);
        runner.Told(start);
        slot.Run(experiment, start);
    }

    public void End(IActorRef experiment, int trial, int attempt) => slot.End(experiment, trial, attempt);
}
