using Akka.Actor;

namespace Asha.Torture.World;

/// <summary>The name by which experiments speak to the supervisor, whichever is there, as a cluster's singleton proxy has it; what is said while there is none is lost.</summary>
internal sealed class SupervisorProxy(Func<IActorRef?> supervisor) : UntypedActor
{
    public static Props Props(Func<IActorRef?> supervisor) => Akka.Actor.Props.Create(() => new SupervisorProxy(supervisor));

    protected override void OnReceive(object message) => supervisor()?.Forward(message);
}
