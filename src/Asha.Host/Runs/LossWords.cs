using Asha.Core.Experiments;
using Asha.Host.Cli;

namespace Asha.Host.Runs;

/// <summary>What becomes of a trial whose attempt ended by no fault of its own.</summary>
internal static class LossWords
{
    public static string Of(ExperimentState state, AttemptLost lost)
        => state.Stopping is not null && lost.Cause == FaultNames.Stopped ? $"trial {lost.Trial} has ended; when the run goes on, it does so from {(state.Trials[lost.Trial].Checkpoint is { } newest ? $"{Output.Number(newest.Resource)} {state.Spec.Resource.Name}" : "nothing")}" : $"trial {lost.Trial} is tried again: {lost.Cause}";

    public static string Of(ExperimentStopping stopping) => $"{stopping.Outcome}: nothing starts any more; what trials report while they end still counts";
}
