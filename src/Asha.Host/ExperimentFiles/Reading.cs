namespace Asha.Host.ExperimentFiles;

/// <summary>What was found wrong so far while a file is read. Reading goes on after a mistake, so that all are told together.</summary>
internal sealed class Reading(KeyHints hints)
{
    /// <summary>Suggestions are for people, who will not read more of them; a hostile file must not make us search for ever.</summary>
    private const int MostSuggestions = 200;

    private readonly List<FileProblem> _problems = [];
    private readonly List<FileProblem> _warnings = [];

    public bool Failed => _problems.Count > 0;

    /// <summary>In the order of the file, overrides last.</summary>
    public IReadOnlyList<FileProblem> Problems => InOrder(_problems);

    public IReadOnlyList<FileProblem> Warnings => InOrder(_warnings);

    public void Wrong(Place place, string path, string message) => _problems.Add(At(place, path, message));

    public void Warn(Place place, string path, string message) => _warnings.Add(At(place, path, message));

    /// <summary>What to say after "unknown": the key of another name or place, the nearest one, or all there are.</summary>
    public string HintForKey(string mapPath, string key, IReadOnlyCollection<string> known)
        => _problems.Count < MostSuggestions && hints.Find(mapPath, key) is { } name ? $"; in Asha this is '{name}'" : Hint(key, known);

    /// <summary>The nearest of the known words, or all of them where none is near and they are few.</summary>
    public string Hint(string word, IReadOnlyCollection<string> known)
    {
        if (_problems.Count >= MostSuggestions || known.Count == 0)
            return "";
        if (Spelling.Nearest(word, known) is { } nearest)
            return $"; did you mean '{nearest}'?";
        return known.Count <= 12 ? $"; known here: {string.Join(", ", known)}" : "";
    }

    private static FileProblem At(Place place, string path, string message)
        => new(place.Source, place.Line, place.Column, path, message);

    private static IReadOnlyList<FileProblem> InOrder(IEnumerable<FileProblem> found)
        => [.. found.OrderBy(problem => problem.Line == 0).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)];
}
