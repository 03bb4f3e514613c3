using Akka.Actor;

namespace Asha.Actors;

/// <summary>
/// The runs that a node has jobs of, and where the experiment of each is now: whoever has spoken for it last, unless an earlier writer of its journal speaks on. It is watched. One whose actor is gone may be back: death watch also takes for gone what could
/// not be reached for long, and its coordinator may only be moving, or all of them may be away for a day. So a run is forgotten, with all that was kept for it, when the registry says that it is over, and never before.
/// </summary>
/// <param name="node">Watches them.</param>
internal sealed class NodeExperiments(IActorContext node)
{
    private sealed record Place(IActorRef Address, int Writer);

    private readonly Dictionary<string, Place> _places = [];
    private readonly Dictionary<IActorRef, string> _runs = [];

    /// <summary>Those whose actors are gone, or seem to be.</summary>
    private readonly SortedSet<string> _gone = new(StringComparer.Ordinal);

    /// <summary>Whether any may have to be forgotten.</summary>
    public bool AnyGone => _gone.Count > 0;

    /// <summary>Those whose actors are gone, or seem to be.</summary>
    public IReadOnlyCollection<string> Gone => _gone;

    /// <summary>Where the run's experiment is; <c>null</c>: the run is not known, or not any more.</summary>
    public IActorRef? AddressOf(string run) => _places.GetValueOrDefault(run)?.Address;

    /// <summary>Whose address it is; <c>null</c>: nobody's, or not any more.</summary>
    public string? RunAt(IActorRef address) => _runs.GetValueOrDefault(address);

    /// <summary>Something is kept for a run that nobody has spoken for yet: it is as one whose actor is gone.</summary>
    public void Await(string run) => _gone.Add(run);

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
        moved |= place is null && _gone.Contains(run);
        var wasGone = _gone.Remove(run);
        if (place is null || moved || wasGone)
            Put(run, address, writer);
        else if (writer > place.Writer)
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
    public void Lose(string run) => _gone.Add(run);

    /// <summary>The node was cut off, and what became of the experiments meanwhile nobody has told it: death watch ended with the link that it went through. They are as gone until they speak.</summary>
    public void LoseAll()
    {
        foreach (var (run, place) in _places)
        {
            node.Unwatch(place.Address);
            _gone.Add(run);
        }
    }

    /// <summary>Whether nobody has spoken for it since its actor was gone.</summary>
    public bool IsGone(string run) => _gone.Contains(run);

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
