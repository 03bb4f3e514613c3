using Akka.Actor;
using Akka.Cluster;

namespace Asha.Cluster.Settings;

/// <summary>
/// Notices, for a node, that a coordinator is there, and that none is any more. Nodes alone are a cluster, too, where all coordinators have left in order: nobody is given up then, and nobody would ever look for the next coordinators.
/// </summary>
/// <param name="isThere">Called when one is up and can be reached.</param>
/// <param name="isGone">Called when there was one, and not even one that cannot be reached is left.</param>
internal sealed class CoordinatorWatch(Action isThere, Action isGone) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly MemberBook _members = new();
    private bool _wasThere;

    public static Props Props(Action isThere, Action isGone) => Akka.Actor.Props.Create(() => new CoordinatorWatch(isThere, isGone));

    protected override void PreStart()
        => _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, MemberBook.Events);

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (!_members.Take(message))
        {
            Unhandled(message);
            return;
        }
        if (!_wasThere && _members.Up.Any(IsCoordinator))
        {
            _wasThere = true;
            isThere();
        }
        else if (_wasThere && !_members.All.Any(IsCoordinator))
        {
            isGone();
        }
    }

    private static bool IsCoordinator(Member member) => member.HasRole(ClusterConfig.Coordinator);
}
