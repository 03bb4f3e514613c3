namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>One mistake at a time in the file with every key: where it is said to be, and in which words.</summary>
public class MistakeTests
{
    [Theory]
    [InlineData("name: digits", "name: .digits", "1:7: name: must be letters, digits, '-', '_' and '.', not beginning with '.', but is '.digits'")]
    [InlineData("name: digits", "name:", "1:6: name: has no value; must be a text")]
    [InlineData("name: digits", "title: digits", "1:1: name: is missing|1:1: title: unknown key; known here: name, seed, metric, resource, stop, scheduler, space, initial, trial, slots")]
    [InlineData("seed: 7", "seed: -1", "2:7: seed: must be at least 0, but is -1")]
    [InlineData("seed: 7", "seed: 9223372036854775808", "2:7: seed: must be at most 9223372036854775807, but is 9223372036854775808")]
    [InlineData("seed: 7", "seed: 1.5", "2:7: seed: must be a whole number, but is 1.5")]
    [InlineData("seed: 7", "seed: \"7\"", "2:7: seed: must be a whole number, but is the text '7' (in quotes)")]
    [InlineData("seed: 7", "seed: 7\nseed: 8", "3:1: seed: occurs twice; first on line 2")]
    [InlineData("mode: min", "mode: mni", "3:40: metric.mode: must be one of min, max, but is 'mni'; did you mean 'min'?")]
    [InlineData("mode: min", "mode: minimize", "3:40: metric.mode: must be one of min, max, but is 'minimize'; in Asha this is 'min'")]
    [InlineData(", mode: min", "", "3:9: metric.mode: is missing")]
    [InlineData("{name: validation-error, mode: min}", "loss", "3:9: metric: must be a map such as {name: validation-error, mode: min}, but is 'loss'")]
    [InlineData("name: validation-error", "name: ' x'", "3:16: metric.name: must be a name on one line, without spaces around it")]
    [InlineData("min: 1, max: 64}", "min: 0, max: 64}", "4:30: resource.min: must be at least 1E-09, but is 0")]
    [InlineData("min: 1, max: 64}", "min: 65, max: 64}", "4:39: resource.max: must be at least min, 65, but is 64")]
    [InlineData("min: 1, max: 64}", "min: 1, max: .inf}", "4:38: resource.max: must be a finite number, but is .inf")]
    [InlineData("min: 1, max: 64}", "min: 1, max: .nan}", "4:38: resource.max: must be a finite number, but is .nan")]
    [InlineData("min: 1, max: 64}", "min: 1, max: 1e16}", "4:38: resource.max: must be at most 1000000000000000, but is 1e16")]
    [InlineData("min: 1, max: 64}", "min: 1}", "4:11: resource.max: is missing")]
    [InlineData("min: 1, max: 64}", "max_epochs: 64, grace_period: 1}",
        "4:25: resource.max_epochs: unknown key; in Asha this is 'max'|4:41: resource.grace_period: unknown key; in Asha this is 'min'")]
    [InlineData("max: 64}", "max: 64.5, integral: true}", "4:38: resource.max: must be a whole number where the resource is integral, but is 64.5")]
    [InlineData("max: 64}", "max: 64, integral: yes}", "4:52: resource.integral: must be true or false, but is 'yes'")]
    [InlineData("reduction-factor: 4", "reduction-factor: 1", "5:43: scheduler.reduction-factor: must be at least 2, but is 1")]
    [InlineData("reduction-factor: 4", "reducton-factor: 4", "5:25: scheduler.reducton-factor: unknown key; did you mean 'reduction-factor'?")]
    [InlineData("reduction-factor: 4", "eta: 4", "5:25: scheduler.eta: unknown key; in Asha this is 'reduction-factor'")]
    [InlineData("reduction-factor: 4", "max_t: 4", "5:25: scheduler.max_t: unknown key; in Asha this is 'resource.max'")]
    [InlineData("trials: 64}", "trials: 10000001}", "5:54: scheduler.trials: must be at most 10000000, but is 10000001")]
    [InlineData("trials: 64}", "trials: 99999999999999999999999}", "5:54: scheduler.trials: must be at most 10000000, but is 99999999999999999999999")]
    [InlineData("type: asha", "type: ahsa", "5:19: scheduler.type: must be one of asha, sha, stopping, but is 'ahsa'; did you mean 'asha'?")]
    [InlineData("log-uniform, min: 0.0001", "log-uniform, min: 0", "7:43: space.learning-rate.min: must be more than 0 on a logarithmic scale, but is 0")]
    [InlineData("log-uniform, min: 0.0001", "log-uniform, low: 0.0001",
        "7:38: space.learning-rate.low: unknown key; in Asha this is 'min'")]
    [InlineData("log-uniform", "loguniform", "7:25: space.learning-rate.type: must be one of uniform, log-uniform, int, log-int, choice, ordinal, boolean, constant, but is 'loguniform'; in Asha this is 'log-uniform'")]
    [InlineData("min: 16, max: 256", "min: 256, max: 16", "8:42: space.hidden.max: must be more than min, 256, but is 16")]
    [InlineData("min: 16, max: 256", "min: 16, max: 16", "8:41: space.hidden.max: must be more than min, 16, but is 16; for a single value use {type: constant, value: ...}")]
    [InlineData("min: 16, max: 256", "min: 0, max: 256", "8:32: space.hidden.min: must be at least 1, but is 0")]
    [InlineData("min: 16, max: 256", "min: 16, max: 9007199254740993", "8:41: space.hidden.max: must be at most 9007199254740992, but is 9007199254740993")]
    [InlineData("[sgd, adam]", "[]", "9:37: space.optimizer.values: must have at least one value")]
    [InlineData("[sgd, adam]", "[sgd, adam, sgd]", "9:49: space.optimizer.values[2]: sgd occurs twice")]
    [InlineData("[sgd, adam]", "[sgd, adam, 1, 1.0]", "9:52: space.optimizer.values[3]: 1 occurs twice")]
    [InlineData("[sgd, adam]", "[sgd, adam, [1]]", "9:49: space.optimizer.values[2]: must be a number, a text or a boolean, but is a list")]
    [InlineData("[sgd, adam]", "[sgd, adam, .nan]", "9:49: space.optimizer.values[2]: must be a finite number, but is .nan")]
    [InlineData("[sgd, adam]", "[sgd, adam, ~]", "9:49: space.optimizer.values[2]: has no value; must be a number, a text or a boolean")]
    [InlineData("{type: choice, values: [sgd, adam]}", "[sgd, adam]", "9:14: space.optimizer: must be a map such as {type: uniform, min: 0, max: 1}, but is a list")]
    [InlineData("when: {optimizer: sgd}", "when: {optimiser: sgd}", "10:55: space.momentum.when.optimiser: there is no such parameter; did you mean 'optimizer'?")]
    [InlineData("when: {optimizer: sgd}", "when: {optimizer: sdg}", "10:66: space.momentum.when.optimizer: 'optimizer' is never the text 'sdg', only sgd, adam")]
    [InlineData("when: {optimizer: sgd}", "when: {optimizer: []}", "10:66: space.momentum.when.optimizer: must have at least one value")]
    [InlineData("when: {optimizer: sgd}", "when: {optimizer: [sgd, 1]}", "10:72: space.momentum.when.optimizer[1]: 'optimizer' is never 1, only sgd, adam")]
    [InlineData("when: {optimizer: sgd}", "when: {}", "10:54: space.momentum.when: names no parameter; give one, or remove it")]
    [InlineData("when: {optimizer: sgd}", "when: {learning-rate: 1}",
        "10:55: space.momentum.when.learning-rate: 'learning-rate' is a continuum, on which nothing can depend; it must be of type int, log-int, choice, ordinal, boolean or constant")]
    [InlineData("when: {optimizer: sgd}", "when: {hidden: 300}", "10:63: space.momentum.when.hidden: 'hidden' is never 300, only a whole number from 16 to 256")]
    [InlineData("[sgd, adam]}", "[sgd, adam], when: {momentum: 1}}",
        "9:57: space.optimizer.when.momentum: 'momentum' is a continuum, on which nothing can depend; it must be of type int, log-int, choice, ordinal, boolean or constant"
        + "|10:55: space.momentum.when.optimizer: 'optimizer' depends on itself: optimizer needs momentum needs optimizer")]
    [InlineData("hidden: {", "Learning_Rate: {", "8:3: space.Learning_Rate: 'learning-rate' and it would both be ASHA_PARAM_LEARNING_RATE in a trial's environment; rename one|11:33: initial[0].hidden: there is no such parameter in space; known here: learning-rate, Learning_Rate, optimizer, momentum|11:11: initial[0].Learning_Rate: is missing")]
    [InlineData("hidden: 64, ", "", "11:11: initial[0].hidden: is missing")]
    [InlineData("hidden: 64, ", "hiden: 64, ", "11:33: initial[0].hiden: there is no such parameter in space; did you mean 'hidden'?")]
    [InlineData("hidden: 64, ", "hidden: 15, ", "11:41: initial[0].hidden: must be a whole number from 16 to 256, but is 15")]
    [InlineData("hidden: 64, ", "hidden: 64.5, ", "11:41: initial[0].hidden: must be a whole number from 16 to 256, but is 64.5")]
    [InlineData("optimizer: adam}", "optimizer: sgd}", "11:11: initial[0].momentum: is missing")]
    [InlineData("optimizer: adam}", "optimizer: adam, momentum: 0.5}", "11:72: initial[0].momentum: is not active here: it needs 'optimizer' to be sgd; leave it out")]
    [InlineData("optimizer: adam}", "optimizer: adan}", "11:56: initial[0].optimizer: must be sgd, adam, but is the text 'adan'")]
    [InlineData("optimizer: adam}]", "optimizer: adam}, {optimizer: adam, hidden: 64.0, learning-rate: 1e-2}]", "11:63: initial[1]: is the same as initial[0]")]
    [InlineData("command: [dotnet, ", "command: [dotnet, {hidden}, ", "14:21: trial.command[1]: needs quotes: \"{hidden}\"")]
    [InlineData("\"{learning-rate}\"", "\"{learning_rate}\"", "14:38: trial.command[3]: unknown placeholder '{learning_rate}'; did you mean 'learning-rate'?")]
    [InlineData("\"{learning-rate}\"", "\"{seed}\"", "14:38: trial.command[3]: unknown placeholder '{seed}'; did you mean 'asha:seed'?")]
    [InlineData("\"{learning-rate}\"", "\"{asha:sed}\"", "14:38: trial.command[3]: unknown placeholder '{asha:sed}'; did you mean 'asha:seed'?")]
    [InlineData("\"{learning-rate}\"", "\"{{x}} {{{hidden}}} {\"", "14:38: trial.command[3]: a brace stands alone; write '{{' or '}}' for a brace")]
    [InlineData("\"{learning-rate}\"", "\"}\"", "14:38: trial.command[3]: a brace stands alone; write '{{' or '}}' for a brace")]
    [InlineData("[dotnet, trial.dll, --lr, \"{learning-rate}\"]", "python train.py",
        "14:12: trial.command: must be a list such as [python, train.py, --lr, \"{learning-rate}\"], one argument an element: there is no shell, but is 'python train.py'")]
    [InlineData("[dotnet, trial.dll, --lr, \"{learning-rate}\"]", "[]", "14:12: trial.command: must name a program")]
    [InlineData("[dotnet, trial.dll, --lr, \"{learning-rate}\"]", "[\"\"]", "14:13: trial.command[0]: must name a program, but is empty")]
    [InlineData("[dotnet, trial.dll, --lr, \"{learning-rate}\"]", "[\"a\\0\"]", "14:13: trial.command[0]: must not hold the character NUL or half a character")]
    [InlineData("directory: .", "directory: /no/such", "15:14: trial.directory: the folder '/no/such' does not exist")]
    [InlineData("OMP_NUM_THREADS: \"1\"", "OMP-THREADS: secret", "16:9: trial.env.OMP-THREADS: the name of a variable is a letter or '_', then letters, digits and '_'")]
    [InlineData("OMP_NUM_THREADS: \"1\"", "ASHA_SEED: 1", "16:9: trial.env.ASHA_SEED: variables that begin with ASHA_ are set by Asha")]
    [InlineData("gpus: 0", "gpus: -1", "17:9: trial.gpus: must be at least 0, but is -1")]
    [InlineData("max-attempts: 3", "max-retries: 3", "18:3: trial.max-retries: unknown key; in Asha this is 'max-attempts'")]
    [InlineData("time-limit: 10m\n", "checkpoint-budget: 10\n", "19:22: trial.checkpoint-budget: must be a size such as 500MB, 10GB or 2TiB, or none, at most 1000PB, but is '10'")]
    [InlineData("time-limit: 10m\n", "checkpoint-budget: 1001PB\n", "19:22: trial.checkpoint-budget: must be a size such as 500MB, 10GB or 2TiB, or none, at most 1000PB, but is '1001PB'")]
    [InlineData("time-limit: 10m\n", "time-limit: 10\n", "19:15: trial.time-limit: must be a duration such as 500ms, 90s, 10m or 1h30m, but is '10'")]
    [InlineData("time-limit: 10m\n", "time-limit: 0s\n", "19:15: trial.time-limit: must be more than 0 and at most 3650d, but is '0s'")]
    [InlineData("time-limit: 10m\n", "time-limit: 999999999999d\n", "19:15: trial.time-limit: must be more than 0 and at most 3650d, but is '999999999999d'")]
    [InlineData("cpus: 2", "cpus: -1", "23:9: trial.cpus: must be at least 0, but is -1")]
    [InlineData("memory: 4GiB", "memory: 4", "24:11: trial.memory: must be a size such as 500MB, 4GiB or 1TB, at most 1000PB, but is '4'")]
    [InlineData("labels: [fast, ssd]", "labels: {a: b}", "25:11: trial.labels: must be a text, but is a map")]
    [InlineData("open-files: 64", "open-files: 7", "26:38: trial.limits.open-files: must be at least 8, but is 7")]
    [InlineData("processes: 500", "procs: 500", "26:42: trial.limits.procs: unknown key; known here: memory, open-files, processes, cpu-seconds")]
    [InlineData("{memory: 3GiB, open-files: 64, processes: 500, cpu-seconds: 3600}", "{}", "26:11: trial.limits: names no limit; give memory, open-files, processes or cpu-seconds, or remove it")]
    [InlineData("slots: 2", "slots: 0", "28:8: slots: must be at least 1, but is 0")]
    [InlineData("slots: 2", "max_concurrent_trials: 2", "28:1: max_concurrent_trials: unknown key; in Asha this is 'slots'")]
    [InlineData("after: 2h", "afer: 2h", "29:8: stop.afer: unknown key; did you mean 'after'?")]
    [InlineData("resource: 20000", "resource: 0", "29:43: stop.resource: must be more than 0")]
    [InlineData("{after: 2h, trials: 1000, resource: 20000, metric: 0.02, hopeless: 20}", "{}", "29:7: stop: names no condition; give after, trials, resource, metric or hopeless, or remove it")]
    [InlineData("hopeless: 20", "hopeless: 0", "29:74: stop.hopeless: must be at least 1, but is 0")]
    [InlineData("out-of-memory: 1", "oom: 1", "21:27: trial.max-attempts-by-fault.oom: unknown key; known here: out-of-memory, crash, time-out, bad-report")]
    [InlineData("crash: 3", "crash: 0", "21:52: trial.max-attempts-by-fault.crash: must be at least 1, but is 0")]
    [InlineData("{out-of-memory: 1, crash: 3, time-out: 2, bad-report: 1}", "2", "21:26: trial.max-attempts-by-fault: must be a map such as {out-of-memory: 1, crash: 3, time-out: 2, bad-report: 1}, but is '2'")]
    [InlineData("{out-of-memory: 1, crash: 3, time-out: 2, bad-report: 1}", "{}", "21:26: trial.max-attempts-by-fault: names no kind of fault; give out-of-memory, crash, time-out or bad-report, or remove it")]
    [InlineData("quarantine: 4", "quarantine: 1", "27:15: trial.quarantine: must be at least 2, as one trial may be at fault itself, or 0 for never, but is 1")]
    [InlineData("first: 2s", "first: 0s", "22:27: trial.retry-back-off.first: must be more than 0 and at most 3650d, but is '0s'")]
    [InlineData("most: 5m", "most: 1s", "22:48: trial.retry-back-off.most: must be at least 2s, the first wait, but is 1s")]
    [InlineData("factor: 3", "factor: 0.5", "22:39: trial.retry-back-off.factor: must be at least 1, but is 0.5")]
    [InlineData("jitter: 0.25", "jitter: 1.5", "22:60: trial.retry-back-off.jitter: must be at most 1, but is 1.5")]
    [InlineData("{first: 2s, factor: 3, most: 5m, jitter: 0.25}", "soon", "22:19: trial.retry-back-off: must be a duration such as 500ms, 90s, 10m or 1h30m, but is 'soon'")]
    public void A_mistake_is_told_with_its_place(string right, string wrong, string expected)
    {
        Assert.Contains(right, Files.Full, StringComparison.Ordinal);

        Assert.Equal(expected.Split('|').Order(), Files.Problems(Replaced(right, wrong)).Order());
    }

    [Theory]
    [InlineData("scheduler: {trials: 16}", "scheduler: {type: asha}", "4:1: scheduler.trials: is missing: nothing would end this experiment; give it, or stop with at least one condition")]
    [InlineData("scheduler: {trials: 16}\n", "", "1:1: scheduler.trials: is missing: nothing would end this experiment; give it, or stop with at least one condition")]
    [InlineData("epoch, max: 64}\nscheduler: {trials: 16}", "epoch, min: 1, max: 1e9}\nscheduler: {type: sha}",
        "4:1: scheduler.trials: a full bracket would have more than 10000000 trials; give a number of trials")]
    [InlineData("scheduler: {trials: 16}", "scheduler: {num-trials: 16}", "4:13: scheduler.num-trials: unknown key; in Asha this is 'trials'")]
    [InlineData("scheduler: {trials: 16}", "scheduler: {trails: 16}", "4:13: scheduler.trails: unknown key; did you mean 'trials'?")]
    [InlineData("scheduler: {trials: 16}", "num_samples: 16", "4:1: num_samples: unknown key; in Asha this is 'scheduler.trials'")]
    [InlineData("scheduler: {trials: 16}", "sheduler: {trials: 16}", "4:1: sheduler: unknown key; did you mean 'scheduler'?")]
    [InlineData("scheduler: {trials: 16}", "stopp: {after: 2h}", "4:1: stopp: unknown key; did you mean 'stop'?")]
    [InlineData("scheduler: {trials: 16}", "timeout: 2h", "4:1: timeout: unknown key; in Asha this is 'stop.after'")]
    [InlineData("scheduler: {trials: 16}", "stop: {afer: 2h}", "4:8: stop.afer: unknown key; did you mean 'after'?")]
    [InlineData("scheduler: {trials: 16}", "scheduler: {trils: 16, kind: asha}", "4:13: scheduler.trils: unknown key; did you mean 'trials'?|4:24: scheduler.kind: unknown key; known here: type, reduction-factor, trials, repeat, most-trials")]
    [InlineData("metric: {name: loss, mode: min}", "objective: {name: loss, mode: min}", "2:1: objective: unknown key; in Asha this is 'metric'")]
    [InlineData("name: small\nmetric: {name: loss, mode: min}\nresource: {name: epoch, max: 64}", "metric: {name: loss, mode: min}\nresource: {unit: epoch, max: 64}",
        "1:1: name: is missing|2:12: resource.unit: unknown key; in Asha this is 'name'")]
    [InlineData("resource: {name: epoch, max: 64}", "resource: {name: epoch, maximal: 64}", "3:11: resource.max: is missing|3:25: resource.maximal: unknown key; known here: name, max, min, integral")]
    [InlineData("command: [train]", "command: [train]\n  gpus: 1", "9:9: trial.gpus: a trial needs 1, but there are none: so it was said; say more")]
    [InlineData("command: [train]", "command: [train]\n  gpus: 1\n  env: {CUDA_VISIBLE_DEVICES: 0}\nslots: 1", "9:9: trial.gpus: a trial needs 1, but there are none: so it was said; say more|10:9: trial.env.CUDA_VISIBLE_DEVICES: is set by Asha where trial.gpus is not 0")]
    [InlineData("  x: {type: uniform, min: 0, max: 1}", "  {}", "6:3: space: must have at least one parameter")]
    [InlineData("  x: {type: uniform, min: 0, max: 1}", "  a.b: {type: boolean}", "6:3: space.a.b: the name of a parameter is a letter or '_', then letters, digits, '-' and '_', at most 64 in all")]
    [InlineData("  x: {type: uniform, min: 0, max: 1}", "  x: {type: boolean, when: {y: true}}\n  y: {type: boolean, when: {x: true}}",
        "7:29: space.y.when.x: 'x' depends on itself: x needs y needs x")]
    [InlineData("  x: {type: uniform, min: 0, max: 1}", "  x: {type: boolean, when: {x: true}}", "6:29: space.x.when.x: 'x' depends on itself: x needs x")]
    [InlineData("space:\n  x: {type: uniform, min: 0, max: 1}\n", "", "1:1: space: is missing")]
    [InlineData("metric: {name: loss, mode: min}", "metric: {name: loss, mode: min}\nbrackets: 3", "3:1: brackets: unknown key; known here: name, seed, metric, resource, stop, scheduler, space, initial, trial, slots")]
    public void A_mistake_in_a_small_file_is_told_with_its_place(string right, string wrong, string expected)
    {
        Assert.Contains(right, Files.Small, StringComparison.Ordinal);

        Assert.Equal(expected.Split('|').Order(), Files.Problems(Files.Small.Replace(right, wrong)).Order());
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_together_in_its_order()
    {
        Assert.Equal([
            "1:1: trial: is missing",
            "1:7: name: must be letters, digits, '-', '_' and '.', not beginning with '.', but is 'my digits'",
            "2:9: metric.mode: is missing",
            "3:39: resource.max: must be at least min, 10, but is 1",
            "4:13: scheduler.eta: unknown key; in Asha this is 'reduction-factor'",
            "6:35: space.a.max: must be more than min, 1, but is 0",
            "7:13: space.b.type: must be one of uniform, log-uniform, int, log-int, choice, ordinal, boolean, constant, but is 'unifrom'; did you mean 'uniform'?",
            "8:29: space.c.when.d: there is no such parameter; known here: a, b, c",
            "9:1: command: unknown key; in Asha this is 'trial.command'",
            "11:1: slots: occurs twice; first on line 10",
        ], Files.Problems("""
            name: my digits
            metric: {name: loss}
            resource: {name: epoch, min: 10, max: 1}
            scheduler: {eta: 1, trials: 16}
            space:
              a: {type: uniform, min: 1, max: 0}
              b: {type: unifrom, min: 0, max: 1, when: {a: 1}}
              c: {type: boolean, when: {d: 1}}
            command: [train]
            slots: 1
            slots: 2
            """));
    }

    /// <summary>Where the same stands in several places, the first in the file is meant.</summary>
    private static string Replaced(string right, string wrong)
    {
        var at = Files.Full.IndexOf(right, StringComparison.Ordinal);
        return string.Concat(Files.Full.AsSpan(0, at), wrong, Files.Full.AsSpan(at + right.Length));
    }
}
