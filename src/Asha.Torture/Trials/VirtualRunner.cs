using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Torture.Invariants;

namespace Asha.Torture.Trials;

/// <summary>Runs the attempts of one slot on the world's clock, and knows which one is there.</summary>
internal sealed class VirtualRunner(ITrialGround ground, NodeSlot slot) : ITrialRunner
{
    /// <summary>What the node has been told to run here and has not begun: by attempt.</summary>
    private readonly Dictionary<(int Trial, int Attempt), StartJob> _told = [];

    public NodeSlot Slot => slot;

    public ITrialGround Ground => ground;

    /// <summary>When the last one that was slow to end has ended.</summary>
    private TimeSpan? _slowEnd;

    /// <summary>What runs; <c>null</c>: nothing.</summary>
    public VirtualAttempt? Running { get; private set; }

    /// <summary>The node's machine is gone.</summary>
    public bool IsDead { get; private set; }

    public void Told(StartJob start)
    {
        ground.Taken(slot, start);
        if (!start.GoesOn)
            _told[(start.Trial, start.Attempt)] = start;
        else if (Running is { } running && running.Trial == start.Trial)
            running.GoOn(start);
    }

    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        _told.Remove((launch.Trial, launch.Attempt), out var start);
        if (_slowEnd == ground.Now)
            ground.Waited(); // It was told before, and had to wait for that.
        Running = new VirtualAttempt(this, launch, start!, listener);
        if (!IsDead)
            Running.Begin();
        return Running;
    }

    /// <summary>With the machine, what ran on it is gone.</summary>
    public void Die()
    {
        if (IsDead)
            return;
        IsDead = true;
        if (Running is { } running)
            ground.Gone(slot, running.Trial, running.Attempt);
    }

    public void Over(VirtualAttempt attempt)
    {
        if (Running != attempt)
            return;
        Running = null;
        _slowEnd = attempt.IsSlow ? ground.Now : null;
    }
}
