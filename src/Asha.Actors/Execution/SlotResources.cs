namespace Asha.Actors.Execution;

/// <summary>What a slot has of its machine: CPU ids as a hint, GPU ids exclusively.</summary>
public sealed record SlotResources(IReadOnlyList<int> Cpus, IReadOnlyList<string> Gpus);
