using System.Globalization;
using Asha.Core.Experiments;

namespace Asha.Tuning;

/// <summary>Resolves the options of a program into an experiment: every default filled in, every mistake told at once.</summary>
internal sealed class SpecBuilder
{
    private readonly TuningOptions _options;
    private readonly Problems _problems = new();

    private SpecBuilder(TuningOptions options) => _options = options;

    /// <exception cref="UserErrorException">There are mistakes.</exception>
    public static ExperimentSpec Build(TuningOptions options) => new SpecBuilder(options).Build();

    private ExperimentSpec Build()
    {
        if (!ExperimentRules.IsName(_options.Name))
            _problems.Add($"{nameof(TuningOptions.Name)}: must be letters, digits, '-', '_' and '.', at most {ExperimentRules.LongestName}, not beginning with '.', but is '{_options.Name}'");
        if (_options.Seed < 0)
            _problems.Add($"{nameof(TuningOptions.Seed)}: must be at least 0, but is {_options.Seed}");
        _problems.Label("Metric.Name", _options.Metric.Name);
        if (_options.Slots is { } slots)
            _problems.Range(nameof(TuningOptions.Slots), slots, 1, ExperimentRules.MostSlots);
        if (_options.CancellationGrace < TimeSpan.Zero || _options.CancellationGrace > TimeSpan.FromHours(1))
            _problems.Add($"{nameof(TuningOptions.CancellationGrace)}: must be 0 to 1 h, but is {_options.CancellationGrace}");
        var resource = Resource();
        var stop = Stop();
        var scheduler = resource is null ? null : Scheduler(resource, stop);
        var trial = Trial(scheduler, stop);
        var builder = new SpaceBuilder(_options.Space, _problems);
        var space = builder.Space();
        var initial = space is null ? [] : builder.Initial(_options.Initial, space);
        if (_problems.Any)
            throw new UserErrorException(_problems.All);
        return new ExperimentSpec
        {
            Name = _options.Name,
            Seed = _options.Seed,
            Metric = new MetricSpec(_options.Metric.Name, _options.Metric.IsMaximized ? MetricMode.Max : MetricMode.Min),
            Resource = resource!,
            Scheduler = scheduler!,
            Space = space!,
            Initial = initial,
            Trial = trial,
            Slots = _options.Slots ?? Math.Clamp(Environment.ProcessorCount, 1, ExperimentRules.MostSlots),
            Stop = stop,
        };
    }

    private ResourceSpec? Resource()
    {
        var (most, least, integral) = (_options.Resource.Max, _options.Resource.Min, _options.Resource.IsIntegral);
        _problems.Label("Resource.Name", _options.Resource.Name);
        var fits = _problems.Range("Resource.Max", most, ExperimentRules.SmallestResource, ExperimentRules.LargestResource);
        fits &= least is not { } given || !fits || _problems.Range("Resource.Min", given, ExperimentRules.SmallestResource, most);
        var isWhole = ExperimentRules.IsWhole(most) && ExperimentRules.IsWhole(least);
        if (fits && integral == true && !isWhole)
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"Resource.IsIntegral: Min and Max must then be whole numbers, but are {least} and {most}"));
        var rounds = integral ?? isWhole;
        return fits ? new ResourceSpec(_options.Resource.Name, least ?? ExperimentRules.DefaultLeast(most, rounds), most, rounds) : null;
    }

    private SchedulerSpec? Scheduler(ResourceSpec resource, StopSpec stop)
    {
        var given = _options.Scheduler;
        if (!_problems.Range("Scheduler.ReductionFactor", given.ReductionFactor, 2, ExperimentRules.LargestReductionFactor))
            return null;
        var trials = given.Trials;
        var type = given.Kind switch { SchedulerKind.Sha => SchedulerType.Sha, SchedulerKind.Stopping => SchedulerType.Stopping, _ => SchedulerType.Asha };
        var repeat = given.Repeat switch { RepeatedBrackets.Sequential => BracketRepeat.Sequential, RepeatedBrackets.Overlap => BracketRepeat.Overlap, _ => BracketRepeat.None };
        if (given.MostTrials is { } most && _problems.Range("Scheduler.MostTrials", most, 1, ExperimentRules.MostTrials) && repeat == BracketRepeat.None)
            _problems.Add("Scheduler.MostTrials: is for repeated brackets; here Trials says how many there are");
        if (trials is not null)
            _problems.Range("Scheduler.Trials", trials.Value, 1, ExperimentRules.MostTrials);
        else if (type == SchedulerType.Sha && (trials = ExperimentRules.FullBracket(resource, given.ReductionFactor)) is null)
            _problems.Add($"Scheduler.Trials: a full bracket would have more than {ExperimentRules.MostTrials} trials; give a number of trials");
        var spec = new SchedulerSpec(type, given.ReductionFactor, trials, repeat, given.MostTrials);
        if (ExperimentRules.IsEndless(spec, stop))
            _problems.Add($"Scheduler.{(repeat == BracketRepeat.None ? "Trials" : "MostTrials")}: is missing: nothing would end this run; give it, or Stop with at least one rule");
        return spec;
    }

    private StopSpec Stop()
    {
        var rules = _options.Stop;
        _problems.Duration("Stop.After", rules.After);
        if (rules.Trials is { } trials)
            _problems.Range("Stop.Trials", trials, 1, ExperimentRules.MostTrials);
        if (rules.Resource is { } resource && !(resource > 0 && resource <= ExperimentRules.MostResourceInAll))
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"Stop.Resource: must be more than 0 and at most {ExperimentRules.MostResourceInAll}, but is {resource}"));
        if (rules.Metric is { } metric && !double.IsFinite(metric))
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"Stop.Metric: must be finite, but is {metric}"));
        if (rules.Hopeless is { } hopeless)
            _problems.Range("Stop.Hopeless", hopeless, 1, ExperimentRules.MostTrials);
        return new StopSpec(rules.After, rules.Trials, rules.Resource, rules.Metric, rules.Hopeless ?? StopSpec.DefaultHopeless, HopelessIfLimited: true);
    }

    /// <summary>There is no command: the trial is a method of the program that asks.</summary>
    private TrialSpec Trial(SchedulerSpec? scheduler, StopSpec stop)
    {
        _problems.Range(nameof(TuningOptions.MaxAttempts), _options.MaxAttempts, 1, ExperimentRules.MostAttempts);
        _problems.Duration(nameof(TuningOptions.TimeLimit), _options.TimeLimit);
        _problems.Duration(nameof(TuningOptions.SilenceLimit), _options.SilenceLimit);
        if (_options.CheckpointBudget < 0)
            _problems.Add($"{nameof(TuningOptions.CheckpointBudget)}: must be at least 0, but is {_options.CheckpointBudget}");
        return new TrialSpec
        {
            Command = [],
            Directory = "",
            MaxAttempts = _options.MaxAttempts,
            MaxAttemptsByFault = Limits(),
            RetryBackOff = BackOff(),
            TimeLimit = _options.TimeLimit,
            SilenceLimit = _options.SilenceLimit,
            CheckpointBudget = _options.CheckpointBudget switch
            {
                null => scheduler is null ? null : ExperimentRules.CheckpointBudget(scheduler, stop),
                long.MaxValue => null,
                var given => given,
            },
        };
    }

    private FaultLimits? Limits()
    {
        if (_options.MaxAttemptsByFault is not { } given)
            return null;
        foreach (var (name, limit) in new[] { ("OutOfMemory", given.OutOfMemory), ("Crash", given.Crash), ("TimeOut", given.TimeOut), ("BadReport", given.BadReport) })
        {
            if (limit is { } attempts)
                _problems.Range($"{nameof(TuningOptions.MaxAttemptsByFault)}.{name}", attempts, 1, ExperimentRules.MostAttempts);
        }
        return new FaultLimits(given.OutOfMemory, given.Crash, given.TimeOut, given.BadReport);
    }

    private BackOffSpec? BackOff()
    {
        const string Name = nameof(TuningOptions.RetryBackOff);
        var given = _options.RetryBackOff;
        if (given.First == TimeSpan.Zero)
            return null;
        _problems.Duration($"{Name}.First", given.First);
        _problems.Range($"{Name}.Factor", given.Factor, 1, ExperimentRules.LargestBackOffFactor);
        _problems.Duration($"{Name}.Most", given.Most);
        if (given.Most < given.First)
            _problems.Add($"{Name}.Most: must be at least First, {given.First}, but is {given.Most}");
        _problems.Range($"{Name}.Jitter", given.Jitter, 0, 1);
        return ExperimentRules.BackOff(given.First, given.Factor, given.Most, given.Jitter);
    }
}
