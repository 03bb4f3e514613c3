using Akka.Actor;
using Asha.Actors.Simulation;

namespace Asha.Torture.World;

/// <summary>Ends an actor and its children as the end of their process would: from now on none of them takes another message.</summary>
internal static class SuddenEnd
{
    /// <summary>The parent first: it hears nothing of its children's ends. They go by name; the parent would go through them in an order that hangs on hashes.</summary>
    public static void End(this VirtualSystem system, IActorRef actor)
    {
        ((IInternalActorRef)actor).Stop();
        foreach (var child in ((ActorRefWithCell)actor).Children.OrderBy(child => child.Path.Name, StringComparer.Ordinal))
            ((IInternalActorRef)child).Stop();
    }
}
