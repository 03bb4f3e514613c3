namespace Asha.Host.ExperimentFiles;

/// <summary>What was found wrong so far while a file is read. Reading goes on after a mistake, so that all are told together.</summary>
internal sealed class Reading(KeyHints hints)
{
    /// <summary>Suggestions are for people, who will not read more of them; a hostile file must not make us search for ever.</summary>
    private const int MostSuggestions = 200;

    private readonly List<FileProblem> _problems = [];
    private readonly List<(FileProblem Problem, string[] Paths)> _missing = [];
    private readonly HashSet<string> _meant = new(StringComparer.Ordinal);
    private readonly List<FileProblem> _warnings = [];
    private bool _isRefused;

    public bool Failed => _problems.Count > 0 || _missing.Count > 0 || _isRefused;

    /// <summary>In the order of the file, overrides last. A key is not missing where another one was meant for it: that one is told.</summary>
    public IReadOnlyList<FileProblem> Problems
        => InOrder(_problems.Concat(_missing.Where(missing => !missing.Paths.Any(IsMeant)).Select(missing => missing.Problem)));

    public IReadOnlyList<FileProblem> Warnings => InOrder(_warnings);

    /// <summary>A line each.</summary>
    public IReadOnlyList<string> WarningLines => [.. Warnings.Select(warning => warning.ToString())];

    /// <summary>Something was wrong that was told when the tree was built, perhaps to another reading of it.</summary>
    public void Refused() => _isRefused = true;

    public void Wrong(Place place, string path, string message) => _problems.Add(At(place, path, message));

    /// <param name="others">Paths of keys each of which would do in its place.</param>
    public void Missing(Place place, string path, string message, params ReadOnlySpan<string> others) => _missing.Add((At(place, path, message), [path, .. others]));

    public void Warn(Place place, string path, string message) => _warnings.Add(At(place, path, message));

    /// <summary>What to say after "unknown": the key of another name or place, the nearest one, or all there are.</summary>
    public string HintForKey(string mapPath, string key, IReadOnlyCollection<string> known)
    {
        if (_problems.Count >= MostSuggestions || hints.Find(mapPath, key) is not { } name)
            return Hint(key, known, mapPath);
        _meant.Add(known.Contains(name) ? Below(mapPath, name) : name);
        return $"; in Asha this is '{name}'";
    }

    /// <summary>The nearest of the known words, or all of them where none is near and they are few.</summary>
    /// <param name="mapPath">Where the words are keys: of which map.</param>
    public string Hint(string word, IReadOnlyCollection<string> known, string? mapPath = null)
    {
        if (_problems.Count >= MostSuggestions || known.Count == 0)
            return "";
        if (Spelling.Nearest(word, known) is not { } nearest)
            return known.Count <= 12 ? $"; known here: {string.Join(", ", known)}" : "";
        if (mapPath is not null)
            _meant.Add(Below(mapPath, nearest));
        return $"; did you mean '{nearest}'?";
    }

    /// <summary>Whether an unknown key stands for this one, or for a map around it.</summary>
    private bool IsMeant(string path) => _meant.Contains(path) || (path.LastIndexOf('.') is > 0 and var dot && IsMeant(path[..dot]));

    private static string Below(string mapPath, string key) => mapPath.Length == 0 ? key : $"{mapPath}.{key}";

    private static FileProblem At(Place place, string path, string message)
        => new(place.Source, place.Line, place.Column, path, message);

    private static IReadOnlyList<FileProblem> InOrder(IEnumerable<FileProblem> found)
        => [.. found.OrderBy(problem => problem.Line == 0).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)];
}
