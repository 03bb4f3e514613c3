using Akka.Actor;

namespace Asha.Torture.Journals;

/// <summary>What an actor was asked to do with the store: one deed after the other, as one connection does them, each for as long as its fate says, on the actor system's clock and on no other thread.</summary>
/// <param name="timers">The actor's.</param>
internal sealed class DeedLine(ITimerScheduler timers)
{
    private sealed class Deed(MemoryStore store, StoreDeed kind, Action? begins, Action<StoreFate> ends)
    {
        private readonly int _life = store.Life;

        /// <summary>Nobody is there any more who asked.</summary>
        public bool IsDead => store.IsDown || store.Life != _life;

        public StoreFate Begin()
        {
            var fate = store.FateOf(kind);
            begins?.Invoke();
            return fate;
        }

        public void End(StoreFate fate) => ends(fate);
    }

    private sealed record IsOver(Deed Deed, StoreFate Fate) : INoSerializationVerificationNeeded;

    private readonly Queue<Deed> _line = new();
    private MemoryStore? _store;

    /// <param name="store">Where.</param>
    /// <param name="kind">What.</param>
    /// <param name="ends">Does it, or not, and tells whoever asked; never called if the store crashes before.</param>
    /// <param name="begins">Called when its turn has come.</param>
    public void Add(MemoryStore store, StoreDeed kind, Action<StoreFate> ends, Action? begins = null)
    {
        if (store != _store)
        {
            // Of the one before nobody waits for anything.
            timers.CancelAll();
            _line.Clear();
            _store = store;
        }
        while (_line.TryPeek(out var first) && first.IsDead)
            _line.Dequeue();
        _line.Enqueue(new Deed(store, kind, begins, ends));
        if (_line.Count == 1)
            Begin();
    }

    /// <summary>Takes a timer's word. Returns whether it was one.</summary>
    public bool Take(object message)
    {
        if (message is not IsOver over)
            return false;
        if (_line.TryPeek(out var first) && first == over.Deed && !first.IsDead)
        {
            _line.Dequeue();
            first.End(over.Fate);
            Begin();
        }
        return true;
    }

    private void Begin()
    {
        while (_line.TryPeek(out var deed))
        {
            if (!deed.IsDead)
            {
                var fate = deed.Begin();
                if (fate.Takes > TimeSpan.Zero)
                {
                    timers.StartSingleTimer(deed, new IsOver(deed, fate), fate.Takes);
                    return;
                }
                deed.End(fate);
            }
            _line.Dequeue();
        }
    }
}
