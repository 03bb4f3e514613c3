using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Persistence;

/// <summary>The journal on disk: a confirmation means that it is in the file.</summary>
public sealed class EventFileActorTests : ActorTest
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("asha-journal-").FullName, "events.jsonl");

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public void What_is_confirmed_is_in_the_file_and_in_order()
    {
        var journal = ActorOfAsTestActorRef<Parent>(Props.Create(() => new Parent(EventFileActor.Props(_path), TestActor)));
        var sent = new List<ExperimentEvent>();
        for (var batch = 1; batch <= 200; batch++)
        {
            ExperimentEvent[] events = [.. Enumerable.Range(0, batch % 4).Select(slot => new SlotLost(TimeSpan.FromTicks(batch), slot))];
            sent.AddRange(events);
            journal.Tell(new AppendEvents(batch, events));
        }
        for (var confirmed = 0L; confirmed < 200;)
        {
            var written = ExpectMsg<EventsWritten>();
            Assert.True(written.Batch > confirmed); // Several batches may go to the disk together.
            confirmed = written.Batch;
            var expected = sent.TakeWhile(happened => happened.Time.Ticks <= confirmed).ToArray();
            Assert.Equal(expected, EventLines.ReadAll(_path).Take(expected.Length));
        }
        Assert.Equal(sent, EventLines.ReadAll(_path));
    }

    [Fact]
    public void An_existing_journal_is_never_written_over()
    {
        File.WriteAllText(_path, "precious");
        var journal = Sys.ActorOf(Props.Create(() => new Parent(EventFileActor.Props(_path), TestActor)));
        Assert.Contains("already exists", ExpectMsg<BreakDown>().Message);
        Sys.Stop(journal);
        Assert.Equal("precious", File.ReadAllText(_path));
    }

    [Fact]
    public void What_cannot_be_written_is_never_confirmed_and_leaves_nothing()
    {
        // /dev/full takes no byte; SetLength is refused there as well, which must not hide the reason.
        var journal = Sys.ActorOf(Props.Create(() => new Parent(EventFileActor.Props(() => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0)), TestActor)));
        journal.Tell(new AppendEvents(1, [new SlotLost(TimeSpan.Zero, 0)]));
        Assert.Contains("No space left", ExpectMsg<BreakDown>().Message);
        journal.Tell("what came before this");
        ExpectMsg("what came before this"); // A confirmation would have.
    }

    /// <summary>Stands where the experiment stands: it hears the confirmations, and decides on failures.</summary>
    private sealed class Parent : ReceiveActor
    {
        private readonly IActorRef _tells;

        public Parent(Props props, IActorRef tells)
        {
            _tells = tells;
            var journal = Context.ActorOf(props, "journal");
            Receive<AppendEvents>(journal.Forward);
            Receive<JournalOpened>(_ => { });
            Receive<EventsWritten>(tells.Tell);
            Receive<string>(tells.Tell);
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(error =>
        {
            _tells.Tell(new BreakDown(error.GetBaseException().Message));
            return Directive.Stop;
        });
    }
}
