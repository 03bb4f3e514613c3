namespace Asha.Core.Experiments;

/// <summary>
/// What follows when a node cannot run an experiment's trials: it is left alone for a while, longer each time, and where no node ever could, the experiment fails, as it does on one machine.
/// </summary>
public static class NodeRules
{
    /// <summary>How the experiment failed.</summary>
    public const string NoneIsFit = "no node can run its trials";

    /// <summary>Before any node has begun a trial, each gets so many tries.</summary>
    public const int MostTries = 3;

    private static readonly TimeSpan _first = TimeSpan.FromMinutes(1), _most = TimeSpan.FromMinutes(10);

    /// <summary>How long the node is left alone after so many failures in a row, ≥ 1: a minute, then twice as long each time, ten minutes at most: whoever mends it need not wait for longer.</summary>
    public static TimeSpan PauseAfter(int failures) => Doubled(_first, _most, failures);

    /// <summary>The first pause, then twice as long each time, up to the longest.</summary>
    internal static TimeSpan Doubled(TimeSpan first, TimeSpan most, int times)
    {
        var pause = first;
        for (var time = 1; time < times && pause < most; time++)
            pause *= 2;
        return pause < most ? pause : most;
    }

    extension(ExperimentState state)
    {
        /// <summary>Whether the experiment is to be given up: no node has ever begun a trial of it, each that it was given had its tries, and there is no slot of any other.</summary>
        public bool NoNodeIsFit => !state.Nodes.AnyHasBegun && !state.Nodes.Unfit.IsEmpty && state.Slots.Present == 0 && state.Nodes.Unfit.Values.All(node => node.Failures >= MostTries);
    }
}
