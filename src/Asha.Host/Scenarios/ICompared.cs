using Asha.Core.Experiments;
using Asha.Core.Worlds;

namespace Asha.Host.Scenarios;

/// <summary>One side of a comparison: a scheduler in a world, or a run that was recorded.</summary>
internal interface ICompared
{
    /// <summary>What it is called.</summary>
    string Label { get; }

    ExperimentSpec Spec { get; }

    /// <summary>Runs it, or tells it again.</summary>
    /// <param name="seed">Another seed is another world, where anything is drawn.</param>
    /// <param name="told">Told of each event.</param>
    /// <param name="drawn">Told of each attempt that begins what chance gives to it.</param>
    void Run(long seed, Action<ExperimentEvent> told, Action<JobStarted, AttemptDraw> drawn);
}
