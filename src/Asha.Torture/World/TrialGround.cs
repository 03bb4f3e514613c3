using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>What attempts find in this world: their scripts, the disk, the clock.</summary>
internal sealed class TrialGround(TortureWorld world) : ITrialGround
{
    private readonly ScriptDraw _scripts = new(world.Plan);
    private readonly Disk _disk = new();

    private int _attempts;

    public TrialSpec Spec => world.Plan.Spec.Trial;

    public TimeSpan Now => world.Now;

    public void Waited() => world.Counts.Take(Fault.TrialEndsSlowly);

    public Script ScriptOf(TrialLaunch launch) => _scripts.Of(launch, isCalm: !world.IsFire);

    public bool IsBroken(NodeSlot slot)
    {
        if (!world.Machines.All[slot.Node].IsBroken)
            return false;
        world.Counts.Inject(Fault.NodeFails);
        return true;
    }

    public TrialEnding? Lack(TrialLaunch launch)
    {
        if (launch.Resume is not { } wanted)
            return null;
        if (!_disk.Has(launch.Trial, wanted))
        {
            // An attempt that was given up long ago, on a node that only now hears of it, may find nothing.
            if (!_disk.IsDestroyed(launch.Trial, wanted) && world.Coordinator?.State?.Trials[launch.Trial] is { IsRunning: true } trial && trial.Attempt == launch.Attempt)
                world.Judge.Blame("a checkpoint that is needed is kept", $"trial {launch.Trial}, attempt {launch.Attempt} is to go on from {wanted.Path} of attempt {wanted.Attempt}, which the engine has had deleted, or was never published", launch.Trial);
            return new(EndingCause.CheckpointMissing, "it is gone");
        }
        var dice = new Dice(world.Plan.Random.Stream("checkpoint").Stream(launch.Trial).Stream(launch.Attempt));
        foreach (var kind in (ReadOnlySpan<Fault>)[Fault.CheckpointMissing, Fault.CheckpointCorrupt])
        {
            if (!world.IsFire || !world.Plan.Has(kind) || !dice.Chance(world.Plan.Faults.Checkpoints))
                continue;
            world.Counts.Inject(kind);
            world.Effects.Spoiled(kind, launch.Trial, launch.Attempt);
            _disk.Destroy(launch.Trial, wanted);
            return kind == Fault.CheckpointMissing ? new(EndingCause.CheckpointMissing, "it is gone") : new(EndingCause.CheckpointCorrupt, "its hash differs");
        }
        return null;
    }

    public void Published(int trial, int attempt, TrialReport report) => _disk.Publish(trial, attempt, report);

    /// <summary>The disk is not slow.</summary>
    public Task Release(ReleaseCheckpoints release)
    {
        _disk.Release(release);
        return Task.CompletedTask;
    }

    public void At(TimeSpan after, IWorldEvent happens, long number) => world.System.Clock.At(world.Now + after, EventClass.AttemptEnds, number, happens);

    public int NextNumber() => ++_attempts;

    public void Taken(NodeSlot slot, StartJob start) => world.Judge.Taken(world.Now, slot, start);

    public void Began(NodeSlot slot, StartJob start) => world.Judge.Began(world.Now, slot, start);

    public void Reported(NodeSlot slot, StartJob start, TrialReport report) => world.Judge.Reported(world.Now, slot, start, report);

    public void Gone(NodeSlot slot, int trial, int attempt) => world.Judge.Gone(world.Now, slot, trial, attempt);

    public void Showed(Fault habit, int trial, int attempt) => world.Effects.Showed(habit, trial, attempt);
}
