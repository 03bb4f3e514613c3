using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Tests;

/// <summary>What an experiment has told nodes, and tells again, among batches that are written late.</summary>
public sealed class UnansweredTests : ActorTest
{
    private readonly TestProbe _node, _journal;
    private readonly Outbox _outbox;
    private readonly Unanswered _unanswered;
    private readonly HeldSlots _held = new();

    public UnansweredTests()
    {
        (_node, _journal) = (CreateTestProbe("node"), CreateTestProbe("journal"));
        _outbox = new Outbox(isKept: true, ActorRefs.Nobody, ActorRefs.Nobody);
        _outbox.Connect(_journal, 0);
        _unanswered = new Unanswered(_outbox, TimeSpan.FromSeconds(5), new NoTimers(), _held);
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

    /// <summary>A node takes none by an older grant, or by an earlier joining.</summary>
    [Theory]
    [InlineData(0, 1, 8)]
    [InlineData(0, 2, 7)]
    [InlineData(1, 1, 7)]
    public void A_start_is_told_again_by_the_newest_grant_of_its_slot(int index, int joining, long grant)
    {
        var first = new GrantSlot(5, "node", _node, 0, Joining: 1, Grant: 7);
        _held.Add(first);
        var start = new StartJob(0, 3, 1, "", 1, Configuration.Empty, 0, 1, Number: 9, Joining: 1, Run: "run", Grant: 7);
        _unanswered.Tell(5, start, 3, 1);
        _outbox.Commit([]);
        Assert.Equal(start, _node.ExpectMsg<StartJob>());
        _held.Add(first with { Index = index, Joining = joining, Grant = grant });
        Tick();
        Tick();
        Assert.Equal(start with { Slot = index, Joining = joining, Grant = grant }, _node.ExpectMsg<StartJob>());
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
