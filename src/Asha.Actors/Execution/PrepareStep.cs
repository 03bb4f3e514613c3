using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <param name="IsSuccess">Trials may start.</param>
/// <param name="IsStopped">It was cancelled; that is nobody's fault.</param>
/// <param name="Detail">Otherwise: the exit code or signal, or why it could not be started, and the last lines of output.</param>
public sealed record PrepareResult(bool IsSuccess, bool IsStopped, string Detail);

/// <summary>Runs <c>trial.prepare</c>, once before the first trial: building a program, fetching data. One after the other, where several prepare in a folder; none longer than <see cref="TrialSpec.PrepareLimit"/>.</summary>
public sealed class PrepareStep(
    TrialSpec spec, string runFolder, string experimentId, string runToken, TimeProvider time, RunnerOptions? options = null)
{
    private const int ShownLines = 20;

    /// <summary>So long it may take where <see cref="TrialSpec.PrepareLimit"/> says nothing: one that waits for an answer that never comes would hold the slots for ever.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(30);

    /// <param name="line">Called for each line of output, of one thread at a time; <c>logs/prepare.log</c> has them too.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<PrepareResult> RunAsync(Action<string> line, CancellationToken stop)
    {
        if (spec.Prepare.Count == 0)
            return new(true, false, "");
        BoundedLog log;
        try
        {
            log = new BoundedLog(Path.Combine(runFolder, "logs", "prepare.log"), $"prepare, {time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(false, false, e.Message);
        }
        using (log)
        {
            var result = await RunLoggedAsync(log, line, stop).ConfigureAwait(false);
            log.Line($"=== ended: {(result.IsSuccess ? "success" : result.IsStopped ? "stopped" : result.Detail.Split('\n')[0])} ===");
            return result;
        }
    }

    private async Task<PrepareResult> RunLoggedAsync(BoundedLog log, Action<string> line, CancellationToken stop)
    {
        var environment = TrialContext.Inherited(spec);
        environment["ASHA_EXPERIMENT_ID"] = experimentId;
        var command = new ProcessCommand(spec.Prepare, spec.Directory, environment, ProcessSweeper.PrepareToken(runToken));
        var tail = new OutputTail();
        var one = new Lock();
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stop.Register(() => cut.TrySetResult());
        if (stop.IsCancellationRequested)
            return new(false, true, "");
        try
        {
            using var turn = await FolderTurn.TakeAsync(spec.Directory, () => log.Line("=== waits: another preparation is under way in this folder ==="), stop).ConfigureAwait(false);
            using var process = SupervisedProcess.Start(command, Sink(), Sink(), time, options ?? new());
            var limit = spec.PrepareLimit ?? DefaultLimit;
            // Its own time, not that for which others prepared in the folder.
            using var deadline = new Deadline(time, limit, () => cut.TrySetResult());
            var wasCut = await process.EndAsync(cut.Task).ConfigureAwait(false);
            var lines = tail.Lines(ShownLines);
            if (wasCut)
                return stop.IsCancellationRequested ? new(false, true, "") : new(false, false, string.Join('\n', lines.Prepend($"ran longer than {limit} (trial.prepare-limit)")));
            return process.ExitCode == 0
                ? new(true, false, "")
                : new(false, false, ExitCodes.ExecFailure(process.ExitCode, lines, process.Program)
                    ?? string.Join('\n', lines.Prepend(ExitCodes.Describe(process.ExitCode))));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new(false, true, "");
        }
        catch (StartFailedException e)
        {
            return new(false, false, e.Message);
        }

        ByteSink Sink()
        {
            var lines = new LineCallback(line);
            return bytes =>
            {
                lock (one)
                {
                    log.Write(bytes);
                    tail.Write(bytes);
                    lines.Write(bytes);
                }
            };
        }
    }
}
