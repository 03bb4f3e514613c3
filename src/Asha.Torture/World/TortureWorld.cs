using Asha.Actors.Simulation;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.Network;

namespace Asha.Torture.World;

/// <summary>
/// One experiment's world: real actors on a virtual clock, and all that happens to them. These are its parts; how it goes from its beginning to its end is <see cref="Course"/>.
/// </summary>
public sealed class TortureWorld : IDisposable
{
    private readonly Course _course;
    private long _number;

    /// <param name="system">A <see cref="Stage"/>'s, with nothing on it.</param>
    /// <param name="plan">What was drawn.</param>
    /// <param name="laws">Judge what happens.</param>
    /// <param name="listener">Told of everything, in words; <c>null</c>: nobody is.</param>
    internal TortureWorld(VirtualSystem system, TorturePlan plan, IReadOnlyList<Invariant> laws, Action<TraceLine>? listener = null)
    {
        (System, Plan) = (system, plan);
        Judge = new Judge(laws);
        Trace = new Trace(System.Clock, listener);
        Judge.Told = Trace.Broken;
        Effects = new Effects(Counts);
        Dice = new Dice(plan.Random.Stream("world"));
        (Evidence, Hearing, Engines) = (new Evidence(this), new Hearing(this), new Engines(this));
        Ground = new TrialGround(this);
        Network = new VirtualNetwork(System.Clock, plan, Counts, Trace, Evidence.Sent, Engines) { IsFire = plan.Fire > TimeSpan.Zero };
        Machines = new Machines(this);
        NodeFaults = new NodeFaults(this, Machines);
        Partitions = new Partitions(this, Machines);
        (Orphans, User) = (new Orphans(this, Machines), new User(this));
        Ledger = new Ledger(this);
        System.Clock.Order = new MailboxOrder(plan.Random.Stream("order"), plan.Faults.MailboxSpread);
        System.Clock.Wire = Network;
        System.Clock.Taken = Evidence.Taken;
        _course = new Course(this);
        System.Clock.Stepped = _course.Stepped;
    }

    public TorturePlan Plan { get; }

    internal VirtualSystem System { get; }

    internal Judge Judge { get; }

    internal Trace Trace { get; }

    internal FaultCounts Counts { get; } = new();

    internal Effects Effects { get; }

    internal Evidence Evidence { get; }

    internal Hearing Hearing { get; }

    internal Engines Engines { get; }

    internal TrialGround Ground { get; }

    internal VirtualNetwork Network { get; }

    internal Machines Machines { get; }

    internal NodeFaults NodeFaults { get; }

    internal Partitions Partitions { get; }

    internal Orphans Orphans { get; }

    internal User User { get; }

    internal Ledger Ledger { get; }

    /// <summary>Of what happens to the engines, and when.</summary>
    internal Dice Dice { get; }

    /// <summary>The engine that is there; <c>null</c>: none is.</summary>
    internal Coordinator? Coordinator => Engines.Now;

    internal bool IsFire => Network.IsFire;

    internal TimeSpan Now => System.Clock.Now;

    /// <summary>How the experiment ended; empty: it has not.</summary>
    internal string Outcome { get; private set; } = "";

    /// <summary>The experiment has come to its end.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>What is left of it is being ended, and that is none of its story: it happens on other threads.</summary>
    internal bool IsCleared { get; private set; }

    public TortureResult Run() => _course.Run();

    public void Dispose()
    {
        (IsOver, IsCleared) = (true, true);
        // Whoever clears the stage is not looked at.
        (System.Clock.Wire, System.Clock.Taken, System.Clock.Stepped) = (null, null, null);
        Ledger.Dispose();
    }

    internal void End(string outcome) => (IsOver, Outcome) = (true, outcome);

    /// <summary>What happens at that time, the experiment's end or not.</summary>
    internal void At(TimeSpan time, Action happens) => System.Clock.At(time, EventClass.NodeChanges, ++_number, happens);

    /// <summary>What happens after that time, unless the experiment has come to its end.</summary>
    internal void After(TimeSpan time, Action happens) => At(Now + time, () =>
    {
        if (!IsOver)
            happens();
    });
}
