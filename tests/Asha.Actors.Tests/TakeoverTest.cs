using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>An experiment that takes over from another coordinator, among probes.</summary>
public abstract class TakeoverTest : ActorTest
{
    protected static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected TestProbe Supervisor { get; }

    protected TestProbe Journal { get; }

    protected TestProbe Watcher { get; }

    protected TestProbe Node { get; }

    /// <summary>What the one before has written.</summary>
    protected List<ExperimentEvent> Before { get; } = [];

    /// <summary>What the journal says when it is opened, the first time and again; after that <see cref="Before"/>.</summary>
    protected Queue<JournalOpened> Opened { get; } = new();

    protected TakeoverTest() => (Supervisor, Journal, Watcher, Node)
        = (CreateTestProbe("supervisor"), CreateTestProbe("journal"), CreateTestProbe("watcher"), CreateTestProbe("node"));

    protected static long Grant(int counter) => (2L << 32) + counter;

    protected GrantSlot Slot(int slot, int counter, RunningJob? running = null) => new(slot, "node", Node.Ref, slot % 2, 1, Grant(counter), running);

    /// <summary>The events of an experiment that has a trial on each of slots 0 and 1, one of which has reported.</summary>
    protected void Ran(SchedulerType type = SchedulerType.Asha, bool isOver = false)
    {
        var experiment = new Experiment(TableWorld.Spec(type, 2, 1, 4, 4), Origins.Run("run"));
        for (var trial = 0; trial < 2; trial++)
        {
            experiment.Join(TimeSpan.FromSeconds(1), trial, "node", DateTimeOffset.UnixEpoch);
            experiment.Sample(TimeSpan.FromSeconds(1));
            experiment.Start(TimeSpan.FromSeconds(1), trial);
        }
        experiment.Receive(TimeSpan.FromSeconds(2), new JobReport(0, 1, 0, isOver ? [new TrialReport(1, 0.5)] : [new TrialReport(0.5, 0.5)], isOver ? new TrialEnding(EndingCause.LevelReached) : null));
        if (isOver)
            experiment.Park(TimeSpan.FromSeconds(2));
        Before.AddRange(experiment.TakeDecided());
    }

    protected IActorRef TakesOver(bool confirms = true, Func<int, int, Props?>? rung = null)
    {
        Props Open(JournalOpening _) => OpenedJournal.Props(Journal, confirms, Opened.TryDequeue(out var next) ? next : new JournalOpened(1, [.. Before]));
        return Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(Before.OfType<ExperimentStarted>().Single().Experiment, Origins.Run("run"), 1, Supervisor, Open, Watcher)
        {
            Resumes = true,
            TakesOver = true,
            ResendInterval = Interval,
            Rung = rung,
            Time = new StandingClock(DateTimeOffset.UnixEpoch.AddMinutes(1)),
        }), "run");
    }

    protected List<ExperimentEvent> Committed(Func<ExperimentEvent, bool> last)
    {
        var events = new List<ExperimentEvent>();
        while (!events.Exists(happened => last(happened)))
            events.AddRange(Watcher.FishForMessage<EventsCommitted>(_ => true).Events);
        return events;
    }

    protected void Pass(IActorRef experiment, int intervals)
    {
        for (var interval = 0; interval < intervals; interval++)
        {
            Flush(experiment);
            Clock.MoveBy(Interval);
            Flush(experiment);
        }
    }
}
