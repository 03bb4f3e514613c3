using Akka.Actor;
using Akka.Cluster;
using Asha.Actors.Messages;
using Asha.Cluster.Nodes;
using Asha.Cluster.Settings;

namespace Asha.Cluster.Coordinators;

/// <summary>Makes the nodes that are up known to a new supervisor, which they do not know: it asks each for its link, until that answers.</summary>
/// <param name="supervisor">Is told of each.</param>
internal sealed class NodeFinder(IActorRef supervisor) : UntypedActor, IWithTimers
{
    private sealed class AskAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskAgain Now = new();
    }

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, ActorSelection> _unknown = [];

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef supervisor) => Akka.Actor.Props.Create(() => new NodeFinder(supervisor));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));
        Timers.StartPeriodicTimer(AskAgain.Now, AskAgain.Now, _patience);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberUp { Member: var member } when member.HasRole(ClusterConfig.Node):
                Ask(member.UniqueAddress, _unknown[member.UniqueAddress] = Context.ActorSelection(new RootActorPath(member.Address) / "user" / NodeLink.Name));
                break;
            case ClusterEvent.MemberRemoved { Member: var member }:
                _unknown.Remove(member.UniqueAddress);
                break;
            case ActorIdentity { Subject: { } node, MessageId: int uid }:
                if (_unknown.Keys.FirstOrDefault(address => address.Uid == uid) is { } found && _unknown.Remove(found))
                    supervisor.Tell(new MeetNode(node));
                break;
            case AskAgain:
                foreach (var (address, link) in _unknown)
                    Ask(address, link);
                break;
            case ClusterEvent.MemberUp or ActorIdentity:
                break; // A coordinator; or the link is not there yet.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask(UniqueAddress address, ActorSelection link) => link.Tell(new Identify(address.Uid), Self);
}
