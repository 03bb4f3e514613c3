using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// Holds back what an experiment says until the events it rests on are in the journal. Messages wait in the order in which they were sent, batch by batch; a failed write
/// lets nothing out, and its batches go to the next journal.
/// </summary>
/// <param name="isKept">Whether there is a journal; without one, events count as written at once.</param>
/// <param name="watcher">Told of every event once it is written.</param>
/// <param name="sender">Who speaks.</param>
/// <param name="metrics">Takes how long reports wait for their answers, and entries for the journal; <c>null</c>: nobody does.</param>
/// <param name="elapsed">The experiment's time, for these.</param>
public sealed class Outbox(bool isKept, IActorRef watcher, IActorRef sender, ExperimentMetrics? metrics = null, Func<TimeSpan>? elapsed = null)
{
    /// <summary>Tells whoever kept it whether its message was let out.</summary>
    public sealed class Receipt
    {
        public bool IsOut { get; internal set; }
    }

    private sealed record Batch(long Number, IReadOnlyList<ExperimentEvent> Events, List<(IActorRef To, object Message, Receipt? Receipt, TimeSpan Arrived)> Messages);

    private readonly Queue<Batch> _unwritten = new();

    /// <summary>Answers that wait: a node asks again every few seconds, and gets one of them all the same.</summary>
    private readonly HashSet<ReportStored> _answers = [];
    private List<(IActorRef To, object Message, Receipt? Receipt, TimeSpan Arrived)> _messages = [];
    private IActorRef? _journal;
    private Batch? _newest;

    /// <summary>The last batch, written or not.</summary>
    private long _last;

    /// <summary>When the command arrived that is being handled.</summary>
    internal TimeSpan Arrived { get; set; }

    /// <summary>Whether everything that was decided is written.</summary>
    public bool IsEmpty => _unwritten.Count == 0;

    /// <summary>The last batch that is known to be written.</summary>
    public long Written => _unwritten.TryPeek(out var oldest) ? oldest.Number - 1 : _last;

    /// <summary>Whether the entries of a journal beyond <see cref="Written"/> are batches of this outbox: what a journal had written before it failed, told or not. Otherwise somebody else has written it.</summary>
    /// <param name="entries">Their lines.</param>
    public bool Owns(IReadOnlyList<byte[]> entries)
        => entries.Count <= _unwritten.Count && entries.Zip(_unwritten).All(pair => pair.First.AsSpan().SequenceEqual(EventLines.Of(pair.Second.Events)));

    /// <summary>Sends a message once everything decided so far, and up to the next commit, is written.</summary>
    /// <param name="to">Is told.</param>
    /// <param name="message">What it is told.</param>
    /// <param name="receipt">Says when it was told; <c>null</c>: nobody wants to know.</param>
    public void Send(IActorRef to, object message, Receipt? receipt = null)
    {
        if (!isKept || message is not ReportStored answer || _answers.Add(answer))
            _messages.Add((to, message, receipt, Arrived));
    }

    /// <summary>Hands the events to the journal, and with them what was sent since the last commit.</summary>
    public void Commit(IReadOnlyList<ExperimentEvent> events)
    {
        if (events.Count == 0 && _messages.Count == 0)
            return;
        if (!isKept || (events.Count == 0 && _unwritten.Count == 0))
        {
            LetOut(_messages, events);
            _messages.Clear();
            return;
        }
        if (events.Count == 0)
        {
            // Nothing to write, but what was said rests on what is being written.
            _newest!.Messages.AddRange(_messages);
            _messages.Clear();
            return;
        }
        _newest = new Batch(++_last, events, _messages);
        _unwritten.Enqueue(_newest);
        metrics?.HandedOver();
        _messages = new(_messages.Count); // The next batch is about as long.
        _journal?.Tell(new AppendEvents(_newest.Number, events), sender);
    }

    /// <summary>A journal, the first one or the next, can be written to.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="written">The last batch that is in it: what the one before it had written, told or not.</param>
    public void Connect(IActorRef journal, long written)
    {
        _journal = journal;
        _last = Math.Max(_last, written);
        Release(written);
        foreach (var batch in _unwritten)
            journal.Tell(new AppendEvents(batch.Number, batch.Events), sender);
    }

    /// <summary>The journal has failed: what is decided waits for the next one.</summary>
    public void Disconnect() => _journal = null;

    /// <summary>What was decided is not to be written: it rests on a journal that somebody else has written on.</summary>
    public void Forget()
    {
        _unwritten.Clear();
        _messages.Clear();
        _answers.Clear();
        metrics?.Forget();
        (_newest, _last, _journal) = (null, 0, null);
    }

    /// <summary>The journal has written everything up to this batch.</summary>
    public void Release(long batch)
    {
        while (_unwritten.TryPeek(out var written) && written.Number <= batch)
        {
            _unwritten.Dequeue();
            metrics?.Written();
            LetOut(written.Messages, written.Events);
        }
    }

    private void LetOut(List<(IActorRef To, object Message, Receipt? Receipt, TimeSpan Arrived)> messages, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var (to, message, receipt, arrived) in messages)
        {
            if (message is ReportStored answer)
                _answers.Remove(answer);
            to.Tell(message, sender);
            if (receipt is not null)
                receipt.IsOut = true;
            if (metrics is not null && message is ReportStored)
                metrics.Decided(elapsed!() - arrived);
        }
        if (events.Count > 0)
            watcher.Tell(new EventsCommitted(events), sender);
    }
}
