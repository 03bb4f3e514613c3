namespace Asha.Core.Experiments;

/// <summary>What happened in one rung, counted; no ranking.</summary>
public sealed class RungTally(int bracket, int rung, double level)
{
    public int Bracket { get; } = bracket;

    public int Rung { get; } = rung;

    /// <summary>The resource of its results.</summary>
    public double Level { get; } = level;

    /// <summary>Trials, not attempts, that were started for it.</summary>
    public int Started { get; internal set; }

    /// <summary>Results, those that are not finite included.</summary>
    public int Completed { get; internal set; }

    /// <summary>Those of them whose trial failed for good on its way here.</summary>
    public int Failed { get; internal set; }

    /// <summary>Trials that left it upwards.</summary>
    public int Promoted { get; internal set; }

    /// <summary>Attempts under way.</summary>
    public int Running { get; internal set; }

    /// <summary>Trials on their way to it: jobs running, or waiting for a slot.</summary>
    public int Underway { get; internal set; }

    /// <summary>What the brackets' rungs of the same number have together, under the number of the first.</summary>
    internal static RungTally[] Sum(IReadOnlyList<BracketState> brackets)
        => [.. brackets[0].Rungs.Select((first, rung) => new RungTally(first.Bracket, rung, first.Level)
        {
            Started = brackets.Sum(bracket => bracket.Rungs[rung].Started),
            Completed = brackets.Sum(bracket => bracket.Rungs[rung].Completed),
            Failed = brackets.Sum(bracket => bracket.Rungs[rung].Failed),
            Promoted = brackets.Sum(bracket => bracket.Rungs[rung].Promoted),
            Running = brackets.Sum(bracket => bracket.Rungs[rung].Running),
            Underway = brackets.Sum(bracket => bracket.Rungs[rung].Underway),
        })];
}
