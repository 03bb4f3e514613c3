using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// The experiments that take slots, and where each is. Where they may move from one coordinator to another, what they are told is numbered, one that is away keeps its slots, and their books are compared with the pool's from time to time.
/// </summary>
/// <param name="setup">Which supervisor this is.</param>
/// <param name="pool">Says who holds which slot.</param>
/// <param name="registry">Hears of runs that are away.</param>
/// <param name="supervisor">Watches the experiments.</param>
/// <param name="timers">The supervisor's.</param>
internal sealed class ExperimentDesk(SupervisorSetup setup, SlotPool pool, IActorRef registry, IActorContext supervisor, Func<ITimerScheduler> timers)
{
    /// <summary>The supervisor's own alarm: the nodes have had time enough to announce themselves.</summary>
    internal sealed record GraceIsOver(string Run) : INoSerializationVerificationNeeded;

    private sealed class Entry(long told)
    {
        /// <summary><c>null</c>: it is away.</summary>
        public IActorRef? Address { get; set; }

        public int Writer { get; set; }

        /// <summary>The number of the newest message to it.</summary>
        public long Told { get; set; } = told;

        /// <summary>What that was when it said last how it stands.</summary>
        public long ToldBefore { get; set; } = told;
    }

    private readonly Dictionary<string, Entry> _entries = [];

    public bool IsClustered => setup.IsClustered;

    /// <summary>All that are known, away or not.</summary>
    public IEnumerable<string> Runs => _entries.Keys;

    /// <summary>Whether the run is known, away or not.</summary>
    public bool Knows(string run) => _entries.ContainsKey(run);

    /// <summary>Whether this is who speaks for the run.</summary>
    public bool Hears(string run, IActorRef sender) => !IsClustered || (_entries.TryGetValue(run, out var entry) && sender.Equals(entry.Address));

    public void Open(IActorRef sender, OpenExperiment open)
    {
        if (!_entries.TryGetValue(open.Experiment, out var entry))
            entry = _entries[open.Experiment] = new Entry((long)setup.Epoch << 32);
        if (open.Writer < entry.Writer)
            return; // Another has gone on with it, and this one does not know yet.
        if (!sender.Equals(entry.Address))
        {
            if (entry.Address is { } before)
                supervisor.Unwatch(before);
            entry.Address = supervisor.Watch(sender);
        }
        entry.Writer = open.Writer;
        pool.Open(open.Experiment, new ShareTerms(open.Weight, open.Priority, open.MaxConcurrent), open.Demand);
        if (!IsClustered)
            return;
        GoOn(entry);
        Claim(open.Experiment, open.Held ?? []);
    }

    /// <summary>It is over, and all its slots are free.</summary>
    public void Close(string run, IActorRef sender)
    {
        if (IsClustered && !sender.Equals(registry) && _entries.ContainsKey(run) && !Hears(run, sender))
            return;
        if (_entries.Remove(run, out var entry) && entry.Address is { } address)
            supervisor.Unwatch(address);
        pool.Close(run);
    }

    /// <summary>An actor has ended. An experiment may be gone on with elsewhere, and its jobs run on: then its slots are kept for it.</summary>
    public void Gone(IActorRef actor)
    {
        foreach (var (run, entry) in _entries.Where(entry => actor.Equals(entry.Value.Address)).ToArray())
        {
            if (!IsClustered)
            {
                Close(run, actor);
                continue;
            }
            entry.Address = null;
            registry.Tell(new ExperimentAway(run));
        }
    }

    /// <summary>A node does not know whether the run goes on. If it is open or away it does; of others the registry knows, and where there is none, nobody goes on with what has ended.</summary>
    public void AskIfOver(string run, IActorRef node)
    {
        if (Knows(run))
            return;
        if (IsClustered)
            registry.Tell(new RunNotOpen(run, node));
        else
            node.Tell(new RunIsOver(run));
    }

    public void Tell(string run, IToldMessage message)
    {
        if (!_entries.TryGetValue(run, out var entry) || entry.Address is not { } address)
            return; // When it is back, its slots are granted to it once more.
        address.Tell(IsClustered ? message.Numbered(++entry.Told) : message);
    }

    /// <summary>An experiment says how it stands.</summary>
    /// <param name="sender">Who says so.</param>
    /// <param name="hold">How.</param>
    /// <param name="shuns">Hears which nodes it leaves alone.</param>
    public void Compare(IActorRef sender, HoldSlots hold, NodeShuns shuns)
    {
        if (!_entries.TryGetValue(hold.Experiment, out var entry) || (!sender.Equals(entry.Address) && hold.Writer >= entry.Writer))
        {
            sender.Tell(new ReopenExperiment(setup.Epoch));
            return;
        }
        if (!sender.Equals(entry.Address))
            return;
        var report = new SlotReport(hold.Held, hold.Parked, hold.Wants, hold.Heard);
        shuns.Say(hold.Experiment, hold.Shuns ?? []);
        pool.Report(hold.Experiment, report);
        var before = entry.ToldBefore;
        entry.ToldBefore = entry.Told;
        if (hold.Heard < before)
        {
            // What was lost may have been no more than a newer grant: all of them are renewed.
            GoOn(entry);
            Claim(hold.Experiment, hold.Held);
        }
        else
        {
            pool.Mend(hold.Experiment, pool.Compare(hold.Experiment, report, entry.Told, before));
        }
    }

    /// <summary>What is claimed of nodes that have not announced themselves waits for them, but not for ever.</summary>
    private void Claim(string run, IReadOnlyList<int> held)
    {
        pool.Claim(run, held);
        if (pool.Awaited(run).Count > 0)
            timers().StartSingleTimer((nameof(GraceIsOver), run), new GraceIsOver(run), setup.NodeGrace);
    }

    private static void GoOn(Entry entry) => entry.Address!.Tell(new ToldSoFar(entry.Told));
}
