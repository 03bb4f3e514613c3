using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Host.ExperimentFiles;

/// <summary>What a file is checked against, and the default number of slots follows from. GPUs are looked for only where a trial needs one: a driver in trouble lets that take long.</summary>
/// <param name="cores">CPUs.</param>
/// <param name="gpus">Finds the GPUs.</param>
/// <param name="programProblem">Why a program of an experiment's could not be started, <c>null</c> where it could; left out: nobody looks.</param>
public sealed class Machine(int cores, Func<GpuInventory> gpus, Func<TrialSpec, string, string?>? programProblem = null)
{
    /// <summary>A machine that is not this one.</summary>
    public Machine(int cores, int gpus) : this(cores, () => new GpuInventory([.. Enumerable.Range(0, gpus).Select(gpu => $"{gpu}")], "so it was said", "say more")) { }

    public int Cores => cores;

    public GpuInventory Gpus => gpus();

    public string? ProgramProblem(TrialSpec trial, string program) => programProblem?.Invoke(trial, program);
}
