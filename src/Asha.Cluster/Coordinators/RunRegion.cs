using Akka.Actor;
using Akka.Cluster;
using Asha.Cluster.Settings;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// The way to the runs' hosts: through this coordinator's own shard region; from when the coordinator leaves, through another's, as its own hands its shards over and goes a moment before the registry does: a run that was here would be woken by the next registry alone, a second later. Where there is no
/// other, nobody can have a run: the region would wait with what it is told, and the coordinator for the region.
/// </summary>
/// <param name="own">Of this coordinator.</param>
/// <param name="context">The registry's.</param>
internal sealed class RunRegion(IActorRef own, IActorContext context)
{
    public void Tell(object message)
    {
        if (CoordinatedShutdown.Get(context.System).ShutdownReason is null)
            own.Tell(message);
        else if (Other() is { } other)
            context.ActorSelection(new RootActorPath(other) / own.Path.Elements).Tell(message, context.Self);
    }

    private Address? Other()
    {
        var cluster = Akka.Cluster.Cluster.Get(context.System);
        var state = cluster.State;
        return state.Members.Except(state.Unreachable).FirstOrDefault(member => member.Status == MemberStatus.Up && member.HasRole(ClusterConfig.Coordinator) && !member.Address.Equals(cluster.SelfAddress))?.Address;
    }
}
