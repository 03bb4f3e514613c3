using System.Collections.Concurrent;
using System.Globalization;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Cluster.Settings;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Nodes;

/// <summary>What a node has of each run: a folder with parameters, logs and checkpoints, and what runs its trials. A run is known from its first start on.</summary>
/// <param name="folder">The folder of the runs' folders.</param>
/// <param name="shared">The folder for checkpoints that all nodes have; <c>null</c>: each run's are in its folder.</param>
/// <param name="fetcher">Brings checkpoints here; <c>null</c>: none needs to be.</param>
/// <param name="say">Tells people what was found.</param>
internal sealed class NodeRuns(string folder, string? shared, CheckpointFetcher? fetcher, TextWriter say) : ITrialRunner, IDisposable
{
    /// <summary>No log is that long: what is, a trial has put there.</summary>
    private const long MostLogBytes = 4L * BoundedLog.DefaultLimit;

    private readonly ConcurrentDictionary<string, NodeRun> _runs = [];
    private string? _saidLast;

    /// <summary>Ends what an earlier process has left running here. Whoever calls holds the folder.</summary>
    public void EndOrphans()
    {
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            RunFolder.OfNode(path).EndOrphans(say, isHeldHere: true);
    }

    /// <summary>Runs an attempt. Where the run's folder cannot be made, as the disk is full or the shared folder is away, that is this attempt's fault, not the node's.</summary>
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        if (launch is not { Run: { } run, Program: not null })
            throw new InvalidOperationException("A start in a cluster says of which run it is, and what to run.");
        NodeRun known;
        try
        {
            known = Run(run);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _saidLast, error.Message) != error.Message)
                say.WriteLine($"{run}: {NodeRun.Words(error)}");
            return NodeRun.Fail(listener, error);
        }
        return known.Start(launch, listener);
    }

    /// <summary>Deletes what is needed no longer.</summary>
    /// <returns>It fails where something could not be deleted.</returns>
    public Task Release(ReleaseCheckpoints release)
    {
        if (release.Run is not { } run)
            return Task.CompletedTask;
        try
        {
            return _runs.ContainsKey(run) || shared is not null || Directory.Exists(PathOf(run)) ? Run(run).Release(release) : Task.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Task.FromException(error);
        }
    }

    /// <summary>What it has of a run's checkpoints, for others to read; <c>null</c>: there is no such run here, or that is no name of one.</summary>
    public CheckpointStore? StoreOf(string run) => IsName(run) && Directory.Exists(PathOf(run)) ? RunFolder.OfNode(PathOf(run), shared).Checkpoints : null;

    /// <summary>What a trial of a run has printed here, by its number, or the preparation (<c>prepare</c>), after so much of it; <c>null</c>: there is no such log, or these are no names.</summary>
    public LogPiece? LogOf(string run, string name, long after)
    {
        if (!IsName(run) || (name != "prepare" && !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return null;
        if (OpenLog() is not { } first)
            return null;
        first.Dispose();
        var reader = new BoundedLogReader(OpenLog) { Position = after };
        return new LogPiece(reader.ReadNew().ToArray(), reader.Position);

        // A trial may have put something else there. The run's folder itself may well lie behind a link.
        FileStream? OpenLog()
        {
            var file = OwnPath.OpenToRead(PathOf(run), Path.Combine(PathOf(run), "logs", name == "prepare" ? "prepare.log" : $"trial-{int.Parse(name, CultureInfo.InvariantCulture):D6}.log"));
            if (file?.Length <= MostLogBytes)
                return file;
            file?.Dispose();
            return null;
        }
    }

    /// <summary>Nothing that was started here runs on.</summary>
    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
    }

    private NodeRun Run(string run) => _runs.GetOrAdd(run, name => new NodeRun(Folder(name), fetcher, say));

    private RunFolder Folder(string run)
    {
        DataFolder.Make(PathOf(run));
        if (shared is not null)
            DataFolder.Make(Path.Combine(shared, run));
        return RunFolder.OfNode(PathOf(run), shared);
    }

    /// <summary>A coordinator says the name: it must not lead out of the folder.</summary>
    private string PathOf(string run) => IsName(run) ? Path.Combine(folder, run) : throw new InvalidOperationException($"'{run}' is no name of a run.");

    private static bool IsName(string run) => run is [not '.', ..] && run.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
