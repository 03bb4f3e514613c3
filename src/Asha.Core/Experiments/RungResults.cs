namespace Asha.Core.Experiments;

/// <summary>What an experiment's rungs hold, read from its state: a rung that was lost with its engine is told so.</summary>
public static class RungResults
{
    /// <summary>Of each rung of a bracket, lowest first: the trials with a result, their metrics, turned so that smaller is better, and whether they have left the rung upwards. O(the bracket's results).</summary>
    public static IReadOnlyList<IReadOnlyList<(int Trial, double Metric, bool Promoted)>> ResultsOf(this ExperimentState state, BracketState bracket)
    {
        var rungs = bracket.Rungs.Select(rung => new List<(int, double, bool)>(rung.Completed)).ToArray();
        foreach (var trial in state.TrialsOf(bracket))
        {
            for (var rung = 0; rung < trial.Results.Length; rung++)
                rungs[rung].Add((trial.Trial, state.Spec.Metric.Turned(trial.Results[rung].Metric), trial.Rung > rung));
        }
        return rungs;
    }

    /// <summary>Without overlapping brackets a bracket's trials stand one behind the other; with them they need not.</summary>
    private static IEnumerable<TrialState> TrialsOf(this ExperimentState state, BracketState bracket)
        => state.Trials.Skip(bracket.FirstTrial).Where(trial => trial.Bracket == bracket.Bracket);
}
