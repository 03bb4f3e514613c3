using System.Diagnostics;
using System.Globalization;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A line that a trial's witness wrote (tests/cluster/witness.sh).</summary>
internal sealed record Witnessed(double At, string Word, int Trial, int Attempt, int Pid, string Node)
{
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

    /// <summary>Trials' processes that are there.</summary>
    public static IReadOnlyList<Witnessed> Running(ProcessCluster cluster, string run) => [.. Of(cluster, run).Where(line => line.Word == "start" && File.Exists($"/proc/{line.Pid}/environ"))];

    /// <summary>Now, as the lines have it.</summary>
    public static double Now => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    public static Task UntilAsync(string what, Func<bool> happened) => UntilAsync(what, () => Task.FromResult(happened()));

    public static async Task UntilAsync(string what, Func<Task<bool>> happened)
    {
        for (var begun = Stopwatch.GetTimestamp(); !await happened(); await Task.Delay(100))
        {
            if (Stopwatch.GetElapsedTime(begun) > Member.Patience)
                throw new TimeoutException($"not within {Member.Patience.TotalSeconds:0} s: {what}");
        }
    }
}
