using Akka.Actor;

namespace Asha.Actors;

/// <summary>
/// The runs that a node has jobs of, and where the experiment of each is now: whoever has spoken for it last, unless an earlier writer of its journal speaks on. It is watched. One whose actor is gone may be back: death watch also takes for gone what could
/// not be reached for long, and its coordinator may only be moving. So a run is forgotten a while later, with all that was kept for it; at once, if the registry says that it is over.
/// </summary>
/// <param name="node">Watches them.</param>
internal sealed class NodeExperiments(IActorContext node)
{
    /// <summary>So many intervals after its end an experiment is forgotten: five minutes, as config/akka.hocon has it, in which a coordinator is found lost and another one started.</summary>
    public const int IntervalsKept = 60;

    private sealed record Place(IActorRef Address, int Writer);

    private readonly Dictionary<string, Place> _places = [];
    private readonly Dictionary<IActorRef, string> _runs = [];

    /// <summary>Those that are gone, and for how many intervals.</summary>
    private readonly Dictionary<string, int> _gone = [];

    /// <summary>Whether any will have to be forgotten.</summary>
    public bool AnyGone => _gone.Count > 0;

    /// <summary>Those whose actors are gone, or seem to be.</summary>
    public IReadOnlyList<string> Gone => [.. _gone.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Where the run's experiment is; <c>null</c>: the run is not known, or not any more.</summary>
    public IActorRef? AddressOf(string run) => _places.GetValueOrDefault(run)?.Address;

    /// <summary>Whose address it is; <c>null</c>: nobody's, or not any more.</summary>
    public string? RunAt(IActorRef address) => _runs.GetValueOrDefault(address);

    /// <summary>Something is kept for a run that nobody has spoken for yet: it is as one whose actor is gone.</summary>
    public void Await(string run) => _gone.TryAdd(run, 0);

    /// <summary>Somebody speaks for the run. Returns whether it is to be heard: not one of whose journal another is the writer by now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="address">Who speaks.</param>
    /// <param name="writer">Writers of a journal are counted; 0: there is but one.</param>
    /// <param name="moved">The run was elsewhere before, or something was kept for it.</param>
    public bool Hears(string run, IActorRef address, int writer, out bool moved)
    {
        moved = false;
        if (_places.TryGetValue(run, out var place))
        {
            if (writer < place.Writer)
                return false;
            moved = !place.Address.Equals(address);
        }
        moved |= place is null && _gone.ContainsKey(run);
        var wasGone = _gone.Remove(run);
        if (place is null || moved || wasGone)
            Put(run, address, writer);
        else
            _places[run] = place with { Writer = writer };
        return true;
    }

    /// <summary>It has spoken, so that it is there, if not for long.</summary>
    public void Heard(string run, IActorRef address)
    {
        if (_gone.Remove(run))
            Put(run, address, _places[run].Writer);
    }

    /// <summary>Its actor is gone, or so it seems.</summary>
    public void Lose(string run) => _gone[run] = 0;

    /// <summary>The node was cut off, and what became of the experiments meanwhile nobody has told it: death watch ended with the link that it went through. They are as gone until they speak.</summary>
    public void LoseAll()
    {
        foreach (var (run, place) in _places)
        {
            node.Unwatch(place.Address);
            _gone.TryAdd(run, 0);
        }
    }

    /// <summary>Another interval is over.</summary>
    /// <returns>Those that were gone for too long; they are known no more.</returns>
    public IReadOnlyList<string> Forget()
    {
        var forgotten = new List<string>();
        foreach (var run in _gone.Keys.Order(StringComparer.Ordinal).ToArray())
        {
            if (++_gone[run] >= IntervalsKept && Forget(run))
                forgotten.Add(run);
        }
        return forgotten;
    }

    /// <summary>The run is over.</summary>
    /// <returns>Whether it is known no more; one that somebody speaks for ends what it has here itself.</returns>
    public bool Forget(string run)
    {
        if (!_gone.Remove(run))
            return false;
        if (_places.Remove(run, out var place))
            Unwatch(place.Address);
        return true;
    }

    /// <summary>The same actor may come by another way than before, where the link was made anew: it is watched by that.</summary>
    private void Put(string run, IActorRef address, int writer)
    {
        if (_places.TryGetValue(run, out var before))
            Unwatch(before.Address);
        _runs[node.Watch(address)] = run;
        _places[run] = new Place(address, writer);
    }

    private void Unwatch(IActorRef address)
    {
        _runs.Remove(address);
        node.Unwatch(address);
    }
}
