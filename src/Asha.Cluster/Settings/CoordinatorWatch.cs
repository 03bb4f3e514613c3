using Akka.Actor;
using Akka.Cluster;

namespace Asha.Cluster.Settings;

/// <summary>
/// Notices, for a node, that a coordinator is there, and that none is any more. Nodes alone are a cluster, too, where all coordinators have left in order: nobody is given up then, and nobody would ever look for the next coordinators.
/// By what is told here, not by Akka's own picture, as <see cref="MemberCount"/>.
/// </summary>
/// <param name="isThere">Called when one is up and can be reached.</param>
/// <param name="isGone">Called when there was one, and not even one that cannot be reached is left.</param>
internal sealed class CoordinatorWatch(Action isThere, Action isGone) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, Member> _coordinators = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private bool _wasThere;

    public static Props Props(Action isThere, Action isGone) => Akka.Actor.Props.Create(() => new CoordinatorWatch(isThere, isGone));

    protected override void PreStart()
        => _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved removed:
                _coordinators.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent { Member: var member } when member.HasRole(ClusterConfig.Coordinator):
                _coordinators[member.UniqueAddress] = member;
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _unreachable.Add(unreachable.Member.UniqueAddress);
                break;
            case ClusterEvent.ReachableMember reachable:
                _unreachable.Remove(reachable.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent:
                break; // A node.
            default:
                Unhandled(message);
                return;
        }
        if (!_wasThere && _coordinators.Values.Any(member => member.Status == MemberStatus.Up && !_unreachable.Contains(member.UniqueAddress)))
        {
            _wasThere = true;
            isThere();
        }
        else if (_wasThere && _coordinators.Count == 0)
        {
            isGone();
        }
    }
}
