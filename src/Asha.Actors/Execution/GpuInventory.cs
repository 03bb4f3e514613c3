namespace Asha.Actors.Execution;

/// <summary>The GPUs that trials may use.</summary>
/// <param name="Ids">As CUDA_VISIBLE_DEVICES takes them; no two name the same GPU.</param>
/// <param name="Source">How they were found, or why there are none.</param>
/// <param name="Advice">What helps where they are too few.</param>
public sealed record GpuInventory(IReadOnlyList<string> Ids, string Source, string Advice);
