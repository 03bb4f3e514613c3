using System.Globalization;

namespace Asha.Crashes.Checks;

/// <summary>A line of a trial's own log (trial.sh says which there are).</summary>
/// <param name="Time">Seconds since 1970, of the machine's clock.</param>
/// <param name="Words">What follows the line's kind.</param>
internal sealed record TrialLine(int Trial, double Time, int Engine, int Attempt, string Kind, IReadOnlyList<string> Words)
{
    /// <summary>A whole number of a resource.</summary>
    public int Resource => Number(0);

    public int Number(int word) => int.Parse(Words[word], CultureInfo.InvariantCulture);
}

/// <summary>What the trials themselves wrote down.</summary>
internal static class TrialLogs
{
    /// <summary>All lines, trial by trial, each trial's in order. One without its end is being written.</summary>
    public static IReadOnlyList<TrialLine> Read(string folder)
    {
        var lines = new List<TrialLine>();
        foreach (var path in Directory.EnumerateFiles(folder, "trial-*.log"))
        {
            var trial = int.Parse(Path.GetFileNameWithoutExtension(path)[6..], CultureInfo.InvariantCulture);
            var text = File.ReadAllText(path);
            foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var words = line.Split(' ');
                lines.Add(new TrialLine(trial, double.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture), words[3], words[4..]));
            }
        }
        return lines;
    }
}
