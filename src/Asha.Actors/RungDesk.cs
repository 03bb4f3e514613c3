using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// An experiment's rungs: one question at a time, to one of them; and of each, whom it would promote now. While a question is open the heads may be stale, and nothing else may be
/// decided.
/// </summary>
/// <param name="scheduler">The rule of promotion.</param>
/// <param name="experiment">The rungs are its children.</param>
/// <param name="instead">See <see cref="ExperimentSetup.Rung"/>.</param>
public sealed class RungDesk(SchedulerSpec scheduler, IActorContext experiment, Func<int, int, Props?>? instead = null)
{
    private readonly List<IActorRef[]> _rungs = [];
    private int _closed, _asked;

    /// <summary>Whom each rung would promote now.</summary>
    public RungHeads Heads { get; } = new();

    /// <summary>Whether a question is open.</summary>
    public bool IsAsked => _asked > 0;

    /// <summary>Whether what is asked is what <see cref="Restore"/> has told: nothing is decided by the answers.</summary>
    public bool IsRestoring { get; private set; }

    /// <summary>Starts the rungs that an experiment had, and tells each its results, all at once.</summary>
    public void Restore(ExperimentState state)
    {
        IsRestoring = true;
        foreach (var bracket in state.Brackets)
        {
            if (bracket.Bracket < state.FirstOpen)
            {
                _rungs.Add([]);
                Heads.Open(0);
                Heads.Close(_closed++);
                continue;
            }
            Open(bracket, state.FirstOpen);
            foreach (var (rung, results) in state.ResultsOf(bracket).Index())
                Ask(bracket.Bracket, rung, new RestoreRung(results, state.Population(bracket.Bracket, rung)));
        }
    }

    /// <summary>Starts a <see cref="RungActor"/> for each rung of the next bracket, and stops those of the brackets before <paramref name="firstOpen"/>.</summary>
    public void Open(BracketState bracket, int firstOpen)
    {
        var count = bracket.Rungs.Count;
        // With a single bracket, the names are those that people know.
        var prefix = bracket.Bracket == 0 ? "" : $"bracket-{bracket.Bracket}-";
        _rungs.Add([.. bracket.Rungs.Select(rung =>
            experiment.ActorOf(
            instead?.Invoke(bracket.Bracket, rung.Rung) ?? RungActor.Props(bracket.Bracket, rung.Rung, Rung.RuleOf(scheduler, rung.Rung, count), scheduler.ReductionFactor), $"{prefix}rung-{rung.Rung}"))]);
        Heads.Open(count);
        for (; _closed < firstOpen; _closed++)
        {
            foreach (var rung in _rungs[_closed])
                experiment.Stop(rung);
            _rungs[_closed] = [];
            Heads.Close(_closed);
        }
    }

    public void Ask(int bracket, int rung, object question)
    {
        _asked++;
        _rungs[bracket][rung].Tell(question);
    }

    public void Answered(RungStanding standing)
    {
        _asked--;
        IsRestoring &= IsAsked;
        Heads[standing.Bracket, standing.Rung] = standing.Head;
    }
}
