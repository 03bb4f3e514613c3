using System.Text.Json;
using Asha.Tuning;

namespace Asha.Host.Tests.Cli;

/// <summary>The commands on the folder of a run that a .NET program made, one trial of which ignored its cancellation.</summary>
public sealed class ProgramRunTests
{
    [Fact]
    public async Task Every_command_reads_it()
    {
        using var box = new CliSandbox();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var space = new SearchSpace();
        var x = space.Uniform("x", 0, 1);
        var result = await Tuner.RunAsync(
            new TuningOptions
            {
                Name = "program",
                Space = space,
                Metric = Metric.Minimize("loss"),
                Resource = new Resource("epoch", 4) { Min = 1 },
                Scheduler = Scheduler.Asha(trials: 8),
                Slots = 2,
                TimeLimit = TimeSpan.FromMilliseconds(200),
                CancellationGrace = TimeSpan.FromMilliseconds(100),
                RunsFolder = box.Runs,
            },
            (trial, _) =>
            {
                if (trial.Number == 3)
                    return gate.Task;
                if (trial.Number == 2)
                    trial.Log.WriteLine("hello");
                trial.Report(trial.Target, trial.Get(x));
                return Task.CompletedTask;
            });
        gate.SetResult();
        Assert.Equal(box.Run, result.Folder);
        var best = result.Best!.Number;

        Assert.Contains("completed", (await box.Asha("ls", "--runs", box.Runs)).Exits(0).Out);
        var shown = (await box.Asha("show", box.Run)).Exits(0).Out;
        Assert.Contains($"best: trial {best}, loss ", shown);
        Assert.Contains("was given up after ", shown);
        Assert.Contains("trial 3 did not end within 0.1 s of being told to", shown);
        var summary = JsonDocument.Parse((await box.Asha("show", box.Run, "--json")).Exits(0).Out).RootElement;
        Assert.Equal((1, result.Jobs), (summary.GetProperty("retiredSlots").GetInt32(), summary.GetProperty("jobs").GetInt32()));
        Assert.Equal(result.Best.Best!.Value.Metric, JsonDocument.Parse((await box.Asha("best", box.Run, "--json")).Exits(0).Out).RootElement.GetProperty("metric").GetDouble());
        Assert.Equal(9, (await box.Asha("trials", box.Run, "--csv")).Exits(0).Out.Count(character => character == '\n'));
        Assert.Contains("hello", (await box.Asha("logs", box.Run, "2")).Exits(0).Out);
        Assert.Contains("trial 1 has logged nothing", (await box.Asha("logs", box.Run, "1")).Exits(2).Error);
        (await box.Asha("plot", box.Run)).Exits(0);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(box.Run, "plots")));
    }
}
