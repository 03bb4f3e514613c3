using Akka.Actor;
using Asha.Core.Experiments;

namespace Asha.Actors.Simulation;

/// <summary>How an attempt goes in a simulated world: so long it lasts, and then it reports this and ends like that.</summary>
public readonly record struct SimulatedAttempt(TimeSpan Length, TrialReport? Result, TrialEnding Ending);

/// <summary>A slot whose attempts the world ends when their time has come: the only thing of a node that differs from a real one.</summary>
/// <param name="life">What the slots of the node have in common.</param>
/// <param name="node">Hears of the attempts.</param>
internal sealed class SimulatedSlot(SimulatedLife life, IActorRef node) : ISlot
{
    private RunAttempt? _running;

    /// <summary>It has reached its level, and is told whether it goes on.</summary>
    private bool _isHeld;

    public void Run(RunAttempt run)
    {
        if (!run.GoesOn)
            life.UnderWay++;
        (_running, _isHeld) = (run, false);
    }

    /// <summary>The attempt, if it was begun here and is not over; <c>null</c>: its node was gone before it began.</summary>
    public RunAttempt? Begun(JobStarted started) => _running is { } run && run.Launch.Trial == started.Trial && run.Launch.Attempt == started.Attempt ? run : null;

    /// <summary>Whether the attempt is under way, on a node that lives.</summary>
    public bool IsUnderWay(RunAttempt run) => ReferenceEquals(_running, run) && !_isHeld && !life.IsDead;

    /// <summary>The time of its end has come.</summary>
    public void End(RunAttempt run, SimulatedAttempt goes)
    {
        if (!IsUnderWay(run))
            return;
        _isHeld = goes.Result is not null && run.RunsThrough;
        Tell(run, goes.Result is { } result ? [result] : [], _isHeld ? new TrialEnding(EndingCause.LevelReached) : goes.Ending);
        if (!_isHeld)
            Free();
    }

    public void End(EndAttempt end)
    {
        if (life.IsDead || _running is not { } run || run.Launch.Trial != end.Trial || run.Launch.Attempt != end.Attempt)
            return;
        if (_isHeld)
            node.Tell(new AttemptGone(run.Experiment, end.Trial, end.Attempt, null), ActorRefs.NoSender);
        else
            Tell(run, [], new TrialEnding(EndingCause.Stopped));
        Free();
    }

    private void Free()
    {
        life.UnderWay--;
        _running = null;
    }

    private void Tell(RunAttempt run, IReadOnlyList<TrialReport> reports, TrialEnding ending)
        => node.Tell(new AttemptReport(run.Experiment, new JobReport(run.Launch.Trial, run.Launch.Attempt, 0, reports, ending)), ActorRefs.NoSender);
}

/// <summary>What the slots of a node share, from one joining of it to its end.</summary>
internal sealed class SimulatedLife
{
    /// <summary>How many attempts have begun and not ended.</summary>
    public int UnderWay { get; set; }

    /// <summary>The node has died: nothing of it is heard any more.</summary>
    public bool IsDead { get; private set; }

    public void Die() => (IsDead, UnderWay) = (true, 0);
}
