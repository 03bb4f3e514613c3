using Asha.Actors.Simulation;

namespace Asha.Torture.World;

/// <summary>The wall clock of all machines of a world: they have the same time.</summary>
internal sealed class VirtualTime(VirtualScheduler clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + clock.Now;
}
