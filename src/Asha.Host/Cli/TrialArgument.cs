using System.CommandLine;
using System.Globalization;
using Asha.Core.Experiments;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary>A trial's number on the command line.</summary>
internal static class TrialArgument
{
    public static Argument<string> Create(string description) => new("trial") { Description = description };

    /// <summary>Reads it.</summary>
    /// <param name="given">As typed.</param>
    /// <param name="run">The run's name, for who does not know its trials.</param>
    /// <param name="orElse">What else it might be, in words.</param>
    /// <exception cref="UserErrorException">It is no number of a trial.</exception>
    public static int Number(string given, string run, string orElse = "") => int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new UserErrorException($"{given}: wants the number of a trial{orElse}", $"'asha trials {run}' lists the trials.");

    /// <summary>The run's trial of that number.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static TrialState Find(ExperimentState state, int number) => number < state.Trials.Count
        ? state.Trials[number]
        : throw new UserErrorException($"trial {number}: {(state.Trials.Count == 0 ? "the run has no trials" : $"the run has trials 0 to {state.Trials.Count - 1}")}");
}
