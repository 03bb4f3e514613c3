namespace Asha.Host.ExperimentFiles;

/// <summary>What the default number of slots follows from.</summary>
public sealed record Machine(int Cores, int Gpus);
