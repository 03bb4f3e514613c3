namespace Asha.Host.ExperimentFiles;

/// <summary>What the default number of slots follows from. GPUs are looked for only where a trial needs one: a driver in trouble lets that take long.</summary>
public sealed class Machine(int cores, Func<int> gpus)
{
    private readonly Lazy<int> _gpus = new(gpus);

    public Machine(int cores, int gpus) : this(cores, () => gpus) { }

    public int Cores => cores;

    public int Gpus => _gpus.Value;
}
