using Asha.Core.Experiments;
using Asha.Core.Randomness;
using CsCheck;

namespace Asha.Core.Tests;

/// <summary>
/// A random experiment over a table: few different metrics, so that most tie; some that are not finite; crashes; lengths in whole seconds, so that many end at
/// once; and nodes that come, die and are given up.
/// </summary>
internal sealed record RandomTable(
    SchedulerType Type, MetricMode Mode, int Factor, int Rungs, int? Trials, int Slots, int MaxAttempts, int Seed, int CrashPercent, bool NodesComeAndGo, BracketRepeat Repeat = BracketRepeat.None, int? Most = null)
{
    private readonly TimeSpan? _horizon;

    /// <summary>How long failed jobs wait.</summary>
    public BackOffSpec? BackOff { get; init; }

    /// <summary>Tries by the kind of fault; here all are crashes or bad reports.</summary>
    public FaultLimits? ByFault { get; init; }

    public static Gen<RandomTable> Any { get; } =
        from type in Gen.OneOfConst(SchedulerType.Sha, SchedulerType.Sha, SchedulerType.Asha, SchedulerType.Asha, SchedulerType.Stopping)
        from mode in Gen.OneOfConst(MetricMode.Min, MetricMode.Max)
        from factor in Gen.Int[2, 5]
        from rungs in Gen.Int[1, 4]
        from trials in Gen.Int[1, 60]
        from unlimited in Gen.Int[0, 5]
        from slots in Gen.Int[1, 12]
        from attempts in Gen.Int[1, 3]
        from seed in Gen.Int
        from crash in Gen.OneOfConst(0, 0, 15, 40)
        from nodes in Gen.Bool
        from repeat in Gen.OneOfConst(BracketRepeat.None, BracketRepeat.None, BracketRepeat.Sequential, BracketRepeat.Overlap)
        from most in Gen.Int[1, 80]
        let again = type == SchedulerType.Sha ? repeat : BracketRepeat.None
        select new RandomTable(
            type, mode, factor, rungs, type != SchedulerType.Sha && unlimited == 0 ? null : trials, slots, attempts, seed, crash, nodes,
            again, again == BracketRepeat.None || unlimited == 0 ? null : most);

    /// <summary>Either kind.</summary>
    public static Gen<RandomTable> Drawn(bool waits) => waits ? AnyThatWaits : Any;

    /// <summary>The same, with crashes and lost nodes in all of them, and jobs that wait before they are tried again: whole seconds, so that much happens at once, or drawn to the tick; longer than any job, or shorter.</summary>
    public static Gen<RandomTable> AnyThatWaits { get; } =
        from table in Any
        from attempts in Gen.Int[2, 6]
        from first in Gen.OneOfConst(0.5, 1, 1, 2, 9)
        from factor in Gen.OneOfConst(1, 2, 3)
        from most in Gen.OneOfConst(9, 12)
        from jitter in Gen.OneOfConst(0, 0, .1, 1)
        from limits in Gen.OneOfConst(null, null, new FaultLimits(Crash: 2), new FaultLimits(OutOfMemory: 1), new FaultLimits(3, 5, 1, 1))
        select table with
        {
            MaxAttempts = attempts,
            CrashPercent = Math.Max(15, table.CrashPercent),
            BackOff = new BackOffSpec(TimeSpan.FromSeconds(first), factor, TimeSpan.FromSeconds(most), jitter),
            ByFault = limits,
        };

    /// <summary>Trials in all; <c>null</c>: no limit.</summary>
    public int? Total => Repeat == BracketRepeat.None ? Trials : Most;

    /// <summary>Between two ends, so that nothing else happens then; needed where nothing else ends the run.</summary>
    public TimeSpan? Horizon
    {
        get => _horizon ?? (Total is null ? TimeSpan.FromSeconds(30.25) : Seed % 4 == 0 ? TimeSpan.FromSeconds(12.25) : null);
        init => _horizon = value;
    }

    public ExperimentSpec Spec
    {
        get
        {
            var spec = TableWorld.Spec(Type, Factor, 1, Math.Pow(Factor, Rungs - 1), Trials);
            return spec with { Scheduler = spec.Scheduler with { Repeat = Repeat, MostTrials = Most }, Metric = new MetricSpec("score", Mode), Trial = spec.Trial with { MaxAttempts = MaxAttempts, RetryBackOff = BackOff, MaxAttemptsByFault = ByFault }, Stop = new StopSpec(Hopeless: null) };
        }
    }

    public Attempt AttemptOf(int trial, int rung, int attempt)
    {
        var own = KeyedRandom.Of(Seed).Stream(trial).Stream(rung).Stream(attempt);
        var length = TimeSpan.FromSeconds(own.Stream("zero").Unit() < 0.05 && Total is not null ? 0 : 1 + Whole(own.Stream("length"), 4));
        return new Attempt(length, Whole(own.Stream("crash"), 100) < CrashPercent ? null : MetricOf(KeyedRandom.Of(Seed).Stream("metric").Stream(trial).Stream(rung)));
    }

    public IReadOnlyList<SlotChange> Changes
    {
        get
        {
            var changes = new List<SlotChange> { new(TimeSpan.Zero, NodeChange.Join, 0, Slots) };
            if (!NodesComeAndGo)
                return changes;
            var random = KeyedRandom.Of(Seed).Stream("nodes");
            var (first, joins) = (Slots, 1);
            for (var node = 0; node < 3; node++)
            {
                var own = random.Stream(node);
                var count = 1 + Whole(own.Stream("count"), 3);
                joins += Whole(own.Stream("joins"), 5); // In the order of their numbers, as slots are numbered.
                var dies = joins + 1 + Whole(own.Stream("dies"), 6);
                changes.Add(new(TimeSpan.FromSeconds(joins), NodeChange.Join, first, count));
                changes.Add(new(TimeSpan.FromSeconds(dies), NodeChange.Die, first, count));
                changes.Add(new(TimeSpan.FromSeconds(dies + Whole(own.Stream("removed"), 3)), NodeChange.Remove, first, count));
                first += count;
            }
            return changes;
        }
    }

    public TableWorld World(Action<TableWorld>? settled = null, bool sendsTwice = false)
        => new(Spec, job => AttemptOf(job.Trial, job.Rung, job.Attempt)) { Settled = settled ?? (_ => { }), SendsTwice = sendsTwice };

    public TableWorld Run() => World().Run(Changes, Horizon);

    private static int Whole(KeyedRandom random, int below) => (int)(random.Unit() * below);

    private static double MetricOf(KeyedRandom random) => Whole(random, 20) switch
    {
        0 or 1 => double.NaN,
        2 => double.PositiveInfinity,
        3 => double.NegativeInfinity,
        4 => -0.0,
        5 => 0.0,
        var value => value % 7 - 3,
    };
}
