using Asha.Actors;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;

namespace Asha.Torture.World;

/// <summary>
/// How a seed goes. First the fire, in which faults happen and the laws hold all the same; then calm, in which the experiment must come to its end; and in the end nothing may run on, and everything must be on record.
/// </summary>
internal sealed class Course(TortureWorld world)
{
    /// <summary>So many turns of mailboxes at one time mean that something goes round in circles.</summary>
    private const int MostTurns = 1_000_000;

    private int _turns;
    private TimeSpan _deadline = TimeSpan.MaxValue;

    public TortureResult Run()
    {
        try
        {
            Begin();
            while (!world.IsOver)
                Go();
            End();
        }
        catch (ViolationException broken)
        {
            world.Judge.Blame(broken);
        }
        return world.Evidence.Result();
    }

    /// <summary>A mailbox has had its turn.</summary>
    public void Stepped()
    {
        Check();
        if (!world.IsOver)
            world.Engines.Stepped();
        if (++_turns > MostTurns)
            throw new ViolationException("nothing goes round in circles", $"{MostTurns:#,0} turns of mailboxes at one time");
    }

    private void Begin()
    {
        world.Engines.Start();
        Every(world.Plan.Faults.BetweenNodes, world.NodeFaults.Strike);
        Every(world.Plan.Faults.BetweenBreaks, world.NodeFaults.BreakConnection);
        if (world.Plan.Has(Fault.Partition))
            Every(world.Plan.Faults.BetweenBreaks, world.Partitions.Strike);
        if (world.Plan.Has(Fault.CoordinatorCrash))
            Every(world.Plan.Faults.BetweenCrashes, world.Engines.CrashSoon);
        if (world.Plan.Has(Fault.SupervisorLost))
            Every(world.Plan.Faults.BetweenCrashes, world.Engines.LoseSupervisor);
        if (world.Plan.Has(Fault.UserInterrupts))
            Every(world.Plan.Faults.BetweenCrashes, world.User.Interrupt);
        world.User.Begin();
        world.At(world.Plan.Fire, Calm);
    }

    /// <summary>Again and again, at times that are drawn, as long as faults happen.</summary>
    private void Every(TimeSpan mean, Action strike) => world.After(mean * -Math.Log(1 - world.Dice.Unit()), () =>
    {
        if (!world.IsFire)
            return;
        strike();
        Every(mean, strike);
    });

    /// <summary>All that happens at one time, and on to the next.</summary>
    private void Go()
    {
        _turns = 0;
        world.System.Clock.Drain();
        Check();
        if (world.IsOver)
            return;
        world.Engines.LetGo();
        if (world.Coordinator?.State is { } state)
            world.Judge.Quiet(world.Now, state, world.Coordinator.IsHeld);
        Check();
        if (!world.System.Clock.Advance())
            throw NotOver("nothing happens any more, and it is not over");
        if (world.Now > _deadline)
            throw NotOver($"it is not over {world.Now - world.Plan.Fire} after the last fault");
    }

    /// <summary>The faults stop.</summary>
    private void Calm()
    {
        if (world.IsOver || !world.IsFire)
            return;
        world.Trace.Note("calm");
        world.Network.IsFire = false;
        world.Engines.Calm();
        world.Partitions.Heal();
        world.NodeFaults.Calm();
        _deadline = world.Now + Patience.Of(world.Plan);
        if (world.Coordinator?.State is { } state)
            world.Judge.Changed(world.Now, world.Ledger.Events, state);
    }

    private void End()
    {
        Settle();
        if (world.Coordinator?.State is { } state)
            world.Judge.Ended(world.Now, world.Ledger.Events, state);
        if (world.Judge.Broken is null && !world.Ledger.IsCopied())
            world.Judge.Blame("events.jsonl says what the journal says", "it does not");
        Check();
    }

    /// <summary>With the experiment what runs is to end, too: at once, or, where that word was lost or late, when it is said again; or when the experiment has gone, which answers for so long as a live one does.</summary>
    private void Settle()
    {
        var bound = Patience.ToEnd(world.Plan, world.Now);
        world.Network.IsFire = false;
        world.Engines.Calm();
        world.Partitions.Heal();
        world.NodeFaults.Calm();
        world.Coordinator?.Settle();
        var until = world.Now + bound;
        world.At(world.Now + AshaActors.ProcessesEndIn, world.Engines.Go);
        while (world.Machines.Running is not null && world.Now < until && world.System.Clock.Advance())
        {
            _turns = 0;
            world.System.Clock.Drain();
        }
        if (world.Machines.Running is { } left)
            world.Judge.Blame("nothing runs on after the end", $"attempt {left.Attempt} does, {bound} later", left.Trial);
        Check();
    }

    private void Check()
    {
        if (world.Judge.Broken is { } broken)
            throw broken;
    }

    /// <summary>It is about a trial that runs, if any does, or one that waits.</summary>
    private ViolationException NotOver(string why) => new("the experiment comes to its end", $"{why}: {Standing()}")
    {
        Trial = world.Coordinator?.State is { } state ? state.Running.Concat(state.Trials.Where(trial => trial.Phase == TrialPhase.Pending)).FirstOrDefault()?.Trial : null,
    };

    private string Standing() => world.Coordinator?.State is not { } state ? "no experiment is there"
        : $"{state.Trials.Count} trials, {state.Slots.Present} slots, {state.Slots.Engaged} of them with a job, {state.Retries.Count} jobs to try again, {state.Retries.BackingOff.Count()} that wait for that, {state.FirstResults} first results";
}
