using System.CommandLine;
using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
using Asha.Host.Runs;
using Asha.Host.Tuning;
using Asha.Host.View;
using Asha.Tuning.Runs;
using Serilog;
using Serilog.Extensions.Logging;

namespace Asha.Host.Cli;

/// <summary><c>asha tune FILE</c>: prepares, tunes, and says what was found.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        var options = new ExperimentOptions();
        var runs = RunsOption();
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, and nothing else; progress goes to standard error." };
        var plain = new Option<bool>("--plain") { Description = "Plain lines, also on a terminal: no live view." };
        var command = new Command("tune", "Runs an experiment on this machine.") { runs, json, plain };
        options.AddTo(command);
        command.SetAction((parsed, _) => TuneAsync(options.Read(parsed), parsed.GetRequiredValue(runs), parsed.GetValue(json), parsed.GetValue(plain)));
        return command;
    }

    /// <summary>Where runs are kept.</summary>
    public static Option<string> RunsOption()
    {
        var runs = new Option<string>("--runs") { Description = "The folder that holds the runs.", DefaultValueFactory = _ => "runs" };
        runs.Validators.Add(PathArgument.Check);
        return runs;
    }

    private static async Task<int> TuneAsync(ExperimentSpec spec, string runs, bool json, bool plain)
    {
        var progress = json ? Console.Error : Console.Out;
        var (folder, hold) = RunFolder.Create(runs, spec.Name, DateTimeOffset.UtcNow);
        using var held = hold;
        using var interrupt = new CancellationTokenSource();
        var record = new RunRecord { Standings = new(), Bests = new() };
        using var view = ViewTarget.Choose(json ? 2 : 1, plain) is { } terminal ? new LiveView(record, terminal, folder.Path, TimeProvider.System) : null;
        using var signals = new InterruptSignals(interrupt, word => (json ? Console.Error : Console.Out).WriteLine(word), leaving: () => view?.Close());
        await File.WriteAllTextAsync(folder.In("experiment.yaml"), ExperimentFile.Write(spec));
        var token = folder.NewToken();
        progress.WriteLine($"run folder: {folder.Path}");
        CheckCommand.ShowRungs(spec, Output.To(progress));
        CheckCommand.ShowGpus(spec, progress);
        using var log = new LoggerConfiguration().WriteTo.File(folder.In("asha.log")).CreateLogger();
        using var loggers = new SerilogLoggerFactory(log);
        try
        {
            Action<ExperimentEvent> told = view is null ? new ProgressLines(record, progress).Show : view.Told;
            var run = new LocalRun(spec, folder, new ProcessTrialRunner(spec.Trial, folder.Path, folder.Name, token, TimeProvider.System), loggers) { Record = record, Told = told };
            var end = await PrepareAsync(spec, folder, token, progress, interrupt.Token) is { } unprepared
                ? run.EndBeforeStart(unprepared.Outcome, unprepared.Reason)
                : await RunAsync(run, view, interrupt.Token);
            return Finish(folder, end, json, progress);
        }
        finally
        {
            folder.EndLeftovers();
        }
    }

    /// <summary>The view has the terminal while the trials run, and no longer: what is said before and after stays on it.</summary>
    private static async Task<RunEnd> RunAsync(LocalRun run, LiveView? view, CancellationToken interrupt)
    {
        view?.Open();
        try
        {
            return await run.RunAsync(interrupt);
        }
        finally
        {
            view?.Close();
        }
    }

    /// <summary>Runs the preparation, where there is one; how the run ends where it did not succeed.</summary>
    private static async Task<(string Outcome, string Reason)?> PrepareAsync(
        ExperimentSpec spec, RunFolder folder, string token, TextWriter progress, CancellationToken interrupt)
    {
        if (spec.Trial.Prepare.Count == 0)
            return null;
        progress.WriteLine(Output.Clean($"preparing: {string.Join(' ', spec.Trial.Prepare)}"));
        var result = await new PrepareStep(spec.Trial, folder.Path, folder.Name, token, TimeProvider.System).RunAsync(line => progress.WriteLine(Output.Clean($"  {line}")), interrupt);
        if (result.IsSuccess)
            return null;
        if (result.IsStopped)
            return ("interrupted", "while preparing");
        Console.Error.WriteLine(Output.Clean($"asha: the preparation failed, so no trial was started: {result.Detail}"));
        Console.Error.WriteLine($"Its whole output is in {folder.In("logs/prepare.log")}");
        return ("failed", "the preparation failed");
    }

    /// <summary>Where no trial got as far as a result, what the last one printed is most likely what is wrong with all of them.</summary>
    private static void TellOfHopelessness(RunFolder folder, ExperimentState state)
    {
        if (state.FirstFailures == 0 || state.FirstFailures < state.FirstResults || state.LastFailures.Count == 0)
            return;
        var last = state.LastFailures.Values.Where(failed => failed.Last).MaxBy(failed => failed.Time) ?? state.LastFailures.Values.MaxBy(failed => failed.Time)!;
        Console.Error.WriteLine(Output.Clean($"asha: {Words.Count(state.FirstFailures, "trial")} failed for good and none has a result. Trial {last.Trial} failed at the last: {last.Cause}"));
        foreach (var line in last.Detail.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Console.Error.WriteLine(Output.Clean($"  {line}"));
        Console.Error.WriteLine(Output.Clean($"All that it printed: {folder.In($"logs/trial-{last.Trial:D6}.log")}"));
    }

    private static int Finish(RunFolder folder, RunEnd end, bool json, TextWriter progress)
    {
        if (end.Record.State.Spec is null)
        {
            Console.Error.WriteLine($"asha: the engine failed: {end.Failure}");
            return ExitCode.Failed;
        }
        // While it ran, no curves were kept in memory; a journal that failed is not asked again.
        var record = end.Failure is null ? folder.ReadRecord(RunOptions.NewRecord()) : end.Record;
        progress.WriteLine();
        RunReport.Write(record, Output.To(progress), checkpoint: folder.BestCheckpoint(record));
        if (json)
            Console.Out.WriteLine(RunSummary.Of(record).ToJson());
        if (end.Failure is not null)
            Console.Error.WriteLine($"asha: the engine failed: {end.Failure}");
        using (var csv = new StreamWriter(folder.In("trials.csv")))
            TrialsCsv.Write(record.State, record.State.Trials, csv);
        if (end.Failure is not null)
            return ExitCode.Failed;
        TellOfHopelessness(folder, record.State);
        if (end.Record.State.Ended!.Outcome == "interrupted")
            return ExitCode.Interrupted;
        return end.Record.State.Best is null ? ExitCode.Failed : ExitCode.Done;
    }
}
