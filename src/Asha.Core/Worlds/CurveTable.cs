namespace Asha.Core.Worlds;

/// <summary>What a job costs a trial that goes on: from where it stood, or from the beginning (docs/semantics.md).</summary>
public enum JobCost { Resume, Restart }

/// <summary>A row: the metric at a resource, and the seconds that it took since the trial's previous row.</summary>
public readonly record struct CurveRow(double Resource, double Metric, decimal Seconds);

/// <summary>Recorded learning curves, by trial: what a job brings and how long it takes. Nothing in it is drawn.</summary>
public sealed class CurveTable
{
    private readonly List<CurveRow[]> _trials;

    /// <param name="trials">Of each trial, numbered from 0, its rows by rising resource.</param>
    public CurveTable(IEnumerable<IEnumerable<CurveRow>> trials)
    {
        _trials = [.. trials.Select(rows => rows.ToArray())];
    }

    /// <summary>Whether its rows say how long they took; otherwise every unit of resource takes as long as the world says.</summary>
    public bool HasSeconds { get; init; } = true;

    /// <summary>How many trials there are.</summary>
    public int Trials => _trials.Count;

    /// <summary>The metric of a trial at a level.</summary>
    /// <exception cref="KeyNotFoundException">There is no such row; a table that passed <see cref="Missing"/> has one for each level.</exception>
    public double Metric(int trial, double level)
    {
        var row = Find(trial, level);
        return row >= 0 ? _trials[trial][row].Metric : throw new KeyNotFoundException($"Trial {trial} has no row at {level:R}.");
    }

    /// <summary>How long a job lasts: the seconds of all rows above <paramref name="from"/> up to <paramref name="to"/>, summed exactly.</summary>
    public decimal Seconds(int trial, double from, double to)
    {
        var seconds = 0m;
        foreach (var row in _trials[trial])
        {
            if (row.Resource > from && row.Resource <= to)
                seconds += row.Seconds;
        }
        return seconds;
    }

    /// <summary>The seconds of the trial that takes longest from 0 to <paramref name="to"/>, and which it is; of several, the first.</summary>
    public (int Trial, decimal Seconds) Longest(double to) => Enumerable.Range(0, Trials).Select(trial => (trial, Seconds(trial, 0, to))).MaxBy(trial => trial.Item2);

    /// <summary>The trials and levels at which a row is missing, by trial.</summary>
    public IEnumerable<(int Trial, double Level)> Missing(IReadOnlyList<double> levels)
        => from trial in Enumerable.Range(0, Trials) from level in levels where Find(trial, level) < 0 select (trial, level);

    private int Find(int trial, double resource)
    {
        var rows = _trials[trial];
        var (low, high) = (0, rows.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].Resource == resource)
                return middle;
            if (rows[middle].Resource < resource)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }
}
