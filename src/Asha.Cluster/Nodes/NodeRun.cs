using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Nodes;

/// <summary>One run on a node: its trials' processes, prepared once, and its checkpoints, deleted one after the other.</summary>
/// <param name="folder">The run's on this node.</param>
/// <param name="fetcher">Brings checkpoints here; <c>null</c>: none needs to be.</param>
internal sealed class NodeRun(RunFolder folder, CheckpointFetcher? fetcher) : IDisposable
{
    private sealed class NeverStarted : IAttempt
    {
        public void Stop() { }
    }

    private readonly CheckpointLine _deletions = new(folder.Checkpoints);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private string? _token;
    private ITrialRunner? _runner;
    private Task<PrepareResult>? _prepared;

    /// <summary>Runs an attempt, once the run is prepared here and what was to be deleted is.</summary>
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        var program = launch.Program!;
        string[] missing = [.. program.Env.Keys.Where(name => Environment.GetEnvironmentVariable(name) is null).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
            return Fail(listener, $"the experiment wants the variable{(missing.Length > 1 ? "s" : "")} {string.Join(", ", missing)} (trial.env), and this node's environment does not have {(missing.Length > 1 ? "them" : "it")}");
        ITrialRunner runner;
        try
        {
            runner = Runner(program);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail(listener, error);
        }
        return runner.Start(launch, listener);
    }

    /// <summary>Deletes what is needed no longer.</summary>
    public Task Release(ReleaseCheckpoints release) => _deletions.Release(release);

    /// <summary>Nothing that was started runs on.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
        if (_token is { } token)
            folder.EndLeftovers(token);
    }

    private ITrialRunner Runner(TrialSpec program)
    {
        lock (_lock)
        {
            if (_runner is not null)
                return _runner;
            // Values of variables do not cross: they are this node's own.
            var spec = program with { Env = program.Env.Keys.ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name)!) };
            _token = folder.NewToken();
            _prepared = spec.Prepare.Count == 0 ? Task.FromResult(new PrepareResult(true, false, "")) : Task.Run(() => new PrepareStep(spec, folder.Path, folder.Name, _token, TimeProvider.System).RunAsync(_ => { }, _closing.Token));
            var processes = new ProcessTrialRunner(spec, folder.Path, folder.Name, _token, TimeProvider.System, checkpoints: folder.Checkpoints, fetch: fetcher?.For(folder));
            _runner = new RunnerAfterDeletions(new PreparedRunner(processes, _prepared), Before);
            return _runner;
        }
    }

    /// <summary>Completes when the run is prepared here, and all that is to be deleted so far is; <c>null</c>: that is so.</summary>
    private Task? Before()
    {
        var deletions = _deletions.UnderWay;
        return _prepared is { IsCompleted: true } ? deletions : deletions is null ? _prepared : Task.WhenAll(_prepared!, deletions);
    }

    /// <summary>The attempt fails before it begins: the disk is full, or the shared folder is away.</summary>
    public static IAttempt Fail(IAttemptListener listener, Exception error) => Fail(listener, $"the run's folder cannot be used on this node: {error.Message}");

    private static NeverStarted Fail(IAttemptListener listener, string detail)
    {
        listener.Ended(new TrialEnding(EndingCause.StartFailed, detail));
        return new NeverStarted();
    }

    /// <summary>Starts nothing where the preparation has failed.</summary>
    private sealed class PreparedRunner(ITrialRunner runner, Task<PrepareResult> prepared) : ITrialRunner
    {
        public IAttempt Start(TrialLaunch launch, IAttemptListener listener) => prepared switch
        {
            { IsCompletedSuccessfully: true, Result.IsSuccess: true } => runner.Start(launch, listener),
            { IsCompletedSuccessfully: true } => Fail(listener, $"the preparation failed on this node: {prepared.Result.Detail}"),
            _ => Fail(listener, $"the preparation failed on this node: {prepared.Exception?.GetBaseException().Message}"),
        };
    }
}
