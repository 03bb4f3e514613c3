using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Nodes;

/// <summary>One run on a node: its trials' processes, prepared once, and its checkpoints, deleted one after the other.</summary>
/// <param name="folder">The run's on this node.</param>
/// <param name="fetcher">Brings checkpoints here; <c>null</c>: none needs to be.</param>
/// <param name="say">Tells people what was found.</param>
internal sealed class NodeRun(RunFolder folder, CheckpointFetcher? fetcher, TextWriter say) : IDisposable
{
    private sealed class NeverStarted : IAttempt
    {
        public void Stop() { }
    }

    private readonly CheckpointLine _deletions = new(folder.Checkpoints);
    private readonly Lock _lock = new();
    private string? _token, _saidLast;
    private ITrialRunner? _runner;
    private NodePreparation? _preparation;

    /// <summary>Runs an attempt, once the run is prepared here and what was to be deleted is.</summary>
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        var program = launch.Program!;
        string[] missing = [.. program.Env.Keys.Where(name => Environment.GetEnvironmentVariable(name) is null).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
            return FailAloud(listener, $"the experiment wants the variable{(missing.Length > 1 ? "s" : "")} {string.Join(", ", missing)} (trial.env), and this node's environment does not have {(missing.Length > 1 ? "them" : "it")}");
        ITrialRunner runner;
        try
        {
            runner = Runner(program);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return FailAloud(listener, Words(error));
        }
        return runner.Start(launch, listener);
    }

    /// <summary>Deletes what is needed no longer.</summary>
    public Task Release(ReleaseCheckpoints release) => _deletions.Release(release);

    /// <summary>Nothing that was started runs on.</summary>
    public void Dispose()
    {
        _preparation?.Dispose();
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
            var token = _token = folder.NewToken();
            ITrialRunner runner = new ProcessTrialRunner(spec, folder.Path, folder.Name, token, TimeProvider.System, checkpoints: folder.Checkpoints, fetch: fetcher?.For(folder));
            if (spec.Prepare.Count > 0)
            {
                _preparation = new NodePreparation(stop => new PrepareStep(spec, folder.Path, folder.Name, token, TimeProvider.System).RunAsync(_ => { }, stop), TimeProvider.System,
                    reason => Say($"the preparation failed on this node, and its output is in {folder.In("logs/prepare.log")}: {reason}"));
                runner = new PreparedRunner(runner, _preparation);
            }
            _runner = new RunnerAfterDeletions(runner, () => _deletions.UnderWay);
            return _runner;
        }
    }

    /// <summary>The attempt fails before it begins, by no fault of its own: the disk is full, or the shared folder is away.</summary>
    public static IAttempt Fail(IAttemptListener listener, Exception error) => Fail(listener, Words(error));

    public static string Words(Exception error) => $"the run's folder cannot be used on this node: {error.Message}";

    /// <summary>Whoever looks after the node reads it there, once.</summary>
    private NeverStarted FailAloud(IAttemptListener listener, string detail)
    {
        if (Interlocked.Exchange(ref _saidLast, detail) != detail)
            Say(detail);
        return Fail(listener, detail);
    }

    private void Say(string words)
    {
        try
        {
            say.WriteLine($"{folder.Name}: {words}");
        }
        catch (IOException)
        {
            // Where the node's own words go there may be no room either; the attempt's ending says it, too.
        }
    }

    private static NeverStarted Fail(IAttemptListener listener, string detail)
    {
        listener.Ended(new TrialEnding(EndingCause.NodeUnfit, detail));
        return new NeverStarted();
    }

    /// <summary>Starts an attempt once the run is prepared here, and nothing where that fails.</summary>
    private sealed class PreparedRunner(ITrialRunner runner, NodePreparation preparation) : ITrialRunner
    {
        public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
        {
            var prepared = preparation.Enter();
            return prepared.IsCompleted ? Start(prepared.Result) : WaitingAttempt.After(prepared, () => Start(prepared.Result), listener, () => preparation.Leave(prepared));

            IAttempt Start(PrepareResult result) => result.IsSuccess ? runner.Start(launch, listener) : Fail(listener, $"the preparation failed on this node: {result.Detail}");
        }
    }
}
