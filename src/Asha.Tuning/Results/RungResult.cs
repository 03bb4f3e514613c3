namespace Asha.Tuning;

/// <summary>What happened in one rung.</summary>
/// <param name="Level">The resource of its results.</param>
/// <param name="Started">Trials, not attempts, that were started for it.</param>
/// <param name="Completed">Results, those of failed and diverged trials included.</param>
/// <param name="Failed">Those of them whose trial failed for good on its way here.</param>
/// <param name="Promoted">Trials that left it upwards.</param>
public sealed record RungResult(double Level, int Started, int Completed, int Failed, int Promoted);
