using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// Holds back what an experiment says until the events it rests on are in the journal. Messages wait in the order in which they were sent, batch by batch; a failed write
/// lets nothing out.
/// </summary>
/// <param name="journal">Writes the events; <c>null</c>: they are kept nowhere, and count as written at once.</param>
/// <param name="watcher">Told of every event once it is written.</param>
/// <param name="sender">Who speaks.</param>
public sealed class Outbox(IActorRef? journal, IActorRef watcher, IActorRef sender)
{
    private sealed record Batch(long Number, IReadOnlyList<ExperimentEvent> Events, List<(IActorRef To, object Message)> Messages);

    private readonly Queue<Batch> _unwritten = new();
    private List<(IActorRef To, object Message)> _messages = [];
    private long _last;

    /// <summary>Sends a message once everything decided so far, and up to the next commit, is written.</summary>
    public void Send(IActorRef to, object message) => _messages.Add((to, message));

    /// <summary>Hands the events to the journal, and with them what was sent since the last commit.</summary>
    public void Commit(IReadOnlyList<ExperimentEvent> events)
    {
        if (events.Count == 0 && _messages.Count == 0)
            return;
        if (journal is null)
        {
            LetOut(_messages, events);
            _messages.Clear();
            return;
        }
        _unwritten.Enqueue(new Batch(++_last, events, _messages));
        _messages = new(_messages.Count); // The next batch is about as long.
        journal.Tell(new AppendEvents(_last, events), sender);
    }

    /// <summary>The journal has written everything up to this batch.</summary>
    public void Release(long batch)
    {
        while (_unwritten.TryPeek(out var written) && written.Number <= batch)
        {
            _unwritten.Dequeue();
            LetOut(written.Messages, written.Events);
        }
    }

    private void LetOut(List<(IActorRef To, object Message)> messages, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var (to, message) in messages)
            to.Tell(message, sender);
        if (events.Count > 0)
            watcher.Tell(new EventsCommitted(events), sender);
    }
}
