using System.Globalization;

namespace Asha.Tuning;

/// <summary>Every mistake in what the user gave, a line each.</summary>
internal sealed class Problems
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public bool Any => _all.Count > 0;

    public void Add(string problem) => _all.Add(problem);

    /// <summary>Whether a number lies between two bounds, both included.</summary>
    public bool Range(string name, double value, double least, double most)
    {
        if (value >= least && value <= most)
            return true;
        Add(string.Create(CultureInfo.InvariantCulture, $"{name}: must be {least} to {most}, but is {value}"));
        return false;
    }

    /// <summary>A duration must be more than 0 and not beyond reason; one that is not given is no mistake.</summary>
    public void Duration(string name, TimeSpan? value)
    {
        if (value <= TimeSpan.Zero || value > ExperimentRules.LongestDuration)
            Add($"{name}: must be more than 0 and at most {ExperimentRules.LongestDuration.TotalDays} days, but is {value}");
    }

    /// <summary>It must be fit to stand in a table.</summary>
    public void Label(string name, string value)
    {
        if (value.Length is 0 or > ExperimentRules.LongestName || value.Trim() != value || value.Any(char.IsControl))
            Add($"{name}: must be a name on one line, of at most {ExperimentRules.LongestName} characters, without spaces around it");
    }
}
