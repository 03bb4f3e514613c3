using Akka.Cluster;

namespace Asha.Cluster.Settings;

/// <summary>
/// The members of the cluster, by what was told to the actor that keeps it: Akka's own picture is brought up to date by another actor, and may be behind what this one hears; if nothing happens after that, it would stay so.
/// </summary>
internal sealed class MemberBook
{
    /// <summary>What its keeper subscribes to, as events from the beginning.</summary>
    public static readonly Type[] Events = [typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent)];

    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];

    /// <summary>All that were not removed, up or not.</summary>
    public IEnumerable<Member> All => _members.Values;

    /// <summary>Those that are up and can be reached.</summary>
    public IEnumerable<Member> Up => _members.Values.Where(member => member.Status == MemberStatus.Up && !_unreachable.Contains(member.UniqueAddress));

    public bool IsUnreachable(Member member) => _unreachable.Contains(member.UniqueAddress);

    /// <summary>Takes what the cluster tells. Returns whether it was about members.</summary>
    public bool Take(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                _unreachable.Remove(removed.Member.UniqueAddress);
                return true;
            case ClusterEvent.IMemberEvent happened:
                _members[happened.Member.UniqueAddress] = happened.Member;
                return true;
            case ClusterEvent.UnreachableMember unreachable:
                _unreachable.Add(unreachable.Member.UniqueAddress);
                return true;
            case ClusterEvent.ReachableMember reachable:
                _unreachable.Remove(reachable.Member.UniqueAddress);
                return true;
            default:
                return false;
        }
    }
}
