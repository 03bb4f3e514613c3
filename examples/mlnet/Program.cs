using Asha.Examples.MLNet;
using Asha.Tuning;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

// Which maximum-entropy model of ML.NET reads handwritten digits best, and on which features?
var trials = 64;
if (args.Length > 1 && !int.TryParse(args[1], out trials))
{
    Console.Error.WriteLine($"'{args[1]}' is not a number of trials. Usage: mlnet [runs folder] [trials]");
    return 2;
}
var ml = new MLContext();
var digits = Digits.Load(ml);
var space = new SearchSpace();
var l1 = space.LogUniform("l1", 1e-5, 1);
var l2 = space.LogUniform("l2", 1e-5, 1);
var kernel = space.Boolean("kernel");
var rank = space.LogInt("rank", 50, 1000, when: kernel.Is(true));
var gamma = space.LogUniform("gamma", 0.05, 5, when: kernel.Is(true));

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
        Name = "mlnet",
        Space = space,
        Metric = Metric.Minimize("validation-log-loss"),
        Resource = new Resource("iteration", Max: 64) { Min = 4 },
        Scheduler = Scheduler.Asha(trials),
        RunsFolder = args.Length > 0 ? args[0] : "runs",
    },
    Train,
    interrupt.Token);

Console.WriteLine($"{result.Outcome}: {result.Trials.Count} trials, {result.Jobs} jobs, {result.Attempts} attempts in {result.Duration.TotalSeconds:0.0} s, slots busy {result.Utilization:P0}");
if (result.Best is not { Best: { } measured, Checkpoint: { } checkpoint } best)
    return 1;
Console.WriteLine($"best: trial {best.Number}, validation log-loss {measured.Metric:0.000} after {measured.Resource} iterations");
Console.WriteLine($"      {best.Parameters}");
var unseen = ml.MulticlassClassification.Evaluate(ml.Model.Load(checkpoint, out _).Transform(digits.Test));
Console.WriteLine($"      accuracy on images that no trial has seen: {unseen.MicroAccuracy:P1}");
return 0;

Task Train(Trial trial, CancellationToken cancel)
{
    // A context of its own: what its seed draws does not depend on the trials that run beside this one.
    var ml = new MLContext(seed: (int)trial.Seed);
    // A checkpoint is a model file of ML.NET: the steps that prepare the images, and last the trained weights.
    ITransformer[] saved = trial.ResumeFrom is { } path ? [.. (TransformerChain<ITransformer>)ml.Model.Load(path, out _)] : [];
    var preparation = saved is [.. var steps, _] ? new TransformerChain<ITransformer>(steps) : Preparation(ml, trial).Fit(digits.Training);
    var weights = saved is [.., var last] ? (MaximumEntropyModelParameters)((ISingleFeaturePredictionTransformer<object>)last).Model : null;
    var (training, validation) = (ml.Data.Cache(preparation.Transform(digits.Training)), ml.Data.Cache(preparation.Transform(digits.Validation)));
    for (var done = (int)trial.Start; done < trial.Target;)
    {
        // Nothing ends a Fit before it is done: train in steps, and look at the token between them. A step keeps the weights, but learns the curvature anew, so that many short ones get less far.
        cancel.ThrowIfCancellationRequested();
        var options = new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            MaximumNumberOfIterations = Math.Min(16, (int)trial.Target - done),
            L1Regularization = (float)trial.Get(l1),
            L2Regularization = (float)trial.Get(l2),
            NumberOfThreads = 1, // As many trials as there are cores run at a time.
        };
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options);
        var model = weights is null ? trainer.Fit(training) : trainer.Fit(training, weights);
        (weights, done) = (model.Model, done + options.MaximumNumberOfIterations);
        var file = Path.Combine(trial.CheckpointFolder, $"{done}.zip");
        ml.Model.Save(new TransformerChain<ITransformer>([.. preparation, model]), digits.Training.Schema, file);
        trial.Report(done, ml.MulticlassClassification.Evaluate(model.Transform(validation)).LogLoss, checkpoint: file);
    }
    return Task.CompletedTask;
}

// Digits become keys, as the trainer wants them; a linear model reads the pixels, or random features of a Gaussian kernel.
IEstimator<TransformerChain<ITransformer>> Preparation(MLContext ml, Trial trial)
{
    IEstimator<ITransformer> features = trial.Get(kernel)
        ? ml.Transforms.ApproximatedKernelMap("Features", nameof(Digit.Pixels), trial.Get(rank), generator: new GaussianKernel((float)trial.Get(gamma)))
        : ml.Transforms.CopyColumns("Features", nameof(Digit.Pixels));
    return new EstimatorChain<ITransformer>().Append(ml.Transforms.Conversion.MapValueToKey("Label", nameof(Digit.Shows))).Append(features);
}
