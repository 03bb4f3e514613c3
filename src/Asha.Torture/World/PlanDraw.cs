using Asha.Core.Randomness;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>Draws the plan of one of a seed's experiments. Each part has a stream of its own, so that taking one away leaves the others as they were.</summary>
public static class PlanDraw
{
    /// <summary>About so many jobs, reports and faults has a seed's first experiment, if nothing ends it early: two in five have enough for the whole seed, and few much more than that.</summary>
    private const double First = 1900;

    public static TorturePlan Of(TortureCase @case)
    {
        var all = RandomOf(@case);
        var random = all.Stream("plan");
        var traits = Traits(new Dice(random.Stream("traits")));
        var drawn = Faults(new Dice(random.Stream("faults")), random.Stream("kinds"));
        var spec = SpecDraw.Of(new Dice(random.Stream("spec")), @case, traits, drawn, EventsOf(@case, drawn, new Dice(random.Stream("events"))));
        var quarantine = new Dice(random.Stream("quarantine"));
        spec = spec with { Trial = spec.Trial with { Quarantine = quarantine.Chance(.5) ? quarantine.Between(2, 4) : null } };
        var nodes = Nodes(new Dice(random.Stream("nodes")), @case);
        var work = SpecDraw.UnitsOf(spec) * traits.Unit.TotalSeconds / nodes.Sum();
        var fire = TimeSpan.FromSeconds(work * new Dice(random.Stream("fire")).Between(.3, 1.2) * @case.Fire);
        return new TorturePlan
        {
            Case = @case,
            Random = all,
            Spec = spec,
            Nodes = nodes,
            Trials = traits,
            Fire = fire,
            Faults = Often(Left(drawn, @case.Without), new Dice(random.Stream("often")), TimeSpan.FromSeconds(work)),
            Resend = new Dice(random.Stream("resend")).Time(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)),
        };
    }

    private static KeyedRandom RandomOf(TortureCase @case)
    {
        var seed = KeyedRandom.Of(@case.Seed).Stream("torture");
        return @case.Experiment is > 1 and var number ? seed.Stream(FormattableString.Invariant($"experiment-{number}")) : seed;
    }

    /// <summary>
    /// The later ones fill a seed up: small ones, so that it does not get much longer than it has to be. How many events there were before is no part of it: each can be run alone. A journal has its first snapshot after a thousand entries, so that few
    /// experiments would have one to lose: some get twice as large for that.
    /// </summary>
    private static double EventsOf(TortureCase @case, FaultRates drawn, Dice dice)
    {
        if (@case.Experiment is > 1)
            return dice.Magnitude(30, 700);
        return drawn.Kinds.Contains(Fault.SnapshotLost) && dice.Chance(.06) ? 2 * First : First;
    }

    private static TrialTraits Traits(Dice dice)
    {
        var unit = dice.Time(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));
        return new(
            unit, Reports: dice.Pick(1, 2, 3, 5), Checkpoints: dice.Pick(0, .3, 1), Habits: dice.Pick(.02, .1, .3), Steps: dice.Pick(0, .05, .5),
            Grid: dice.Chance(.3) ? unit : TimeSpan.Zero, Stragglers: dice.Pick(1, 1.5, 5));
    }

    private static int[] Nodes(Dice dice, TortureCase @case)
    {
        var nodes = new int[dice.Between(1, 6)];
        for (var node = 0; node < nodes.Length; node++)
            nodes[node] = dice.Between(1, 4);
        return @case.Nodes is { } most && most < nodes.Length ? nodes[..most] : nodes;
    }

    private static FaultRates Faults(Dice dice, KeyedRandom kinds)
    {
        // Each seed has a part of them: what happens all the time hides what only seldom matters.
        var share = new Dice(kinds).Pick(.15, .35, .6, 1);
        var drawn = Enum.GetValues<Fault>().Where(kind => kinds.Stream(KindNames.NameOf(kind)).Unit() < share).ToHashSet();
        return new FaultRates
        {
            Kinds = drawn,
            Delayed = dice.Magnitude(.005, .3),
            Dropped = dice.Magnitude(.005, .1),
            Duplicated = dice.Magnitude(.005, .1),
            LongestDelay = dice.Time(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30)),
            LongestBreak = dice.Time(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)),
            Checkpoints = dice.Magnitude(.01, .3),
            Write = dice.Chance(.4) ? TimeSpan.Zero : dice.Time(TimeSpan.FromTicks(1000), TimeSpan.FromMilliseconds(50)),
            SlowWrites = dice.Magnitude(.002, .2),
            FailedWrites = dice.Magnitude(.0005, .03),
            MailboxSpread = (int)dice.Magnitude(1, 100),
        };
    }

    private static FaultRates Left(FaultRates drawn, IReadOnlyList<Fault> without)
    {
        var kinds = drawn.Kinds.Except(without).ToHashSet();
        return drawn with { Kinds = kinds, MailboxSpread = kinds.Contains(Fault.MailboxOrder) ? drawn.MailboxSpread : 0 };
    }

    /// <summary>So many in the time that the experiment takes.</summary>
    private static FaultRates Often(FaultRates faults, Dice dice, TimeSpan work) => faults with
    {
        BetweenNodes = work / dice.Magnitude(1, 20),
        BetweenBreaks = work / dice.Magnitude(1, 20),
        BetweenCrashes = work / dice.Magnitude(1, 8),
    };
}
