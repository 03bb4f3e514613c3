using Asha.Actors.Replay;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Tests;
using CsCheck;

namespace Asha.Actors.Tests.Simulation;

/// <summary>
/// An engine is lost, or a run is interrupted, at any moment, and another engine goes on from the events. What the actors of the second one decide from what they rebuilt is what those of the first
/// would have decided from what they knew: that is what the replay of both together says, which never loses its actors.
/// </summary>
public sealed class ResumedRunTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_is_resumed_is_decided_as_if_the_engine_had_never_been_away(bool waits) => RandomTable.Drawn(waits).Sample(drawn =>
    {
        var table = drawn with { Horizon = TimeSpan.FromSeconds(drawn.Total is null || drawn.Seed % 3 == 0 ? 4 + Math.Abs(drawn.Seed % 23) : 1_000_000) };
        var events = new List<ExperimentEvent>();
        Run(table, events, []);
        // Twice, each time at another moment, and every second time it is not killed, but ends what runs in good order.
        for (var time = 0; time < 2; time++)
        {
            var moments = events.Where(happened => happened.Time < events[^1].Time && happened.Time >= (events.OfType<ExperimentResumed>().LastOrDefault()?.Time ?? default)).Select(happened => happened.Time).Distinct().ToArray();
            if (moments.Length == 0)
                return; // All of it at one moment, at which it ends.
            var moment = moments[(int)(Math.Abs(table.Seed / (time + 1)) % moments.Length)];
            var before = events.TakeWhile(happened => happened.Time <= moment).ToList();
            if ((table.Seed + time) % 2 == 0)
                Interrupt(before);
            events = [.. before];
            Run(table, events, before);
            Assert.Contains(events, happened => happened is ExperimentResumed);
        }
        var again = Redecision.Of(events);
        Assert.True(again.Difference is null, $"{again.Difference}\nrecorded:\n{string.Join('\n', events.Index().Skip(again.Compared - 20).Take(30))}");
        Assert.Equal(2, again.State.Resumptions);
        NothingTwice(events);
        Assert.NotNull(again.State.Ended);
    }, iter: 300, threads: 2);

    private static void Run(RandomTable table, List<ExperimentEvent> events, IReadOnlyList<ExperimentEvent> before)
        => new SimulatedRun(table.Spec with { Slots = table.Slots, Stop = table.Spec.Stop with { After = table.Horizon } }, [.. SimulationTests.Nodes(table)], (job, _) => SimulationTests.Of(table.AttemptOf(job.Trial, job.Rung, job.Attempt), job))
        {
            Told = events.Add,
            Before = before,
        }.Run();

    private static void Interrupt(List<ExperimentEvent> events)
    {
        var experiment = new Experiment(events);
        experiment.End(events[^1].Time, "interrupted", "");
        events.AddRange(experiment.TakeDecided());
    }

    /// <summary>No job that was completed runs again, no attempt's number comes twice, and what an engine's end has cost is no failure.</summary>
    private static void NothingTwice(List<ExperimentEvent> events)
    {
        var (done, attempts) = (new HashSet<(int, int)>(), new HashSet<(int, int)>());
        foreach (var happened in events)
        {
            if (happened is JobStarted started)
            {
                Assert.DoesNotContain((started.Trial, started.Rung), done);
                Assert.True(attempts.Add((started.Trial, started.Attempt)));
            }
            else if (happened is JobCompleted completed)
            {
                Assert.True(done.Add((completed.Trial, completed.Rung)));
            }
        }
        var state = new ExperimentState();
        foreach (var happened in events)
            state.Apply(happened);
        Assert.Equal(events.OfType<AttemptFailed>().Count(), state.Failures.Values.Sum());
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Time <= pair.Second.Time));
    }
}
