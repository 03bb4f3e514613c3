namespace Asha.Tuning;

/// <summary>What a trial reports, and which way is better.</summary>
public sealed record Metric
{
    private Metric(string name, bool isMaximized) => (Name, IsMaximized) = (name, isMaximized);

    /// <summary>Its name, for people: one line, at most 64 characters.</summary>
    public string Name { get; }

    /// <summary>Whether more of it is better.</summary>
    public bool IsMaximized { get; }

    /// <summary>Less is better: an error, a loss.</summary>
    /// <param name="name">Its name, for people: one line, at most 64 characters.</param>
    public static Metric Minimize(string name) => new(name, false);

    /// <summary>More is better: an accuracy, a score.</summary>
    /// <param name="name">Its name, for people: one line, at most 64 characters.</param>
    public static Metric Maximize(string name) => new(name, true);
}
