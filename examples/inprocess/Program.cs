using Asha.Examples.InProcess;
using Asha.Tuning;

// Which softmax regression reads handwritten digits best? Every trial is a call of Train, in this process.
var digits = Digits.Load();
var space = new SearchSpace();
var rate = space.LogUniform("learning-rate", 1e-4, 1);
var decay = space.LogUniform("weight-decay", 1e-6, 1e-1);
var optimizer = space.Choice("optimizer", [Optimizer.Plain, Optimizer.Momentum]);
var momentum = space.Uniform("momentum", 0.5, 0.99, when: optimizer.Is(Optimizer.Momentum));

// Ctrl-C ends the run with what was found; a second one ends the program.
using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

var result = await Tuner.RunAsync(
    new TuningOptions
    {
        Name = "inprocess",
        Space = space,
        Metric = Metric.Minimize("validation-error"),
        Resource = new Resource("epoch", Max: 64),
        Scheduler = Scheduler.Asha(trials: 64),
        RunsFolder = args.Length > 0 ? args[0] : "runs",
        Progress = new ProgressLines(),
    },
    Train,
    interrupt.Token);

Console.WriteLine($"{result.Outcome}: {result.Trials.Count} trials, {result.Jobs} jobs, {result.Attempts} attempts in {result.Duration.TotalSeconds:0.0} s, slots busy {result.Utilization:P0}");
if (result.Best is not { Best: { } measured, Checkpoint: { } checkpoint } best)
    return 1;
Console.WriteLine($"best: trial {best.Number}, validation error {measured.Metric:P1} after {measured.Resource} epochs");
Console.WriteLine($"      {best.Parameters}");
Console.WriteLine($"      on images that no trial has seen: {SoftmaxRegression.Load(checkpoint).ErrorRate(digits.Test):P1}");
return 0;

Task Train(Trial trial, CancellationToken cancel)
{
    var model = trial.ResumeFrom is { } saved ? SoftmaxRegression.Load(saved) : new SoftmaxRegression();
    for (var epoch = (int)trial.Start + 1; epoch <= trial.Target; epoch++)
    {
        cancel.ThrowIfCancellationRequested();
        model.TrainEpoch(digits.Training, new Random((int)trial.Seed + epoch), trial.Get(rate), trial.Get(decay), trial.Get(momentum, otherwise: 0));
        var error = model.ErrorRate(digits.Validation);
        if (epoch < trial.Target)
        {
            trial.Report(epoch, error);
            continue;
        }
        var file = Path.Combine(trial.CheckpointFolder, "weights.bin");
        model.Save(file);
        trial.Report(epoch, error, checkpoint: file);
    }
    return Task.CompletedTask;
}

namespace Asha.Examples.InProcess
{
    internal enum Optimizer { Plain, Momentum }

    internal sealed class ProgressLines : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value)
        {
            if (value.Kind is not TuningProgressKind.Result)
                Console.WriteLine(value);
        }
    }
}
