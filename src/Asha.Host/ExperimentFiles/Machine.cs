using Asha.Actors.Execution;

namespace Asha.Host.ExperimentFiles;

/// <summary>What the default number of slots follows from. GPUs are looked for only where a trial needs one: a driver in trouble lets that take long.</summary>
public sealed class Machine(int cores, Func<GpuInventory> gpus)
{
    /// <summary>A machine that is not this one.</summary>
    public Machine(int cores, int gpus) : this(cores, () => new GpuInventory([.. Enumerable.Range(0, gpus).Select(gpu => $"{gpu}")], "so it was said", "say more")) { }

    public int Cores => cores;

    public GpuInventory Gpus => gpus();
}
