namespace Asha.Host.ExperimentFiles;

/// <summary>
/// Reads a map key by key. What was not asked for by the <see cref="End"/> is an unknown key, and so a mistake.
/// Made for any file of this kind, not only for experiments.
/// </summary>
internal sealed class MapReader
{
    private readonly MapNode _map;
    private readonly Reading _reading;
    private readonly Dictionary<string, MapEntry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public MapReader(MapNode map, string path, Reading reading)
    {
        (_map, Path, _reading) = (map, path, reading);
        foreach (var entry in map.Entries)
        {
            if (_entries.TryAdd(entry.Key.Text, entry))
                continue;
            var first = _entries[entry.Key.Text].Key.Place;
            reading.Wrong(entry.Key.Place, PathOf(entry.Key.Text), first.Line > 0 ? $"occurs twice; first on line {first.Line}" : "occurs twice");
        }
    }

    public string Path { get; }

    public int Count => _entries.Count;

    /// <summary>The keys that were asked for so far.</summary>
    public IReadOnlyCollection<string> Known => _known;

    /// <summary>Whether the key is there; where it is not, no suggestion names it.</summary>
    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>The value of a key that may be left out, or <c>null</c>.</summary>
    public Field? Take(string key)
    {
        _known.Add(key);
        return _entries.TryGetValue(key, out var entry) ? new Field(entry.Value, PathOf(key), _reading) : null;
    }

    /// <summary>The value of a key that must be there; without it, the mistake is reported and the answer <c>null</c>.</summary>
    public Field? Require(string key)
    {
        if (Take(key) is { } field)
            return field;
        _reading.Missing(_map.Place, PathOf(key), "is missing");
        return null;
    }

    /// <summary>All keys with their values, for maps whose keys the user chooses.</summary>
    public IEnumerable<(ScalarNode Key, Field Value)> All()
    {
        foreach (var (name, entry) in _entries)
        {
            _known.Add(name);
            yield return (entry.Key, new Field(entry.Value, PathOf(name), _reading));
        }
    }

    /// <summary>These keys are no mistake, though nobody reads them.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            _known.Add(key);
    }

    /// <summary>A mistake of the map as a whole.</summary>
    public void Wrong(string message) => _reading.Wrong(_map.Place, Path, message);

    /// <summary>A mistake of something below this map, which may have been left out.</summary>
    public void Wrong(string below, string message) => _reading.Wrong(Near(below), PathOf(below), message);

    /// <summary>Something below this map ought to be there, or one of <paramref name="others"/>, which are whole paths.</summary>
    public void Missing(string below, string message, params ReadOnlySpan<string> others) => _reading.Missing(Near(below), PathOf(below), message, others);

    /// <summary>A doubt about something below this map, which may have been left out.</summary>
    public void Warn(string below, string message) => _reading.Warn(Near(below), PathOf(below), message);

    /// <summary>A mistake in one of the keys that the user chose.</summary>
    public void WrongKey(ScalarNode key, string message) => _reading.Wrong(key.Place, PathOf(key.Text), message);

    /// <summary>The same, with the nearest of the keys that it might be.</summary>
    public void UnknownKey(ScalarNode key, string message, IReadOnlyCollection<string> known)
        => WrongKey(key, message + _reading.Hint(key.Text, known, Path));

    /// <summary>Reports every key that was not asked for.</summary>
    public void End()
    {
        foreach (var (name, entry) in _entries)
        {
            if (!_known.Contains(name))
                WrongKey(entry.Key, $"unknown key{_reading.HintForKey(Path, name, _known)}");
        }
    }

    private Place Near(string below) => _entries.TryGetValue(below.Split('.')[0], out var entry) ? entry.Key.Place : _map.Place;

    private string PathOf(string key)
    {
        var shown = YamlText.Shown(key);
        return Path.Length == 0 ? shown : $"{Path}.{shown}";
    }
}
