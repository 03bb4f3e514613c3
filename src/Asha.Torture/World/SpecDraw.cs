using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Torture.World;

/// <summary>Draws an experiment: its scheduler, its rungs, its number of trials, its retries, its limits, and when it stops.</summary>
internal static class SpecDraw
{
    /// <param name="faults">All that were drawn, also those that do not happen: whoever takes one away has the same experiment.</param>
    /// <param name="events">About so many it is to have, if nothing ends it early.</param>
    public static ExperimentSpec Of(Dice dice, TortureCase @case, TrialTraits traits, FaultRates faults, double events)
    {
        var type = dice.Pick(SchedulerType.Asha, SchedulerType.Asha, SchedulerType.Sha, SchedulerType.Stopping);
        var eta = dice.Between(2, 4);
        var rungs = dice.Between(1, eta == 2 ? 6 : 4);
        var resource = new ResourceSpec("epoch", 1, Math.Round(Math.Pow(eta, rungs - 1) * (dice.Chance(.3) ? dice.Between(1, 1.9) : 1)), Integral: dice.Chance(.7));
        var jobs = 1 / (1 - Math.Pow(eta, -rungs)) * (1 - 1.0 / eta); // Trials a job: those of the higher rungs are few.
        var trials = (int)(events * jobs / EventEstimate.OfAJob(type, resource, eta, traits, faults));
        trials = Math.Clamp(trials, 1, @case.Trials ?? int.MaxValue);
        var isLimited = dice.Chance(.6);
        return new ExperimentSpec
        {
            Name = "torture",
            Seed = (long)(dice.Bits() >> 1),
            Metric = new MetricSpec("loss", dice.Pick(MetricMode.Min, MetricMode.Max)),
            Resource = resource,
            Scheduler = Scheduler(dice, type, eta, trials, isLimited),
            Space = new SearchSpace([new Parameter("x", dice.Chance(.1) ? new IntDomain(1, dice.Between(trials / 2, trials * 2)) : new UniformDomain(0, 1))]),
            Trial = Trial(dice, traits, resource),
            Slots = 1,
            Stop = Stop(dice, type, trials, isLimited, traits),
        };
    }

    /// <summary>Units of resource that the experiment trains, about.</summary>
    public static double UnitsOf(ExperimentSpec spec)
    {
        var (trials, eta) = (MostTrials(spec), spec.Scheduler.ReductionFactor);
        var (units, level) = (0.0, 0.0);
        for (var next = spec.Resource.Min; next <= spec.Resource.Max; next *= eta)
        {
            units += trials * (next - level);
            (trials, level) = (trials / eta, next);
        }
        return Math.Max(1, units);
    }

    /// <summary>No more trials than these have jobs, but for those under way when it stops.</summary>
    public static double MostTrials(ExperimentSpec spec) => spec.Scheduler.Total is { } total ? Math.Min(total, spec.Stop.Trials ?? total) : spec.Stop.Trials!.Value;

    private static SchedulerSpec Scheduler(Dice dice, SchedulerType type, int eta, int trials, bool isLimited) => type switch
    {
        SchedulerType.Sha when dice.Chance(.6) => new(type, eta, Math.Min(trials, (int)dice.Magnitude(1, 80)), dice.Pick(BracketRepeat.Sequential, BracketRepeat.Overlap), isLimited ? trials : null),
        SchedulerType.Sha => new(type, eta, trials),
        _ => new(type, eta, isLimited ? trials : null),
    };

    private static TrialSpec Trial(Dice dice, TrialTraits traits, ResourceSpec resource)
    {
        var whole = traits.Unit * resource.Max;
        return new TrialSpec
        {
            Command = ["trial"],
            Directory = "/",
            MaxAttempts = dice.Between(1, 4),
            MaxAttemptsByFault = dice.Chance(.2) ? new FaultLimits(Crash: dice.Between(1, 3), TimeOut: 1, BadReport: dice.Between(1, 2)) : null,
            RetryBackOff = dice.Chance(.4) ? BackOff(dice, traits) : null,
            TimeLimit = dice.Chance(.5) ? whole * dice.Between(1.2, 4) : null,
            SilenceLimit = dice.Chance(.5) ? whole * dice.Between(.8, 2) + TimeSpan.FromSeconds(1) : null,
            CheckpointBudget = dice.Chance(.25) ? dice.Between(0, 40) : null,
        };
    }

    private static BackOffSpec BackOff(Dice dice, TrialTraits traits)
    {
        var first = traits.Unit * dice.Magnitude(.1, 5);
        return new(first, dice.Between(1, 3.0), first * dice.Magnitude(1, 8), dice.Pick(0, .5, 1));
    }

    /// <summary>Whatever is drawn, something ends it.</summary>
    private static StopSpec Stop(Dice dice, SchedulerType type, int trials, bool isLimited, TrialTraits traits) => new(
        After: dice.Chance(.08) ? traits.Unit * trials * dice.Between(.3, 2) : null,
        Trials: !isLimited || dice.Chance(.05) ? trials : null,
        Resource: dice.Chance(.05) ? trials * dice.Between(.7, 2) : null,
        Metric: dice.Chance(.02) ? dice.Between(.01, .2) : null,
        Hopeless: dice.Chance(.9) ? null : dice.Between(2, 10),
        HopelessIfLimited: dice.Chance(.5));
}
