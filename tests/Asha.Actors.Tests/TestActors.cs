using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>To a <see cref="ProbeJournal"/>: everything up to this batch is written.</summary>
internal sealed record Confirm(long Batch) : INoSerializationVerificationNeeded;

/// <summary>To a <see cref="ProbeJournal"/>: the disk is full.</summary>
internal sealed record BreakDown(string Message) : INoSerializationVerificationNeeded;

/// <summary>A journal that shows each batch to a probe, and confirms it at once, or when the probe says so.</summary>
internal sealed class ProbeJournal : ReceiveActor
{
    public ProbeJournal(IActorRef probe, bool confirms)
    {
        Receive<AppendEvents>(append =>
        {
            probe.Tell(append);
            if (confirms)
                Context.Parent.Tell(new EventsWritten(append.Batch));
        });
        Receive<Confirm>(confirm => Context.Parent.Tell(new EventsWritten(confirm.Batch)));
        Receive<BreakDown>(broken => throw new IOException(broken.Message));
    }

    protected override void PreStart() => Context.Parent.Tell(new JournalOpened(0, []));

    public static Props Props(IActorRef probe, bool confirms = true) => Akka.Actor.Props.Create(() => new ProbeJournal(probe, confirms));
}

/// <summary>Forwards everything to a probe.</summary>
internal sealed class Forwarder : ReceiveActor
{
    public Forwarder(IActorRef probe) => ReceiveAny(message => probe.Forward(message));

    public static Props Props(IActorRef probe) => Akka.Actor.Props.Create(() => new Forwarder(probe));
}

internal static class Origins
{
    public static RunOrigin Run(string name) => new(name, DateTimeOffset.UnixEpoch, "0.1.0", "test");
}
