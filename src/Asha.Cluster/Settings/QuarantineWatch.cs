using Akka.Actor;
using Akka.Remote;

namespace Asha.Cluster.Settings;

/// <summary>Notices that a coordinator takes nothing from this actor system any more: it has been given up, and was away when that was said.</summary>
/// <param name="coordinators">Their addresses. What others think of this system is of no account.</param>
/// <param name="isOut">Called then.</param>
internal sealed class QuarantineWatch(IReadOnlyList<Address> coordinators, Action isOut) : UntypedActor
{
    public static Props Props(IReadOnlyList<Address> coordinators, Action isOut) => Akka.Actor.Props.Create(() => new QuarantineWatch(coordinators, isOut));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is ThisActorSystemQuarantinedEvent quarantined && coordinators.Contains(quarantined.RemoteAddress))
            isOut();
    }
}
