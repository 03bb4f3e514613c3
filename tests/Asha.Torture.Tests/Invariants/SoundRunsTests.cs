using Asha.Core.Experiments;
using Asha.Core.Tests;
using Asha.Torture.Invariants;
using CsCheck;

namespace Asha.Torture.Tests.Invariants;

/// <summary>No law is too strict: runs of the core over random tables, of every type, with crashes, back-offs and nodes that come and go, keep them all.</summary>
public sealed class SoundRunsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Runs_over_random_tables_keep_all_laws(bool waits) => RandomTable.Drawn(waits).Sample(table =>
    {
        var world = table.Run();
        var laws = Laws.All(TimeSpan.Zero);
        foreach (var law in laws)
        {
            Feed(law, world.Events);
            law.Ended(world.State.Time, world.Events, world.State);
        }
    }, iter: 1000, threads: 2);

    /// <summary>The events one by one, each with the message that it must have come from.</summary>
    internal static void Feed(Invariant law, IEnumerable<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is ReportAccepted accepted)
                law.Arrived(happened.Time, new JobReport(accepted.Trial, accepted.Attempt, accepted.Message, [new TrialReport(accepted.Resource, accepted.Metric, accepted.Checkpoint)]));
            law.Committed(happened.Time, [happened]);
        }
    }
}
