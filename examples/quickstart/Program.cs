using Asha.Tuning;

var space = new SearchSpace();
var x = space.Uniform("x", -2, 2);
var method = space.Choice("method", ["plain", "damped"]);
var damping = space.LogUniform("damping", 0.01, 1, when: method.Is("damped"));

var result = await Tuner.RunAsync(
    new TuningOptions
    {
        Name = "quickstart",
        Space = space,
        Metric = Metric.Minimize("loss"),
        Resource = new Resource("step", Max: 64),
        Scheduler = Scheduler.Asha(trials: 100),
        RunsFolder = args.Length > 0 ? args[0] : "runs",
    },
    async (trial, cancel) =>
    {
        for (var step = trial.Start + 1; step <= trial.Target; step++)
        {
            await Task.Delay(1, cancel); // Here you would train for one step more.
            var loss = Math.Pow(trial.Get(x) - 0.3, 2) + trial.Get(damping, otherwise: 1) / step;
            trial.Report(step, loss);
        }
    });

Console.WriteLine($"{result.Outcome} after {result.Trials.Count} trials, {result.Jobs} jobs");
if (result.Best is { Best: { } measured } best)
    Console.WriteLine($"best: trial {best.Number}, loss {measured.Metric:0.000} at {measured.Resource} steps: x = {best.Parameters.Get(x):0.000}, {best.Parameters.Get(method)}");
