using Asha.Core.Experiments;
using Asha.Core.Randomness;
using Asha.Core.Scheduling;
using Asha.Core.Spaces;
using CsCheck;

namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>Makes experiments of every kind that a file can say.</summary>
internal static class SpecGenerator
{
    private static readonly Gen<double> Reals = Gen.OneOf(
        Gen.Double[-1e6, 1e6], Gen.Double[1e-300, 1e-3], Gen.Int[-5, 5].Select(whole => (double)whole), Gen.Const(1e21), Gen.Const(-0.1));

    /// <summary>Texts that look like something else, among others.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 8],
        Gen.String[Gen.Char[" -:{}[],#&*!|>'\"%@`\\\n\t.~?äß\u00a0\u2028\u0085\u0007"], 0, 8],
        Gen.OneOfConst("", "1", "1.5", "true", "null", "~", "yes", "0x1", ".inf", ".nan", "-", "---", "...", "a: b", "a #b", "1e3", "\ufeffx", "😀", "=", "<<", "y"));

    private static readonly Gen<ParameterValue> Values = Gen.OneOf(
        Reals.Select(ParameterValue.Of), Gen.Long[-(1L << 53), 1L << 53].Select(ParameterValue.Of), Texts.Select(ParameterValue.Of),
        Gen.Bool.Select(ParameterValue.Of));

    private static readonly Gen<Domain> Domains = Gen.OneOf<Domain>(
        Gen.Select(Reals, Reals).Where((a, b) => a != b).Select((a, b) => (Domain)new UniformDomain(Math.Min(a, b), Math.Max(a, b))),
        Gen.Select(Gen.Double[1e-9, 1], Gen.Double[1.5, 1e9]).Select((a, b) => (Domain)new LogUniformDomain(a, b)),
        Gen.Select(Gen.Long[-(1L << 53), 0], Gen.Long[1, 1L << 53]).Select((a, b) => (Domain)new IntDomain(a, b)),
        Gen.Select(Gen.Long[1, 100], Gen.Long[101, 1L << 53]).Select((a, b) => (Domain)new LogIntDomain(a, b)),
        Gen.Select(Values.List[1, 5], Gen.Bool).Select((values, ordered) => (Domain)new ListDomain(Distinct(values), ordered)),
        Gen.Const((Domain)ListDomain.Boolean()));

    private static readonly Gen<TimeSpan?> Durations = Gen.Long[1, 1L << 38].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)).Nullable();

    private static readonly Gen<string> Labels = Texts.Where(text => text.Trim().Length == text.Length && text.Length > 0 && !text.Any(char.IsControl));

    private static readonly Gen<ResourceSpec> Resources = Gen.OneOf(
        Gen.Select(Labels, Gen.Int[1, 100], Gen.Int[0, 10_000]).Select((name, min, more) => new ResourceSpec(name, min, min + more, true)),
        Gen.Select(Labels, Gen.Double[1e-6, 10], Gen.Double[0, 1e6]).Select((name, min, more) => new ResourceSpec(name, min, min + more, false)));

    private static readonly Gen<TrialSpec> Trials =
        Gen.Select(Texts.Array[0, 3], Texts.Array[0, 4], Texts.Array[0, 3], Durations, Durations, Gen.Select(Gen.Int[1, 9], Gen.Long[0, 1L << 50].Nullable()))
            .Select((prepare, arguments, env, time, silence, others) => new TrialSpec
            {
                Prepare = prepare is ["", ..] ? [] : prepare,
                PrepareLimit = prepare is [] or ["", ..] ? null : silence,
                Command = ["program", .. arguments.Select(text => text.Replace("{", "{{").Replace("}", "}}")), "{asha:seed}", "{{{x0}}}"],
                Directory = Files.Folder,
                Env = env.Select((value, index) => (value, index)).ToDictionary(pair => $"VAR_{pair.index}", pair => pair.value),
                Gpus = 0,
                MaxAttempts = others.Item1,
                MaxAttemptsByFault = others.Item1 % 3 == 0 ? new FaultLimits(others.Item1, null, 2, others.Item1 % 2 == 0 ? 1 : null) : null,
                RetryBackOff = others.Item1 % 2 == 0 ? null : new BackOffSpec(time ?? TimeSpan.FromSeconds(1), 1 + others.Item1 / 4.0, time > silence ? time.Value : silence > TimeSpan.FromSeconds(1) ? silence.Value : time ?? TimeSpan.FromSeconds(1), others.Item1 / 10.0),
                TimeLimit = time,
                SilenceLimit = silence,
                CheckpointBudget = others.Item2,
                Cpus = others.Item1 % 4,
                Memory = others.Item1 % 2 == 0 ? 0 : others.Item2 ?? 1,
                Labels = others.Item1 % 3 == 0 ? ["a b", $"{others.Item1}"] : null,
                Limits = others.Item1 % 3 == 1 ? new TrialLimits(others.Item2, 7 + others.Item1, others.Item1 % 2 == 0 ? 9 : null, others.Item1 % 2 == 0 ? null : 3) : null,
            });

    public static Gen<ExperimentSpec> Specs { get; } =
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Select(Labels, Gen.Enum<MetricMode>()), Resources, Spaces(), Trials, Gen.Int[1, 1000], Stops(), Gen.Int[2, 9])
            .Select((seed, metric, resource, space, trial, slots, stop, factor) => new ExperimentSpec
            {
                Name = $"run-{seed}.a_b",
                Seed = seed,
                Metric = new MetricSpec(metric.Item1, metric.Item2),
                Resource = resource,
                Scheduler = Scheduler(seed, factor, RungLadder.Halvings(resource, factor) + 1, mayBeEndless: stop.EndsGoodRuns),
                Space = space,
                Initial = Initial(space, seed),
                Trial = trial,
                Slots = slots,
                Stop = stop,
            });

    private static Gen<StopSpec> Stops() => Gen.Select(Durations, Gen.Int[1, 10_000_000].Nullable(), Gen.Double[1e-3, 1e9].Nullable(), Reals.Nullable())
        .Select((after, trials, resource, metric) => new StopSpec(after, trials, resource, metric, trials ?? 10, HopelessIfLimited: true));

    private static Gen<SearchSpace> Spaces() => Gen.Select(Domains, Gen.Bool, Gen.Int[1, 3]).List[1, 6].Select(drafts =>
    {
        var parameters = new List<Parameter>();
        foreach (var (domain, depends, count) in drafts)
        {
            var parents = parameters.Where(earlier => depends && earlier.Domain.Count is not null).Take(2);
            parameters.Add(new Parameter($"x{parameters.Count}", domain, [.. parents.Select(parent => new Condition(parent.Name,
                [.. Enumerable.Range(0, (int)Math.Min(count, parent.Domain.Count!.Value)).Select(index => parent.Domain.Outcome(index).Value)]))]));
        }
        return new SearchSpace(parameters);
    });

    private static List<Configuration> Initial(SearchSpace space, long seed)
    {
        var found = new List<Configuration>();
        for (var number = 0; number < seed % 4; number++)
        {
            var configuration = space.Sample(KeyedRandom.Of(seed).Stream(number));
            if (!found.Any(earlier => earlier.Means(configuration)))
                found.Add(configuration);
        }
        return found;
    }

    private static List<ParameterValue> Distinct(IEnumerable<ParameterValue> values)
    {
        var distinct = new List<ParameterValue>();
        foreach (var value in values)
        {
            if (!distinct.Any(earlier => earlier.Means(value)))
                distinct.Add(value);
        }
        return distinct;
    }

    private static SchedulerSpec Scheduler(long seed, int factor, int trials, bool mayBeEndless) => (seed % 5) switch
    {
        0 => new(SchedulerType.Sha, factor, trials),
        1 => new(SchedulerType.Sha, factor, trials, BracketRepeat.Sequential, mayBeEndless ? null : 3 * trials),
        2 => new(SchedulerType.Sha, factor, trials, BracketRepeat.Overlap, 7),
        3 => new(SchedulerType.Stopping, factor, mayBeEndless ? null : trials),
        _ => new(SchedulerType.Asha, factor, mayBeEndless ? null : trials),
    };
}
