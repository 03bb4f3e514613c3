using Akka.Actor;
using Akka.Cluster;

namespace Asha.Cluster.Settings;

/// <summary>Tells how many members are up, each time that it changes.</summary>
/// <param name="coordinators">So many there ought to be.</param>
/// <param name="say">Told so, in a few words.</param>
internal sealed class MemberCount(int coordinators, Action<string> say) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    /// <summary>By what was told here: Akka's own picture of the cluster is brought up to date by another actor, and may be behind what this one hears; if nothing happens after that, it would stay so.</summary>
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private string _said = "";

    public static Props Props(int coordinators, Action<string> say) => Akka.Actor.Props.Create(() => new MemberCount(coordinators, say));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Tell();
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                _unreachable.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent happened:
                _members[happened.Member.UniqueAddress] = happened.Member;
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _unreachable.Add(unreachable.Member.UniqueAddress);
                break;
            case ClusterEvent.ReachableMember reachable:
                _unreachable.Remove(reachable.Member.UniqueAddress);
                break;
            default:
                Unhandled(message);
                return;
        }
        Tell();
    }

    private void Tell()
    {
        var up = _members.Values.Where(member => member.Status == MemberStatus.Up && !_unreachable.Contains(member.UniqueAddress)).ToArray();
        var nodes = up.Count(member => member.HasRole(ClusterConfig.Node));
        var words = $"{up.Count(member => member.HasRole(ClusterConfig.Coordinator))} of {coordinators} coordinators up, {nodes} node{(nodes == 1 ? "" : "s")}";
        if (words == _said)
            return;
        _said = words;
        say(words);
    }
}
