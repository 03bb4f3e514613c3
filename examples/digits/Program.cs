using System.Text.Json;
using MathNet.Numerics;

namespace Asha.Examples.Digits;

/// <summary><c>train</c> is what asha starts; <c>evaluate</c> is for the winner.</summary>
internal static class Program
{
    private const string Usage = """
        digits train [--shuffle-labels]
            Trains as the ASHA_… environment variables say.
        digits evaluate --params FILE (--epochs N --seed N | --checkpoint FILE) [--shuffle-labels]
            Trains in full, or reads a checkpoint, and prints the accuracy on validation and test images.
        """;

    /// <summary>A checkpoint at every fourth epoch: a failure costs at most that, and a long training leaves 16 files.</summary>
    private const int CheckpointInterval = 4;

    public static int Main(string[] arguments)
    {
        // Slots share the machine: a trial that took every core would slow down its neighbours. The managed provider, even where
        // a native one is installed, because a checkpoint may be resumed on another machine.
        Control.UseManaged();
        Control.UseSingleThread();
        try
        {
            var options = Options.Parse(arguments);
            switch (options.Command)
            {
                case "train":
                    Train(options);
                    return 0;
                case "evaluate":
                    Evaluate(options);
                    return 0;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or JsonException or FormatException)
        {
            Console.Error.WriteLine(problem.Message);
            return 1;
        }
    }

    private static void Train(Options options)
    {
        TrialProtocol.ExitWhenAshaIsGone();
        var data = Dataset.Load(options.ShuffleLabels);
        var training = new Training(HyperParameters.Read(TrialProtocol.ParametersFile), TrialProtocol.Seed, data.Training);
        if (TrialProtocol.ResumeFrom is { } path)
            Checkpoint.Load(path, training);
        if (training.Epoch != TrialProtocol.StartEpoch)
            throw new InvalidDataException($"Told to start at epoch {TrialProtocol.StartEpoch}, but the checkpoint is of {training.Epoch}.");

        var target = TrialProtocol.TargetEpoch;
        while (training.Epoch < target)
        {
            var loss = training.RunEpoch();
            var error = training.Network.ErrorRate(data.Validation);
            if (!double.IsFinite(loss) || !double.IsFinite(error))
            {
                // More epochs would change nothing about it, so this is the result at the target as well.
                TrialProtocol.Report(target, double.NaN);
                return;
            }
            string? checkpoint = null;
            if (training.Epoch % CheckpointInterval == 0 || training.Epoch == target)
            {
                checkpoint = $"epoch-{training.Epoch}.bin";
                Checkpoint.Save(Path.Combine(TrialProtocol.CheckpointFolder, checkpoint), training);
            }
            TrialProtocol.Report(training.Epoch, error, checkpoint);
        }
    }

    private static void Evaluate(Options options)
    {
        var data = Dataset.Load(options.ShuffleLabels);
        var training = new Training(HyperParameters.Read(options.Needed("--params")), options.Seed, data.Training);
        if (options.Optional("--checkpoint") is { } path)
            Checkpoint.Load(path, training);
        else
            for (var epochs = int.Parse(options.Needed("--epochs")); training.Epoch < epochs;)
                training.RunEpoch();

        Console.WriteLine($"epochs: {training.Epoch}");
        Console.WriteLine($"validation-accuracy: {1 - training.Network.ErrorRate(data.Validation):F4}");
        Console.WriteLine($"test-accuracy: {1 - training.Network.ErrorRate(data.Test):F4}");
    }
}
