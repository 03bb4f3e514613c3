namespace Asha.Core.Experiments;

/// <summary>Whose fault a failed attempt is taken for.</summary>
public enum Blame
{
    /// <summary>The trial's: it uses up a retry.</summary>
    Trial,
    /// <summary>Its node's, perhaps: it uses up none.</summary>
    Doubtful,
    /// <summary>Its node's, which goes into quarantine with it, once more where it is there.</summary>
    Node,
}

/// <summary>
/// When a node goes into quarantine (docs/decisions/030): where it fails what it is given, of several trials, and completes nothing, while other nodes complete what they are given. A bad experiment fails everywhere; a bad node fails alone.
/// </summary>
public static class QuarantineRules
{
    /// <summary>So many trials at least have to fail on a node, where nothing else is said.</summary>
    public const int DefaultTrials = 3;

    /// <summary>A row of failures as long as it is would come by chance no more often than this, were the node like the others.</summary>
    public const double MostChance = 0.001;

    /// <summary>A trial's last failure is doubted no longer than this many failures in a row on its node: then either the chance is small enough, or it was not the node.</summary>
    public const int LongestDoubt = 20;

    /// <summary>A job that failed on a node in doubt waits so long, where its experiment has no back-off.</summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    /// <summary>When its pause is over, others leave it to the experiment that put it there for so long, to try it.</summary>
    public static readonly TimeSpan TimeToTry = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _first = TimeSpan.FromSeconds(15), _most = TimeSpan.FromMinutes(10);

    /// <summary>How long a node is left alone that was put into quarantine so many times in a row, ≥ 1: a quarter of a minute, then twice as long each time, ten minutes at most. To try it costs one attempt.</summary>
    public static TimeSpan PauseAfter(int times) => NodeRules.Doubled(_first, _most, times);

    /// <summary>The chance of so many failures in a row on a node like the others, of which so many did well last and so many did not. Of others that say nothing it is one in two each.</summary>
    public static double ChanceOf(int failures, int sound, int failing) => Math.Pow((failing + 1.0) / (sound + failing + 2), failures);

    extension(ExperimentState state)
    {
        /// <summary>Whose fault it is that the attempt under way of the trial failed on the node.</summary>
        /// <param name="trial">Whose attempt failed.</param>
        /// <param name="node">Where.</param>
        /// <param name="kind">How.</param>
        /// <param name="now">When.</param>
        public Blame BlameOf(TrialState trial, string node, FaultKind kind, TimeSpan now)
        {
            var (nodes, own) = (state.Nodes, state.Nodes.ConductOf(node)!);
            var others = nodes.Present - (own.Slots > 0 ? 1 : 0);
            // Where there is no other node nobody can say whose fault it is, and none can be done without.
            if (state.Spec.Trial.Quarantine is not { } least || others == 0)
                return Blame.Trial;
            if (nodes.Unfit.TryGetValue(node, out var unfit) && unfit.IsQuarantined)
                return now < unfit.Until ? Blame.Doubtful : Blame.Node;
            var trials = own.Trials.Count + (own.Trials.Contains(trial.Trial) ? 0 : 1);
            var (sound, failing) = (nodes.Sound - (own is { IsSound: true, Slots: > 0 } ? 1 : 0), nodes.Failing - (own is { IsSound: false, Slots: > 0 } ? 1 : 0));
            // Where all others fail, too, it is the experiment, however long the row.
            if (trials >= least && (sound > 0 || failing == 0) && ChanceOf(own.Failures + 1, sound, failing) <= MostChance && state.CanDoWithout(node))
                return Blame.Node;
            return state.Spec.IsLastFailure(trial, kind) && trials > 1 && others > failing && own.Failures < LongestDoubt && own.Charged.Count(there => there.Trial == trial.Trial && there.Rung == trial.Rung) == trial.Failures
                ? Blame.Doubtful
                : Blame.Trial;
        }

        /// <summary>The failures on the node that used up retries of jobs that are not over.</summary>
        public IReadOnlyList<FailedThere> ForgivenWith(string node)
            => [.. state.Nodes.ConductOf(node)!.Charged.Where(there => state.Trials[there.Trial] is { Phase: TrialPhase.Pending or TrialPhase.Running } trial && trial.Rung == there.Rung)];

        /// <summary>No more than half of the nodes are in quarantine at a time.</summary>
        private bool CanDoWithout(string node)
        {
            var others = state.Nodes.Unfit.Values.Where(unfit => unfit.IsQuarantined && unfit.Node != node).ToArray();
            return (others.Length + 1) * 2 <= state.Nodes.Present + others.Count(unfit => state.Nodes.ConductOf(unfit.Node) is null or { Slots: 0 });
        }
    }
}
