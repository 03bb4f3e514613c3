using Akka.Actor;
using Akka.Cluster;
using Asha.Cluster.Settings;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// The way to the runs' hosts: through this coordinator's own shard region; where that is gone, as the coordinator leaves and has handed its shards over, through another's. Otherwise a run that was here would be woken by the next registry alone, a second later.
/// </summary>
/// <param name="own">Of this coordinator.</param>
/// <param name="context">The registry's, who watches it.</param>
internal sealed class RunRegion(IActorRef own, IActorContext context)
{
    private bool _isGone;

    /// <summary>The actor is gone; it may be the region.</summary>
    public void Forget(IActorRef gone) => _isGone |= gone.Equals(own);

    public void Tell(object message)
    {
        if (!_isGone)
            own.Tell(message);
        else if (Other() is { } other)
            context.ActorSelection(new RootActorPath(other) / own.Path.Elements).Tell(message, context.Self);
    }

    private Address? Other()
    {
        var cluster = Akka.Cluster.Cluster.Get(context.System);
        return cluster.State.Members.FirstOrDefault(member => member.Status == MemberStatus.Up && member.HasRole(ClusterConfig.Coordinator) && !member.Address.Equals(cluster.SelfAddress))?.Address;
    }
}
