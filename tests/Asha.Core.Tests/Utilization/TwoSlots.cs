using Asha.Core.Experiments;

namespace Asha.Core.Tests.Utilization;

/// <summary>An experiment on two slots of two nodes, with a job on each from the beginning.</summary>
internal static class TwoSlots
{
    public static Experiment Started()
    {
        var experiment = new Experiment(TableWorld.Spec(SchedulerType.Asha, 3, 1, 9, null), new RunOrigin("test", DateTimeOffset.UnixEpoch, "0", "test"));
        experiment.Join(TimeSpan.Zero, 0, "one");
        experiment.Join(TimeSpan.Zero, 1, "two");
        for (var trial = 0; trial < 2; trial++)
        {
            experiment.Sample(TimeSpan.Zero);
            experiment.Start(TimeSpan.Zero, trial);
        }
        return experiment;
    }

    /// <summary>Slot 1 dies at 2 s in its job, and is removed at 5 s; slot 0 runs from 0 to 10 s.</summary>
    public static Experiment OneDies()
    {
        var experiment = Started();
        experiment.Lose(TimeSpan.FromSeconds(2), [1]);
        experiment.Leave(TimeSpan.FromSeconds(5), 1);
        experiment.End(TimeSpan.FromSeconds(10), "interrupted", "");
        return experiment;
    }
}
