namespace Asha.Tuning;

/// <summary>A trial's result in one rung.</summary>
/// <param name="Resource">As reported: at least the rung's level. Where the trial failed, how far it had come.</param>
/// <param name="Metric">As reported; NaN where training diverged or the trial failed on its way.</param>
public readonly record struct Measurement(double Resource, double Metric);
