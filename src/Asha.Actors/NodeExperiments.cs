using Akka.Actor;

namespace Asha.Actors;

/// <summary>
/// The experiments that a node has heard of, and watches. One whose actor is gone may be back: death watch also takes for gone what could not be reached for long, and its coordinator may only be moving. So it is forgotten a while
/// later, with all that was kept for it.
/// </summary>
/// <param name="node">Watches them.</param>
internal sealed class NodeExperiments(IActorContext node)
{
    /// <summary>So many intervals after its end an experiment is forgotten: five minutes, as config/akka.hocon has it, in which a coordinator is found lost and another one started.</summary>
    public const int IntervalsKept = 60;

    private readonly HashSet<IActorRef> _known = [];

    /// <summary>Those that are gone, and for how many intervals.</summary>
    private readonly Dictionary<IActorRef, int> _gone = [];

    /// <summary>Whether any will have to be forgotten.</summary>
    public bool AnyGone => _gone.Count > 0;

    public bool Knows(IActorRef experiment) => _known.Contains(experiment);

    /// <summary>It has spoken, so that it is there, if not for long.</summary>
    public void Heard(IActorRef experiment)
    {
        if (_known.Add(experiment) || _gone.Remove(experiment))
            node.Watch(experiment);
    }

    /// <summary>Its actor is gone, or so it seems.</summary>
    public void Gone(IActorRef experiment) => _gone[experiment] = 0;

    /// <summary>Another interval is over.</summary>
    /// <returns>Those that were gone for too long; they are known no more.</returns>
    public IReadOnlyList<IActorRef> Forget()
    {
        var forgotten = new List<IActorRef>();
        foreach (var experiment in _gone.Keys.Order().ToArray())
        {
            if (++_gone[experiment] < IntervalsKept)
                continue;
            _gone.Remove(experiment);
            _known.Remove(experiment);
            forgotten.Add(experiment);
        }
        return forgotten;
    }
}
