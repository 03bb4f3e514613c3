using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>Runs attempts as processes of this machine, as docs/trial-protocol.md says.</summary>
/// <param name="spec">How trials are run.</param>
/// <param name="runFolder">Parameters, checkpoints and logs go here.</param>
/// <param name="experimentId">The run's name.</param>
/// <param name="runToken">Marks all processes of this run; of this run alone.</param>
/// <param name="time">The clock of the limits and the graces.</param>
/// <param name="options">The graces.</param>
/// <param name="checkpoints">Where checkpoints are; <c>null</c>: in <paramref name="runFolder"/>.</param>
/// <param name="fetch">Brings a checkpoint here that is not; <c>null</c>: there is nowhere else.</param>
public sealed class ProcessTrialRunner(
    TrialSpec spec, string runFolder, string experimentId, string runToken, TimeProvider time, RunnerOptions? options = null,
    CheckpointStore? checkpoints = null, CheckpointFetch? fetch = null) : TaskTrialRunner
{
    private readonly string _folder = Path.GetFullPath(runFolder);
    private readonly CheckpointStore _checkpoints = checkpoints ?? new(runFolder);
    private readonly RunnerOptions _options = options ?? new();
    private readonly OomKills _oomKills = new();

    /// <inheritdoc/>
    public override Task<TrialEnding> RunAsync(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop)
        // Starting a process writes files and forks: not on an actor's thread.
        => Task.Run(() => RunOneAsync(launch, report, stop), CancellationToken.None);

    private async Task<TrialEnding> RunOneAsync(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return new(EndingCause.Stopped);
        CheckpointFinding? resume = null, fetched = null;
        try
        {
            if (launch.Resume is { } checkpoint)
            {
                fetched = fetch is null ? null : await fetch(launch, checkpoint, stop).ConfigureAwait(false);
                resume = fetched is { Fault: not null } ? fetched : _checkpoints.Verify(launch.Trial, checkpoint, stop);
            }
        }
        catch (OperationCanceledException)
        {
            return new(EndingCause.Stopped);
        }
        var context = new TrialContext(spec, experimentId, launch,
            ParamsFile: Path.Combine(_folder, "params", $"trial-{launch.Trial:D6}.json"),
            CheckpointFolder: _checkpoints.FolderOf(launch.Trial, launch.Attempt),
            ResumeFrom: resume?.Path ?? "");
        BoundedLog log;
        try
        {
            if (resume?.Fault is null)
            {
                _checkpoints.MakeFolder(launch.Trial, launch.Attempt);
                OwnPath.MakeFolder(_folder, Path.GetDirectoryName(context.ParamsFile)!);
                context.WriteParams();
            }
            log = new BoundedLog(Path.Combine(_folder, "logs", $"trial-{launch.Trial:D6}.log"), Heading(launch));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(EndingCause.StartFailed, e.Message);
        }
        using (log)
        {
            if (fetched is { Fault: null })
                log.Line($"=== checkpoint '{launch.Resume!.Path}' of attempt {launch.Resume.Attempt}: {fetched.Detail} ===");
            if (resume is { Fault: { } fault })
            {
                log.Line($"=== {FaultNames.Of(fault)}: {launch.Resume!.Path} of attempt {launch.Resume.Attempt}: {resume.Detail}; nothing was started ===");
                return new(fault, resume.Detail);
            }
            var (ending, name) = await RunLoggedAsync(context, log, report, stop).ConfigureAwait(false);
            log.Line($"=== {Summary(name, ending.Detail)} ===");
            return ending;
        }
    }

    /// <returns>The ending, and its name.</returns>
    private async Task<(TrialEnding Ending, string Name)> RunLoggedAsync(
        TrialContext context, BoundedLog log, Action<TrialReport> report, CancellationToken stop)
    {
        var launch = context.Launch;
        using var watch = new TrialWatch(spec, time, _options, stop);
        var output = new TrialOutput(launch, _checkpoints, log, watch, report);
        try
        {
            var command = new ProcessCommand(context.Command(), spec.Directory, context.Environment(),
                ProcessSweeper.Token(runToken, launch.Trial, launch.Attempt), spec.Limits);
            var killed = _oomKills.Count();
            using var process = SupervisedProcess.Start(command, output.Output, output.Error, time, _options);
            var wasCut = await process.EndAsync(watch.Cut).ConfigureAwait(false);
            await output.CloseAsync().ConfigureAwait(false);
            var ending = Ending(process, wasCut ? await watch.Cut.ConfigureAwait(false) : null, watch.HasResult, output.LastLines, killed);
            return (ending, FaultNames.Of(ending.Cause, watch.HasResult, output.HasRejections));
        }
        catch (StartFailedException e)
        {
            return (new(EndingCause.StartFailed, e.Message), FaultNames.Of(EndingCause.StartFailed));
        }
        finally
        {
            if (!output.HasCheckpoint)
                _checkpoints.Discard(launch.Trial, launch.Attempt);
        }
    }

    /// <summary>The result stands above all; then what Asha ended it for; then what the process says itself.</summary>
    private TrialEnding Ending(SupervisedProcess process, TrialEnding? cut, bool hasResult, IReadOnlyList<string> lastLines, long killed)
    {
        var code = process.ExitCode;
        if (hasResult)
            return new(EndingCause.Exited, cut is not null ? "ended after its result" : code != 0 ? $"{ExitCodes.Describe(code)} after its result" : "");
        if (cut is not null)
            return cut.Cause == EndingCause.Stopped ? cut : cut with { Detail = WithLines(cut.Detail, lastLines) };
        if (code == 0)
            return new(EndingCause.Exited);
        if (ExitCodes.ExecFailure(code, lastLines, process.Program) is { } problem)
            return new(EndingCause.StartFailed, problem);
        if (KernelLimits.Problem(spec.Limits, code, lastLines) is { } unlimited)
            return new(EndingCause.StartFailed, unlimited);
        if (ExitCodes.IsOutOfCpuTime(code) && spec.Limits?.CpuSeconds is { } seconds)
            return new(EndingCause.TimeLimit, WithLines($"used more than {seconds} s of CPU time (trial.limits.cpu-seconds)", lastLines));
        if (ExitCodes.IsKill(code) && _oomKills.Claim(killed))
            return new(EndingCause.OutOfMemory, WithLines($"{ExitCodes.Describe(code)}: the kernel killed it, as there was no memory left", lastLines));
        if (OutOfMemory.Words(lastLines) is not null)
            return new(EndingCause.OutOfMemory, WithLines(Limited(code), lastLines));
        return new(ExitCodes.Signal(code) is null ? EndingCause.Exit : EndingCause.Crash, WithLines(Limited(code), lastLines));
    }

    /// <summary>What the kernel refused a trial only the trial can say; that there were limits is told with every failure.</summary>
    private string Limited(int code) => spec.Limits is { } limits ? $"{ExitCodes.Describe(code)}; trial.limits: {KernelLimits.Words(limits)}" : ExitCodes.Describe(code);

    private static string WithLines(string detail, IReadOnlyList<string> lines) => string.Join('\n', lines.Prepend(detail));

    private string Heading(TrialLaunch launch)
        => $"attempt {launch.Attempt}, {time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z, resource {launch.Start} to {launch.Target}"
            + (launch.Resume is { } checkpoint ? $", from checkpoint {checkpoint.Path} of attempt {checkpoint.Attempt}" : "")
            + (launch.Gpus.Count > 0 ? $", CUDA_VISIBLE_DEVICES={string.Join(',', launch.Gpus)}" : "");

    /// <summary>The last lines stand in the log right above it.</summary>
    private static string Summary(string name, string detail) => detail == "" ? $"ended: {name}" : $"ended: {name}, {detail.Split('\n')[0]}";
}
