using Akka.Dispatch;
using Asha.Core.Randomness;

namespace Asha.Actors.Simulation;

/// <summary>
/// A choice among the mailboxes that have something to do, drawn from a seed: other orders than first in, first out, that threads could bring about as well. Each waits for so many turns of others as is drawn for it, so that none waits for ever.
/// Those that are put in line in one turn come in an order that does not hang on who was first: an actor that ends its children goes through them by hashes, which differ from process to process.
/// </summary>
/// <param name="random">What is drawn from.</param>
/// <param name="spread">How many turns a mailbox may be late, ≥ 0; 0: first in, first out, but for those of one turn.</param>
internal sealed class MailboxOrder(KeyedRandom random, int spread)
{
    private readonly PriorityQueue<(IRunnable Run, long Number), (long Turn, ulong Draw)> _ready = new();
    private long _turn, _number, _newest;

    /// <summary>How many were late, and how many of these others have overtaken.</summary>
    public (long Late, long Overtaken) Counts { get; private set; }

    public void Add(IRunnable run)
    {
        var draw = random.Stream(_turn).Stream((long)((run as Mailbox)?.MessageQueue is VirtualQueue queue ? queue.Id : 0)).Bits();
        // One in eight is late by up to the spread, the others by little.
        var late = spread == 0 ? 0 : (long)(draw >> 8) % (1 + ((draw & 7) == 0 ? spread : Math.Min(spread, 3)));
        _ready.Enqueue((run, ++_number), (_turn + late, draw));
        Counts = (Counts.Late + (late > 0 ? 1 : 0), Counts.Overtaken);
    }

    public bool TryTake(out IRunnable? run)
    {
        var any = _ready.TryDequeue(out var next, out _);
        run = next.Run;
        if (!any)
            return false;
        if (spread > 0 && next.Number < _newest)
            Counts = (Counts.Late, Counts.Overtaken + 1);
        _newest = Math.Max(_newest, next.Number);
        _turn++;
        return true;
    }
}
