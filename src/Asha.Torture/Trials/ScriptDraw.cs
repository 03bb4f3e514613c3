using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Trials;

/// <summary>Draws how an attempt goes, from the seed, the trial and the attempt: neither where nor when it runs has a part in it.</summary>
internal sealed class ScriptDraw(TorturePlan plan)
{
    public static readonly Fault[] Habits =
    [
        Fault.TrialCrashes, Fault.TrialExits, Fault.TrialSaysNothing, Fault.TrialOutOfMemory, Fault.TrialStartFails, Fault.TrialFalls, Fault.TrialDiverges, Fault.TrialGoesBeyond,
        Fault.TrialTalksOn, Fault.TrialFloods, Fault.TrialHangs, Fault.TrialEndsSlowly, Fault.TrialRetiresSlot,
    ];

    /// <summary>Those that end an attempt without its result.</summary>
    public static readonly Fault[] Failing = [Fault.TrialCrashes, Fault.TrialExits, Fault.TrialSaysNothing, Fault.TrialOutOfMemory, Fault.TrialStartFails, Fault.TrialHangs, Fault.TrialRetiresSlot];

    private const int SmallFlood = 15, LargeFlood = 60;

    /// <summary>Reports.</summary>
    public const double AverageFlood = (SmallFlood + LargeFlood) / 2.0;

    private readonly Fault[] _drawn = [.. Habits.Where(plan.Has)];

    /// <summary>Seconds that one takes to end which outstays the run's end.</summary>
    private const double SoonestLate = 26, LatestLate = 60;

    /// <summary>No trial takes longer to end that is told to.</summary>
    public static TimeSpan SlowestEnd(TorturePlan plan) => TimeSpan.FromSeconds(plan.Has(Fault.TrialOutstays) ? LatestLate + 1 : 6);

    /// <param name="isCalm">Nothing that costs the world a slot, or time without end, is done any more.</param>
    public Script Of(TrialLaunch launch, bool isCalm)
    {
        var dice = new Dice(plan.Random.Stream("attempt").Stream(launch.Trial).Stream(launch.Attempt));
        var late = new Dice(plan.Random.Stream("outstays").Stream(launch.Trial).Stream(launch.Attempt));
        var habit = Habit(dice, isCalm) ?? (plan.Has(Fault.TrialOutstays) && late.Chance(plan.Trials.Habits) ? Fault.TrialOutstays : null);
        if (habit == Fault.TrialStartFails)
            return new([new(Time(.01), default, new(EndingCause.StartFailed, "it could not be started"), IsBad: true)], habit, TimeSpan.Zero, false);
        var acts = new List<Act>();
        var slow = plan.Trials.Stragglers > 1 ? dice.Between(1, plan.Trials.Stragglers) : 1;
        var last = Reports(acts, dice, launch, slow, habit);
        Spoil(acts, dice, launch, habit, last);
        var stopping = habit switch
        {
            Fault.TrialEndsSlowly => TimeSpan.FromSeconds(dice.Between(1, 5.0)),
            Fault.TrialOutstays => TimeSpan.FromSeconds(late.Between(SoonestLate, LatestLate)),
            _ => Time(dice.Between(0, .05)),
        };
        return new(acts, habit, stopping, habit == Fault.TrialRetiresSlot);
    }

    private Fault? Habit(Dice dice, bool isCalm)
    {
        if (_drawn.Length == 0 || !dice.Chance(plan.Trials.Habits))
            return null;
        var habit = dice.Pick<Fault>(_drawn);
        var hasLimit = plan.Spec.Trial.TimeLimit is not null || plan.Spec.Trial.SilenceLimit is not null;
        return habit switch
        {
            Fault.TrialHangs when !hasLimit => null,
            Fault.TrialRetiresSlot when isCalm || !hasLimit || !dice.Chance(.2) => null,
            _ => habit,
        };
    }

    /// <summary>An honest way to the target, in steps of a share of the next rung's way.</summary>
    private TimeSpan Reports(List<Act> acts, Dice dice, TrialLaunch launch, double slow, Fault? habit)
    {
        var (spec, traits) = (plan.Spec, plan.Trials);
        var (at, level) = (TimeSpan.Zero, launch.Start);
        var target = launch.Target;
        // One that has trained beyond its target already says so again.
        if (level >= target)
            acts.Add(new(at = Time(.1), Report(dice, launch, level)));
        while (level < target)
        {
            var rung = spec.Resource.Min;
            while (rung <= level)
                rung *= spec.Scheduler.ReductionFactor;
            rung = Math.Min(rung, target);
            var from = level;
            for (var report = 1; report <= traits.Reports && level < rung; report++)
            {
                var next = report == traits.Reports ? rung : from + (rung - from) * report / traits.Reports;
                next = spec.Resource.Integral ? Math.Ceiling(next) : next;
                if (next <= level)
                    continue;
                at += Time((next - level) * slow);
                level = next;
                acts.Add(new(at, Report(dice, launch, level)));
            }
        }
        acts.Add(new(at + Time(dice.Between(0, .1)), default, new(EndingCause.Exited)));
        return at;
    }

    private void Spoil(List<Act> acts, Dice dice, TrialLaunch launch, Fault? habit, TimeSpan last)
    {
        var at = dice.Between(0, acts.Count - 1);
        var when = acts[at].After;
        var end = acts[^1];
        switch (habit)
        {
            case Fault.TrialCrashes:
                Cut(acts, at, new(EndingCause.Crash, "SIGSEGV"));
                break;
            case Fault.TrialExits:
                Cut(acts, at, new(EndingCause.Exit, "exit code 1"));
                break;
            case Fault.TrialSaysNothing:
                Cut(acts, at, new(EndingCause.Exited));
                break;
            case Fault.TrialOutOfMemory:
                Cut(acts, at, new(EndingCause.OutOfMemory, "SIGKILL"));
                break;
            case Fault.TrialHangs or Fault.TrialRetiresSlot:
                acts.RemoveRange(at, acts.Count - at);
                acts.Add(new(when, default, IsBad: habit == Fault.TrialHangs, IsSilence: true));
                break;
            case Fault.TrialFalls:
                var low = at > 0 ? acts[at - 1].Report.Resource : launch.Start;
                acts.Insert(at, new(when, dice.Chance(.5) && low > 0 ? new(low * dice.Between(.2, 1.0), .1) : TrialReport.Rejected("not one JSON object"), IsBad: true));
                break;
            case Fault.TrialDiverges:
                var bad = dice.Pick(double.NaN, double.PositiveInfinity, double.NegativeInfinity);
                for (var index = at; index < acts.Count - 1; index++)
                    acts[index] = acts[index] with { Report = acts[index].Report with { Metric = bad }, IsBad = true };
                break;
            case Fault.TrialGoesBeyond:
                acts[^2] = acts[^2] with { Report = acts[^2].Report with { Resource = acts[^2].Report.Resource + dice.Between(1, 3) }, IsBad = true };
                break;
            case Fault.TrialTalksOn:
                acts.RemoveAt(acts.Count - 1);
                for (var more = 1; more <= 3; more++)
                    acts.Add(new(last + Time(more), Report(dice, launch, end.Report.Resource + launch.Target + more), IsBad: true));
                acts.Add(end with { After = last + TimeSpan.FromSeconds(dice.Between(1, 20.0)) });
                break;
            case Fault.TrialFloods:
                var flood = dice.Between(SmallFlood, LargeFlood);
                var (below, above) = (at > 0 ? acts[at - 1].Report.Resource : launch.Start, at < acts.Count - 1 ? acts[at].Report.Resource : launch.Target);
                acts.InsertRange(at, Enumerable.Range(1, flood).Select(one => new Act(when, Report(dice, launch, below + (above - below) * one / (flood + 1)), IsBad: true)));
                break;
        }
    }

    private static void Cut(List<Act> acts, int at, TrialEnding ending)
    {
        var when = acts[at].After;
        acts.RemoveRange(at, acts.Count - at);
        acts.Add(new(when, default, ending, IsBad: true));
    }

    private TrialReport Report(Dice dice, TrialLaunch launch, double resource)
    {
        var steps = plan.Trials.Steps;
        var quality = plan.Random.Stream("quality").Stream(launch.Trial).Unit();
        var metric = quality + 1 / (1 + resource) + dice.Between(-.1, .1);
        metric = steps > 0 ? Math.Round(metric / steps) * steps : metric;
        var checkpoint = dice.Chance(plan.Trials.Checkpoints) ? $"at-{resource:R}" : null;
        return new(resource, metric, checkpoint, CheckpointBytes: checkpoint is not null && plan.Spec.Trial.CheckpointBudget is not null ? dice.Between(1, 5) : null);
    }

    private TimeSpan Time(double units)
    {
        var time = plan.Trials.Unit * units;
        var grid = plan.Trials.Grid;
        return grid > TimeSpan.Zero && units >= .5 ? TimeSpan.FromTicks((time.Ticks + grid.Ticks - 1) / grid.Ticks * grid.Ticks) : time;
    }
}
