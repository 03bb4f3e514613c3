using System.Globalization;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A line that a trial's witness wrote (tests/cluster/witness.sh).</summary>
/// <param name="At">Unix time, seconds.</param>
internal sealed record Witnessed(double At, string Word, int Trial, int Attempt, int Pid, string Node)
{
    /// <summary>Now, as the lines have it.</summary>
    public static double Now => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Whether its process is there.</summary>
    public bool IsThere => File.Exists($"/proc/{Pid}/environ");

    /// <summary>All of a run so far.</summary>
    public static IReadOnlyList<Witnessed> Of(ProcessCluster cluster, string run)
    {
        var path = Path.Combine(cluster.Folder, "log");
        return !File.Exists(path) ? [] :
        [
            .. File.ReadAllLines(path).Select(line => line.Split(' ')).Where(words => words.Length > 6 && words[2] == run)
                .Select(words => new Witnessed(Number(words[0]), words[1], (int)Number(words[3]), (int)Number(words[4]), (int)Number(words[5]), words[6])),
        ];

        static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
    }
}
