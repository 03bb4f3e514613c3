using Asha.Actors.Replay;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Core.Worlds;
using Asha.Host.Cli;
using Asha.Host.Scenarios;

namespace Asha.Host.Replaying;

/// <summary>A recording with something changed, as one side of a comparison.</summary>
/// <param name="label">What it is called.</param>
/// <param name="asked">The change.</param>
/// <param name="attempts">The recording's.</param>
internal sealed class WhatIfSide(string label, WhatIf asked, RecordedAttempts attempts) : ICompared
{
    public string Label => label;

    public ExperimentSpec Spec => asked.Spec;

    /// <summary>Jobs that had a result in the last run, which was never recorded.</summary>
    public int Unknown { get; private set; }

    /// <summary>When the first of them had.</summary>
    public TimeSpan? FirstUnknown { get; private set; }

    /// <summary>The same up to the first result that was never recorded; <c>null</c>: there is none.</summary>
    public WhatIfSide? KnownPart => FirstUnknown is not { } first || first == TimeSpan.Zero ? null
        // What happens at a horizon counts, so it is the tick before.
        : new WhatIfSide($"{label} until {Output.Duration(first)}", asked with { Spec = asked.Spec with { Stop = asked.Spec.Stop with { After = first - TimeSpan.FromTicks(1) } } }, attempts);

    public WhatIfSide Named(string other) => new(other, asked, attempts) { Unknown = Unknown, FirstUnknown = FirstUnknown };

    public void Run(long seed, Action<ExperimentEvent> told, Action<JobStarted, AttemptDraw> drawn)
    {
        var simulation = new RecordedSimulation(Spec, asked.Nodes, new RecordedWorld(attempts.All, asked.Stragglers))
        {
            DecisionLatency = attempts.Latency,
            Told = happened =>
            {
                if (happened is JobStarted started)
                    drawn(started, Chance.None);
                told(happened);
            },
        };
        simulation.Run();
        (Unknown, FirstUnknown) = (simulation.Unknown, simulation.FirstUnknown);
    }
}
