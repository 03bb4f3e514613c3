using System.Collections.Concurrent;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Cluster.Settings;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Nodes;

/// <summary>What a node has of each run: a folder with parameters, logs and checkpoints, and what runs its trials. A run is known from its first start on.</summary>
/// <param name="folder">The folder of the runs' folders.</param>
/// <param name="say">Tells people what was found.</param>
internal sealed class NodeRuns(string folder, TextWriter say) : ITrialRunner, IDisposable
{
    private readonly ConcurrentDictionary<string, NodeRun> _runs = [];

    /// <summary>Ends what an earlier process has left running here. Whoever calls holds the folder.</summary>
    public void EndOrphans()
    {
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            RunFolder.OfNode(path).EndOrphans(say, isHeldHere: true);
    }

    public IAttempt Start(TrialLaunch launch, IAttemptListener listener) => launch is { Run: { } run, Program: not null }
        ? _runs.GetOrAdd(run, name => new NodeRun(Folder(name))).Start(launch, listener)
        : throw new InvalidOperationException("A start in a cluster says of which run it is, and what to run.");

    /// <summary>Deletes what is needed no longer.</summary>
    public Task Release(ReleaseCheckpoints release)
    {
        if (release.Run is not { } run)
            return Task.CompletedTask;
        return _runs.TryGetValue(run, out var known) ? known.Release(release) : Directory.Exists(PathOf(run)) ? _runs.GetOrAdd(run, name => new NodeRun(Folder(name))).Release(release) : Task.CompletedTask;
    }

    /// <summary>Nothing that was started here runs on.</summary>
    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
    }

    private RunFolder Folder(string run)
    {
        DataFolder.Make(PathOf(run));
        return RunFolder.OfNode(PathOf(run));
    }

    /// <summary>A coordinator says the name: it must not lead out of the folder.</summary>
    private string PathOf(string run) => run is [not '.', ..] && run.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') ? Path.Combine(folder, run) : throw new InvalidOperationException($"'{run}' is no name of a run.");
}
