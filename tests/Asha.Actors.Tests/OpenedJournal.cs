using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors.Tests;

/// <summary>A journal that opens with what it has.</summary>
internal sealed class OpenedJournal : ReceiveActor
{
    private readonly JournalOpened _opened;

    public OpenedJournal(IActorRef probe, bool confirms, JournalOpened opened)
    {
        _opened = opened;
        Receive<AppendEvents>(append =>
        {
            probe.Tell(append);
            if (confirms)
                Context.Parent.Tell(new EventsWritten(append.Batch));
        });
        Receive<Confirm>(confirm => Context.Parent.Tell(new EventsWritten(confirm.Batch)));
    }

    protected override void PreStart() => Context.Parent.Tell(_opened);

    /// <param name="probe">Is told what is written.</param>
    /// <param name="confirms">Whether it says at once that it is; otherwise <see cref="Confirm"/> has it say so.</param>
    /// <param name="opened">What it has.</param>
    public static Props Props(IActorRef probe, bool confirms, JournalOpened opened) => Akka.Actor.Props.Create(() => new OpenedJournal(probe, confirms, opened));
}

/// <summary>A wall clock that stands.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
