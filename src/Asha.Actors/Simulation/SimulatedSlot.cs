using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Simulation;

/// <summary>How an attempt goes in a simulated world: so long it lasts, and then it reports this and ends like that.</summary>
public readonly record struct SimulatedAttempt(TimeSpan Length, TrialReport? Result, TrialEnding Ending)
{
    /// <summary>What it reports before, each so long after its beginning and before its end; <c>null</c>: nothing.</summary>
    public IReadOnlyList<(TimeSpan After, TrialReport Report)>? Earlier { get; init; }
}

/// <summary>A slot whose attempts the world ends when their time has come: the only thing of a node that differs from a real one.</summary>
/// <param name="life">What the slots of the node have in common.</param>
/// <param name="node">Hears of the attempts.</param>
internal sealed class SimulatedSlot(SimulatedLife life, IActorRef node) : ISlot, IWorldEvent
{
    private static readonly TrialEnding _levelReached = new(EndingCause.LevelReached);

    private IActorRef? _experiment;
    private SimulatedAttempt _goes;
    private long _planned = -1;
    private int _message;

    /// <summary>It has reached its level, and is told whether it goes on.</summary>
    private bool _isHeld;

    /// <summary>What runs; <c>null</c>: nothing.</summary>
    public StartJob? Running { get; private set; }

    public void Run(IActorRef experiment, StartJob start)
    {
        if (!start.GoesOn)
            life.UnderWay++;
        (_experiment, Running, _isHeld, _planned, _message) = (experiment, start, false, -1, 0);
        life.Begun?.Invoke(this);
    }

    /// <summary>Whether the attempt was begun here and is not over; else its node was gone before it began.</summary>
    public bool HasBegun(JobStarted started) => Running is { } run && run.Trial == started.Trial && run.Attempt == started.Attempt;

    /// <summary>Says how the attempt under way goes; its end is the event of that number.</summary>
    public void Plan(SimulatedAttempt goes, long number) => (_goes, _planned) = (goes, number);

    /// <summary>The attempt is over where it runs, but its report takes a while.</summary>
    public void Await(long number)
    {
        if (IsUnderWay(number))
            _experiment!.Tell(new AttemptOver(Running!.Trial, Running.Attempt), node);
    }

    /// <summary>The time of one of its reports has come.</summary>
    public void Report(long number, TrialReport report)
    {
        if (IsUnderWay(number))
            Tell([report], null);
    }

    /// <summary>The time of an attempt's end has come.</summary>
    public void Happen(long number)
    {
        if (!IsUnderWay(number))
            return;
        _isHeld = _goes.Result is { Problem: null } && Running!.Goal is not null;
        Tell(_goes.Result is { } result ? [result] : [], _isHeld ? _levelReached : _goes.Ending);
        if (!_isHeld)
            Free();
    }

    public void End(string run, int trial, int attempt)
    {
        if (life.IsDead || Running is not { } running || running.Trial != trial || running.Attempt != attempt)
            return;
        if (_isHeld)
            node.Tell(new AttemptGone(run, trial, attempt, null), ActorRefs.NoSender);
        else
            Tell([], new TrialEnding(EndingCause.Stopped));
        Free();
    }

    private bool IsUnderWay(long number) => number == _planned && Running is not null && !_isHeld && !life.IsDead;

    private void Free()
    {
        life.UnderWay--;
        Running = null;
    }

    private void Tell(IReadOnlyList<TrialReport> reports, TrialEnding? ending)
        => node.Tell(new AttemptReport(Running!.Run, new JobReport(Running.Trial, Running.Attempt, _message++, reports, ending)), ActorRefs.NoSender);
}

/// <summary>What the slots of a node share, from one joining of it to its end.</summary>
internal sealed class SimulatedLife
{
    /// <summary>Told of each attempt that begins, where the experiment's events do not say which slot of which node it is.</summary>
    public Action<SimulatedSlot>? Begun { get; init; }

    /// <summary>How many attempts have begun and not ended.</summary>
    public int UnderWay { get; set; }

    /// <summary>The node has died: nothing of it is heard any more.</summary>
    public bool IsDead { get; private set; }

    public void Die() => (IsDead, UnderWay) = (true, 0);
}
