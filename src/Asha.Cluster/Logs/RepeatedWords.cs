namespace Asha.Cluster.Logs;

/// <summary>What a log says again and again, as a connection does that is tried twice a second for a whole night: once a minute is often enough, and the log's files, which are bounded, keep what went before.</summary>
internal sealed class RepeatedWords
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>More kinds of words than this are not repetitions.</summary>
    private const int Most = 1000;

    private readonly Dictionary<string, DateTime> _said = [];

    /// <summary>Whether the words were not said for a minute. Then they are said now.</summary>
    public bool IsNews(string words, DateTime at)
    {
        if (_said.TryGetValue(words, out var last) && at - last < Pause)
            return false;
        if (_said.Count >= Most)
            _said.Clear();
        _said[words] = at;
        return true;
    }
}
