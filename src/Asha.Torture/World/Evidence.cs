using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>What can be seen of an engine from outside, where entries become durable and messages pass: it is shown to the laws, and counted.</summary>
internal sealed class Evidence(TortureWorld world)
{
    private readonly Coverage _coverage = new();

    /// <summary>Jobs that started, and reports that counted or were rejected.</summary>
    private long _events;

    /// <summary>Events are durable; nobody was told yet.</summary>
    public void Committed(IReadOnlyList<ExperimentEvent> events)
    {
        for (var index = 0; index < events.Count; index++)
        {
            world.Trace.Durable(events[index]);
            Take(events[index]);
        }
        world.Judge.Committed(world.Now, events);
    }

    /// <summary>A message between node and coordinator leaves its sender.</summary>
    public void Sent(object message)
    {
        if (message is ReportStored stored)
            world.Judge.Acknowledged(world.Now, stored);
        else if (message is StartJob start)
            world.Judge.Ordered(world.Now, start);
        else if (message is JoinNode join && world.Machines.All.FirstOrDefault(machine => machine.Name == join.Node) is { Now: { } life } machine)
            world.Judge.Announced(world.Now, machine.Number, life.Number, join);
        else if (message is ReleaseCheckpoints release)
            world.Judge.Released(world.Now, release);
    }

    /// <summary>An actor takes a message.</summary>
    public void Taken(IActorRef owner, ulong id, Envelope envelope)
    {
        world.Trace.Taken(owner, id, envelope);
        switch (envelope.Message)
        {
            case NodeReport report when world.Engines.IsThere(owner):
                world.Judge.Arrived(world.Now, report.Report);
                break;
            case JournalOpened { Events.Count: > 0 } opened when owner.Equals(world.Coordinator?.Experiment):
                world.Ledger.Read(opened.Events.Count);
                break;
            case OpenExperiment { Held: not null } when owner.Equals(world.Coordinator?.Supervisor):
                world.Effects.Reopened();
                break;
            case JoinNode { FirstSlot: not null } join when owner.Equals(world.Coordinator?.Supervisor):
                world.Effects.Announced(join.Node);
                break;
            case RetireSlot retire:
                world.Machines.Retire(envelope.Sender, retire.Slot);
                break;
        }
    }

    /// <summary>All of it, when it is over.</summary>
    public TortureResult Result()
    {
        var (late, overtaken) = world.System.Clock.Order!.Counts;
        world.Counts.Inject(Fault.MailboxOrder, late);
        world.Counts.Take(Fault.MailboxOrder, overtaken);
        return new TortureResult
        {
            Case = world.Plan.Case,
            Hash = world.Trace.Hash,
            Messages = world.Trace.Messages,
            Events = _events + world.Counts.AllInjected - late, // A turn that is late is no event.
            Length = world.Now,
            Faults = world.Counts,
            Evaluated = [.. world.Judge.Laws.Select(law => (law.Name, law.Evaluated))],
            Transitions = _coverage.Seen,
            Foreign = world.System.Clock.Foreign,
            Outcomes = [world.Outcome],
            Broken = world.Judge.Broken,
        };
    }

    private void Take(ExperimentEvent happened)
    {
        _coverage.Take(happened);
        world.Effects.Take(happened);
        if (happened is JobStarted or ReportAccepted or ReportRejected)
            _events++;
        else if (happened is ExperimentEnded)
            world.Engines.EndIsWritten();
    }
}
