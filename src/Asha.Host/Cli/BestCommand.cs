using System.CommandLine;
using Asha.Host.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha best DIR</c>: the best configuration, for people or for the next program.</summary>
internal static class BestCommand
{
    public static Command Create()
    {
        var command = new Command("best", "Prints the best configuration of a run.");
        var options = new RunOptions();
        options.AddTo(command);
        options.Server.AddTo(command);
        command.SetAction((parsed, cancel) => options.TellAsync(parsed, source =>
        {
            var record = source.Read();
            if (RunSummary.Of(record).Best is not { } best)
            {
                Console.Error.WriteLine("asha: no trial has a finite result yet");
                return ExitCode.Failed;
            }
            var checkpoint = source.BestCheckpoint(record);
            if (options.Json(parsed))
            {
                Console.Out.WriteLine((best with { Checkpoint = checkpoint }).ToJson());
                return ExitCode.Done;
            }
            var spec = record.State.Spec;
            Console.Out.WriteLine(Output.Clean($"trial {best.Trial}: {spec.Metric.Name} {best.Metric:R} at {best.Resource:R} {spec.Resource.Name}"));
            foreach (var (name, value) in record.State.Trials[best.Trial].Parameters.Values)
                Console.Out.WriteLine(Output.Clean($"  {name}: {value}"));
            Console.Out.WriteLine($"  seed of the trial: {best.Seed}");
            if (checkpoint is not null)
                Console.Out.WriteLine(Output.Clean($"  checkpoint: {checkpoint}"));
            return ExitCode.Done;
        }, cancel));
        return command;
    }
}
