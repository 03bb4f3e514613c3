using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// Takes idle slots to experiments that have work, and recycles a slot from an experiment that has nothing for it to one that has. It never ranks trials. The rules are <see cref="SlotPool"/>'s, what becomes of nodes is <see cref="NodeDesk"/>'s; an
/// experiment holds a slot for job after job, so that no message passes through here between a job's end and the next start (docs/decisions/003).
/// </summary>
public sealed class SupervisorActor : UntypedActor
{
    private readonly SlotPool _pool = new();
    private readonly Dictionary<string, IActorRef> _experiments = [];
    private readonly NodeDesk _nodes;

    public SupervisorActor() => _nodes = new NodeDesk(_pool, _experiments, Context);

    public static Props Props() => Akka.Actor.Props.Create(() => new SupervisorActor());

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JoinNode join:
                _nodes.Join(Sender, join);
                break;
            case RetireSlot retire:
                _nodes.Retire(Sender, retire);
                break;
            case LeaveNode:
                _nodes.Leave(Sender);
                break;
            case NodeUnreachable unreachable:
                _nodes.Doubt(unreachable.Node);
                break;
            case OpenExperiment open:
                _experiments[open.Experiment] = Context.Watch(Sender);
                _pool.Open(open.Experiment, open.Weight);
                break;
            case CloseExperiment close:
                Close(close.Experiment);
                break;
            case ParkSlot park:
                _pool.Park(park.Experiment, park.Slot);
                break;
            case UseSlot use:
                _pool.Use(use.Experiment, use.Slot);
                break;
            case WantSlots want:
                _pool.Want(want.Experiment);
                break;
            case ReturnSlot returned:
                _pool.Return(returned.Experiment, returned.Slot);
                break;
            case Terminated gone:
                if (!_nodes.Lose(gone.ActorRef) && _experiments.FirstOrDefault(entry => entry.Value.Equals(gone.ActorRef)) is { Key: { } experiment })
                    Close(experiment);
                break;
            default:
                Unhandled(message);
                return;
        }
        Carry(_pool.Balance());
        _nodes.ReleaseLeaving();
    }

    private void Close(string experiment)
    {
        if (_experiments.Remove(experiment, out var address))
        {
            Context.Unwatch(address);
            _pool.Close(experiment);
        }
    }

    private void Carry(IReadOnlyList<PoolDecision> decisions)
    {
        // All that an experiment gets at a time comes in one message: it starts with all its slots at once.
        foreach (var granted in decisions.Where(decision => decision.Action == PoolAction.Grant).GroupBy(decision => decision.Experiment))
            _experiments[granted.Key].Tell(new GrantSlots([.. granted.Select(decision => _nodes.Grant(decision.Slot))]));
        foreach (var recall in decisions.Where(decision => decision.Action == PoolAction.Recall))
            _experiments[recall.Experiment].Tell(new RecallSlot(recall.Slot));
    }
}
