using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Host.ExperimentFiles;

/// <summary>What a file is checked against, and the default number of slots follows from. GPUs are looked for only where a trial needs one: a driver in trouble lets that take long.</summary>
/// <param name="cores">CPUs.</param>
/// <param name="gpus">Finds the GPUs.</param>
/// <param name="programProblem">Why a program of an experiment's could not be started, <c>null</c> where it could; left out: nobody looks.</param>
/// <param name="variable">The value of a variable of the environment in which trials are run, <c>null</c> where there is none; left out: nobody looks, and it is empty.</param>
public sealed class Machine(int cores, Func<GpuInventory> gpus, Func<TrialSpec, string, string?>? programProblem = null, Func<string, string?>? variable = null)
{
    /// <summary>A machine that is not this one.</summary>
    public Machine(int cores, int gpus) : this(cores, () => new GpuInventory([.. Enumerable.Range(0, gpus).Select(gpu => $"{gpu}")], "so it was said", "say more")) { }

    public int Cores => cores;

    public GpuInventory Gpus => gpus();

    public string? Variable(string name) => variable is null ? "" : variable(name);

    public string? ProgramProblem(TrialSpec trial, string program) => programProblem?.Invoke(trial, program);
}
