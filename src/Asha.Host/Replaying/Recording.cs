using Asha.Actors.Persistence;
using Asha.Cluster.Client;
using Asha.Core.Experiments;
using Asha.Host.Cli;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Replaying;

/// <summary>A recorded run: its events, from first to last.</summary>
/// <param name="Given">What it was asked for by.</param>
/// <param name="Path">The file that they are in; of a cluster's run, its name.</param>
/// <param name="Events">The first one is the experiment.</param>
internal sealed record Recording(string Given, string Path, IReadOnlyList<ExperimentEvent> Events)
{
    public ExperimentStarted Started => (ExperimentStarted)Events[0];

    public ExperimentSpec Spec => Started.Experiment;

    public string Run => Started.Origin.Run;

    /// <summary>The first event that is not as it was written: somebody has changed it since. <c>null</c>: none.</summary>
    public int? Altered => IsOfCluster ? null : EventLines.FirstAltered(Path) - 1;

    /// <summary>It comes from a cluster's journal, whose lines are looked at as they come: none was changed.</summary>
    private bool IsOfCluster { get; init; }

    /// <summary>When it ends.</summary>
    public TimeSpan End => Events[^1].Time;

    /// <summary>How many trials were sampled.</summary>
    public int Trials => Events.Count(happened => happened is TrialSampled);

    /// <summary>So many trials, from the first one on without a gap, have a result in rung 0, or failed there.</summary>
    public int FirstResults
    {
        get
        {
            var known = Events.Select(happened => happened switch
            {
                JobCompleted { Rung: 0 } done => done.Trial,
                AttemptFailed { Rung: 0, Last: true } failed => failed.Trial,
                _ => -1,
            }).ToHashSet();
            return Enumerable.Range(0, Trials).TakeWhile(known.Contains).Count();
        }
    }

    /// <summary>Reads the run of a folder, of a name below <paramref name="runs"/>, or of a file of events.</summary>
    /// <exception cref="UserErrorException">There is none, or it cannot be read.</exception>
    public static Recording Read(string given, string runs)
        => File.Exists(given) ? new Recording(given, given, [.. RunEvents.Read(given)]) : Of(given, RunFolder.Open(given, runs));

    /// <summary>The run of a cluster, as it stands now.</summary>
    /// <exception cref="UserErrorException">There is none, it has not begun, or its events cannot be read.</exception>
    public static async Task<Recording> ReadAsync(AshaClient client, string run, CancellationToken cancel)
        => new(run, run, await ClusterEvents.ReadAsync(client, run, cancel) is { Count: > 0 } events ? events : throw ClusterEvents.NotBegun(run)) { IsOfCluster = true };

    private static Recording Of(string given, RunFolder folder) => new(given, Near(folder.Events), [.. folder.ReadEvents()]);

    /// <summary>As people would write it from here.</summary>
    private static string Near(string path) => System.IO.Path.GetRelativePath(Directory.GetCurrentDirectory(), path) is var near && !near.StartsWith("..", StringComparison.Ordinal) ? near : path;
}
