using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;

namespace Asha.Torture.Trials;

/// <summary>What attempts need of the world.</summary>
internal interface ITrialGround
{
    TrialSpec Spec { get; }

    TimeSpan Now { get; }

    Script ScriptOf(TrialLaunch launch);

    /// <summary>Whether the slot's node fails all that it is given now.</summary>
    bool IsBroken(NodeSlot slot);

    /// <summary>What keeps an attempt from going on from its checkpoint; <c>null</c>: nothing.</summary>
    TrialEnding? Lack(TrialLaunch launch);

    /// <summary>The checkpoint is on the disk.</summary>
    void Published(int trial, int attempt, TrialReport report);

    void At(TimeSpan after, IWorldEvent happens, long number);

    /// <summary>Another one for each attempt, from 1.</summary>
    int NextNumber();

    void Taken(NodeSlot slot, StartJob start);

    void Began(NodeSlot slot, StartJob start);

    /// <summary>An attempt had to wait for one that took its time to end.</summary>
    void Waited();

    void Reported(NodeSlot slot, StartJob start, TrialReport report);

    void Gone(NodeSlot slot, int trial, int attempt);

    /// <summary>A habit shows from now on; by the attempt that the engine knows it as.</summary>
    void Showed(Fault habit, int trial, int attempt);
}
