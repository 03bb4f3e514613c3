using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// An experiment's rungs: one question at a time, to one of them; and of each, whom it would promote now. While a question is open the heads may be stale, and nothing else may be
/// decided.
/// </summary>
public sealed class RungDesk
{
    private readonly IActorRef[] _rungs;
    private readonly RungHead?[] _heads;

    /// <summary>Starts a <see cref="RungActor"/> for each rung, as a child of the experiment.</summary>
    public RungDesk(ExperimentState state, IActorRefFactory experiment)
    {
        var scheduler = state.Spec.Scheduler;
        var count = state.Rungs.Count;
        _rungs = [.. Enumerable.Range(0, count).Select(rung =>
            experiment.ActorOf(RungActor.Props(rung, Rung.RuleOf(scheduler, rung, count), scheduler.ReductionFactor), $"rung-{rung}"))];
        _heads = new RungHead?[count];
    }

    /// <summary>By rung, the trial that it would promote now, or <c>null</c>.</summary>
    public IReadOnlyList<RungHead?> Heads => _heads;

    /// <summary>Whether a question is open.</summary>
    public bool IsAsked { get; private set; }

    public void Ask(int rung, object question)
    {
        IsAsked = true;
        _rungs[rung].Tell(question);
    }

    public void Answered(RungStanding standing)
    {
        IsAsked = false;
        _heads[standing.Rung] = standing.Head;
    }
}
