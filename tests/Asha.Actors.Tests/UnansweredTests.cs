using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>What an experiment has told nodes, and tells again, among batches that are written late.</summary>
public sealed class UnansweredTests : ActorTest
{
    private readonly TestProbe _node, _journal;
    private readonly Outbox _outbox;
    private readonly Unanswered _unanswered;

    public UnansweredTests()
    {
        (_node, _journal) = (CreateTestProbe("node"), CreateTestProbe("journal"));
        _outbox = new Outbox(isKept: true, ActorRefs.Nobody, ActorRefs.Nobody);
        _outbox.Connect(_journal, 0);
        _unanswered = new Unanswered(_outbox, TimeSpan.FromSeconds(5), new NoTimers(), new HeldSlots());
    }

    private static EndJob End(int trial) => new(trial, 1, 0, 7);

    private void Tick() => _unanswered.TellAgain(ActorRefs.Nobody);

    [Fact]
    public void What_is_told_in_a_commit_without_events_is_told_again_too()
    {
        _outbox.Commit([new SlotLeft(TimeSpan.Zero, 0)]);
        _unanswered.Tell(_node, End(3), 3, 1);
        _outbox.Commit([]); // It goes out with the batch before, and there is no other.
        Tick();
        Tick();
        Assert.False(_node.HasMessages);
        _outbox.Release(1);
        Assert.Equal(End(3), _node.ExpectMsg<EndJob>());
        Tick();
        Assert.False(_node.HasMessages);
        Tick();
        Assert.Equal(End(3), _node.ExpectMsg<EndJob>());
    }

    [Fact]
    public void What_is_told_when_everything_is_written_is_told_at_once()
    {
        _unanswered.Tell(_node, End(3), 3, 1);
        Assert.False(_node.HasMessages);
        _outbox.Commit([]);
        Assert.Equal(End(3), _node.ExpectMsg<EndJob>());
        Tick();
        Tick();
        Assert.Equal(End(3), _node.ExpectMsg<EndJob>());
    }

    [Fact]
    public void What_waits_for_a_journal_that_has_failed_was_not_told()
    {
        _outbox.Disconnect();
        _unanswered.Tell(_node, End(3), 3, 1);
        _outbox.Commit([new SlotLeft(TimeSpan.Zero, 0)]);
        Tick();
        Tick();
        Assert.False(_node.HasMessages);
        _outbox.Connect(_journal, 1); // The one before had written it after all.
        Assert.Equal(End(3), _node.ExpectMsg<EndJob>());
    }

    /// <summary>The test tells the time.</summary>
    private sealed class NoTimers : ITimerScheduler
    {
        public IReadOnlyCollection<object> ActiveTimers => [];

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval) { }

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) { }

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) { }

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) { }

        public void StartSingleTimer(object key, object msg, TimeSpan timeout) { }

        public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) { }

        public bool IsTimerActive(object key) => false;

        public void Cancel(object key) { }

        public void CancelAll() { }
    }
}
