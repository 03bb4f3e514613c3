using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// One rung of an experiment: the only holder of its <see cref="Rung"/>. It ranks each result and says which trial it would promote now; an offer is
/// exact because the experiment waits for it before it takes the next command.
/// </summary>
public sealed class RungActor : UntypedActor
{
    private readonly int _bracket, _number;
    private readonly Rung _rung;
    private readonly List<int> _released = [];

    public RungActor(int bracket, int number, RungRule rule, int reductionFactor)
    {
        (_bracket, _number) = (bracket, number);
        _rung = new Rung(rule, reductionFactor);
    }

    public static Props Props(int bracket, int number, RungRule rule, int reductionFactor)
        => Akka.Actor.Props.Create(() => new RungActor(bracket, number, rule, reductionFactor));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RankResult result:
                _released.Clear();
                _rung.Insert(result.Trial, result.Metric, result.Population, _released);
                Answer(null, result.Population, _released.Count == 0 ? [] : _released.ToArray());
                break;
            case RestoreRung restore:
                _rung.Restore(restore.Results, restore.Population, _released);
                Answer(null, restore.Population, _released.ToArray());
                break;
            case PromoteHead promote:
                Answer(_rung.Promote(promote.Population), promote.Population, []);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Answer(RungHead? promoted, int? population, IReadOnlyList<int> released)
        => Sender.Tell(new RungStanding(_bracket, _number, promoted, _rung.Head(population), released));
}
