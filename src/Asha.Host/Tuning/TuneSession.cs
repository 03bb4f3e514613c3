using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Host.Cli;
using Asha.Host.ExperimentFiles;
using Asha.Host.Runs;
using Asha.Host.View;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Serilog;
using Serilog.Extensions.Logging;

namespace Asha.Host.Tuning;

/// <summary>A run at a terminal, from its folder to what was found: begun by <c>tune</c>, or gone on with by <c>resume</c>.</summary>
/// <param name="spec">The experiment.</param>
/// <param name="folder">The run's, held by this process.</param>
/// <param name="journal">The run's.</param>
/// <param name="json">One object on standard output; progress on standard error.</param>
/// <param name="plain">No live view.</param>
internal sealed class TuneSession(ExperimentSpec spec, RunFolder folder, RunJournal journal, bool json, bool plain)
{
    /// <summary>Asked for anew each time: while the view has the terminal, it holds what is said.</summary>
    private TextWriter Progress => json ? Console.Error : Console.Out;

    /// <summary>It is gone on with.</summary>
    public bool Resumes { get; init; }

    /// <summary>Its preparation was done before.</summary>
    public bool IsPrepared { get; init; }

    public async Task<int> RunAsync()
    {
        using var interrupt = new CancellationTokenSource();
        var record = new RunRecord { Standings = new(), Bests = new() };
        using var view = ViewTarget.Choose(json ? 2 : 1, plain) is { } terminal ? new LiveView(record, terminal, folder.Path, TimeProvider.System) : null;
        using var signals = new InterruptSignals(interrupt, word => Progress.WriteLine(word), leaving: () =>
        {
            view?.Close();
            // A pipe that nobody reads keeps nobody here.
            Task.Run(() => Progress.WriteLine($"left at once; {HowToGoOn}")).Wait(TimeSpan.FromSeconds(.5));
        });
        folder.Write("experiment.yaml", ExperimentFile.Write(spec));
        var token = folder.NewToken();
        Progress.WriteLine($"run folder: {folder.Path}{(Resumes ? ", gone on with" : "")}");
        CheckCommand.ShowRungs(spec, Output.To(Progress));
        CheckCommand.ShowGpus(spec, Progress);
        using var log = new LoggerConfiguration().WriteTo.File(folder.In("asha.log")).CreateLogger();
        using var loggers = new SerilogLoggerFactory(log);
        try
        {
            Action<ExperimentEvent> told = view is null ? new ProgressLines(record, Progress).Show : view.Told;
            var run = new LocalRun(spec, folder, journal, new ProcessTrialRunner(spec.Trial, folder.Path, folder.Name, token, TimeProvider.System), loggers)
            {
                Record = record,
                Told = told,
                Noted = note => Progress.WriteLine(Output.Clean($"asha: {note}")),
                Resumes = Resumes,
            };
            var end = await PrepareAsync(token, interrupt.Token) is { } unprepared
                ? run.EndBeforeStart(unprepared.Outcome, unprepared.Reason)
                : await RunAsync(run, view, interrupt.Token);
            return Finish(end);
        }
        finally
        {
            folder.EndLeftovers(token);
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
    private async Task<(string Outcome, string Reason)?> PrepareAsync(string token, CancellationToken interrupt)
    {
        if (spec.Trial.Prepare.Count == 0 || IsPrepared)
            return null;
        Progress.WriteLine(Output.Clean($"preparing: {string.Join(' ', spec.Trial.Prepare)}"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        var outcome = FinalOutcome.Interrupted;
        PrepareResult result;
        using (new RunRequests(folder.Path, asked =>
        {
            outcome = asked;
            stop.Cancel();
        }))
            result = await new PrepareStep(spec.Trial, folder.Path, folder.Name, token, TimeProvider.System).RunAsync(line => Progress.WriteLine(Output.Clean($"  {line}")), stop.Token);
        if (result.IsSuccess)
            return null;
        if (result.IsStopped)
            return (outcome, "while preparing");
        Console.Error.WriteLine(Output.Clean($"asha: the preparation failed, so no trial was started: {result.Detail}"));
        Console.Error.WriteLine($"Its whole output is in {folder.In("logs/prepare.log")}");
        return ("failed", "the preparation failed");
    }

    private int Finish(RunEnd end)
    {
        if (end.Record.State.Spec is null)
        {
            Console.Error.WriteLine(Output.Clean($"asha: the engine failed: {end.Failure}"));
            return ExitCode.Failed;
        }
        // While it ran, no curves were kept in memory; a journal that failed is not asked again.
        var record = end.Failure is null ? folder.ReadRecord(RunOptions.NewRecord()) : end.Record;
        Progress.WriteLine();
        RunReport.Write(record, Output.To(Progress), checkpoint: folder.BestCheckpoint(record));
        if (json)
            Console.Out.WriteLine(RunSummary.Of(record).ToJson());
        if (end.Failure is not null)
            Console.Error.WriteLine(Output.Clean($"asha: the engine failed: {end.Failure}"));
        using (var csv = new StreamWriter(OwnPath.Create(folder.In("trials.csv"))))
            TrialsCsv.Write(record.State, record.State.Trials, csv);
        if (end.Failure is not null)
            return ExitCode.Failed;
        TellOfHopelessness(record.State);
        if (!FinalOutcome.IsFinal(end.Record.State.Ended!))
            Progress.WriteLine(HowToGoOn);
        if (end.Record.State.Ended!.Outcome is FinalOutcome.Interrupted or FinalOutcome.Paused or FinalOutcome.Cancelled)
            return ExitCode.Interrupted;
        return end.Record.State.Best is null || end.Record.State.Ended.Outcome == "failed" ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Where no trial got as far as a result, what the last one printed is most likely what is wrong with all of them.</summary>
    private void TellOfHopelessness(ExperimentState state)
    {
        if (state.FirstFailures == 0 || state.FirstFailures < state.FirstResults || state.LastFailures.Count == 0)
            return;
        var last = state.LastFailures.Values.Where(failed => failed.Last).MaxBy(failed => failed.Time) ?? state.LastFailures.Values.MaxBy(failed => failed.Time)!;
        Console.Error.WriteLine(Output.Clean($"asha: {Words.Count(state.FirstFailures, "trial")} failed for good and none has a result. Trial {last.Trial} failed at the last: {last.Cause}"));
        foreach (var line in last.Detail.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Console.Error.WriteLine(Output.Clean($"  {line}"));
        Console.Error.WriteLine(Output.Clean($"All that it printed: {folder.In($"logs/trial-{last.Trial:D6}.log")}"));
    }

    /// <summary>Values of <c>trial.env</c> are written nowhere, here neither.</summary>
    private string HowToGoOn => $"to go on: {string.Concat(spec.Trial.Env.Keys.Order(StringComparer.Ordinal).Select(name => $"{name}=… "))}asha resume {Near(folder.Path)}";

    /// <summary>As one would type it from here.</summary>
    private static string Near(string path) => Path.GetRelativePath(Directory.GetCurrentDirectory(), path) is var near && !near.StartsWith("..", StringComparison.Ordinal) ? near : path;
}
