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

    /// <summary>Results of the last run that were never recorded.</summary>
    public int Unknown { get; private set; }

    /// <summary>Jobs of the last run that were not recorded so.</summary>
    public int Estimated { get; private set; }

    /// <summary>When the first of them started; until then the run is as good as the recording. <c>null</c>: all of it is.</summary>
    public TimeSpan? KnownUntil { get; private set; }

    /// <summary>The same as far as it is as good as the recording; <c>null</c>: all of it is, or nothing.</summary>
    public WhatIfSide? KnownPart => KnownUntil is not { } until || until == TimeSpan.Zero ? null
        : new WhatIfSide($"{label} until {Output.Duration(until)}", asked with { Spec = asked.Spec with { Stop = asked.Spec.Stop with { After = until } } }, attempts);

    public WhatIfSide Named(string other) => new(other, asked, attempts) { Unknown = Unknown, Estimated = Estimated, KnownUntil = KnownUntil };

    public void Run(long seed, Action<ExperimentEvent> told, Action<JobStarted, AttemptDraw> drawn)
    {
        var end = TimeSpan.Zero;
        var simulation = new RecordedSimulation(Spec, asked.Nodes, new RecordedWorld(attempts.All, asked.Stragglers))
        {
            DecisionLatency = attempts.Latency,
            Told = happened =>
            {
                if (happened is JobStarted started)
                    drawn(started, AttemptDraw.None);
                end = happened.Time;
                told(happened);
            },
        };
        simulation.Run();
        var known = simulation.Knowledge;
        (Unknown, Estimated, KnownUntil) = (known.Unknown, known.Estimated, known.KnownUntil < end ? known.KnownUntil : null);
    }
}
