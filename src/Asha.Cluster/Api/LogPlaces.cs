using System.Globalization;
using System.Net;
using Asha.Core.Experiments;

namespace Asha.Cluster.Api;

/// <summary>On which nodes what a trial printed is, as the run's journal says.</summary>
/// <param name="Parts">The nodes, in the order in which the trial came to them; of the preparation, by name.</param>
/// <param name="Files">Where nodes handed out what they had when they joined the run, by their names.</param>
/// <param name="IsOver">Nothing is printed any more: the trial has ended for good, or the run has.</param>
internal sealed record LogPlaces(IReadOnlyList<LogPart> Parts, IReadOnlyDictionary<string, string> Files, bool IsOver)
{
    private const string Preparation = "prepare";

    /// <summary>Finds them.</summary>
    /// <param name="state">The run.</param>
    /// <param name="given">The trial's number, or the preparation.</param>
    /// <param name="isFollowed">Whoever follows waits for a run's first trials.</param>
    /// <exception cref="ApiProblemException">There is no such trial, or no preparation.</exception>
    public static LogPlaces Of(ExperimentState state, string given, bool isFollowed)
    {
        var nodes = state.Trials.SelectMany(trial => trial.Moves).Select(move => move.Node).Distinct().ToArray();
        var files = nodes.Select(node => (Node: node, Files: state.Nodes.FilesOf(node))).Where(known => known.Files is not null).ToDictionary(known => known.Node, known => known.Files!);
        if (given == Preparation)
        {
            return state.Spec.Trial.Prepare.Count == 0
                ? throw new ApiProblemException(HttpStatusCode.NotFound, "the experiment has no preparation")
                : new LogPlaces([.. nodes.Order(StringComparer.Ordinal).Select(node => new LogPart(node, null))], files, state.Ended is not null);
        }
        if (isFollowed && state is { Trials.Count: 0, Ended: null })
            return new LogPlaces([], files, IsOver: false);
        if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= state.Trials.Count)
            throw new ApiProblemException(HttpStatusCode.NotFound, $"trial {given}: {(state.Trials.Count == 0 ? "the run has no trials" : $"the run has trials 0 to {state.Trials.Count - 1}")}");
        var trial = state.Trials[number];
        return new LogPlaces(
            [.. trial.Moves.GroupBy(move => move.Node).Select(moves => new LogPart(moves.Key, moves.Min(move => move.Attempt))).OrderBy(part => part.From)], files,
            state.Ended is not null || trial.Phase is TrialPhase.Completed or TrialPhase.Failed or TrialPhase.Cancelled);
    }
}

/// <summary>A part of a log.</summary>
/// <param name="Node">Where it is.</param>
/// <param name="From">The first attempt there; <c>null</c>: it is the preparation's.</param>
internal sealed record LogPart(string Node, int? From)
{
    /// <summary>What is missing where it is not to be had.</summary>
    /// <param name="read">How much of it was.</param>
    public string Missing(long read) => read > 0 ? "what was printed from here on" : From is { } attempt ? $"what was printed from attempt {attempt} on" : "what was printed";
}
