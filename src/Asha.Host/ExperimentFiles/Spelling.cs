namespace Asha.Host.ExperimentFiles;

/// <summary>Finds the word that was meant.</summary>
internal static class Spelling
{
    /// <summary>The known word nearest to <paramref name="word"/>, unless it would take changing more than a third of it.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var written = Folded(word);
        var most = Math.Max(1, written.Length / 3);
        string? nearest = null;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - written.Length) > most || candidate.Length <= 1)
                continue;
            var distance = Distance(written, Folded(candidate));
            if (distance > most || (distance == most && nearest is not null))
                continue;
            (nearest, most) = (candidate, distance);
        }
        return nearest;
    }

    /// <summary>
    /// How many letters must be inserted, removed, replaced or swapped with their neighbour to get from one word to the other
    /// (the restricted Damerau-Levenshtein distance).
    /// </summary>
    public static int Distance(string from, string to)
    {
        var (older, old, now) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (var j = 0; j <= to.Length; j++)
            old[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var change = from[i - 1] == to[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1], old[j]) + 1, old[j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    now[j] = Math.Min(now[j], older[j - 2] + 1);
            }
            (older, old, now) = (old, now, older);
        }
        return old[to.Length];
    }

    private static string Folded(string word) => word.ToLowerInvariant().Replace('_', '-');
}
