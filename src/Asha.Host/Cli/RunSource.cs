using Asha.Cluster.Client;
using Asha.Core.Experiments;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary>Where commands that tell of a run have it from: its folder on this machine, or a cluster, which has its events in a journal. What is told is folded from the events alike.</summary>
internal abstract class RunSource
{
    public abstract string Name { get; }

    /// <summary>Its folder; <c>null</c>: it is a cluster's.</summary>
    public virtual RunFolder? Folder => null;

    /// <summary>Whether somebody is at work on it. Asked before it is read, a run that ends meanwhile says so itself.</summary>
    public abstract bool IsAtWork { get; }

    /// <summary>Folds its events.</summary>
    /// <param name="record">Where into; by default one that keeps the state and the utilization alone.</param>
    /// <exception cref="UserErrorException">They cannot be read, or there are none.</exception>
    public abstract RunRecord Read(RunRecord? record = null);

    /// <summary>How long a run that still goes on has been going on; <c>null</c> where it does not.</summary>
    public TimeSpan? SinceStart(RunRecord record)
        => record.State.Ended is null && IsAtWork ? DateTimeOffset.UtcNow - record.State.Engine.Origin.StartedAt + record.State.Engine.Time : null;

    /// <summary>Full path of the checkpoint that the best result can be repeated from, where it is on this machine.</summary>
    public string? BestCheckpoint(RunRecord record) => Folder?.BestCheckpoint(record);

    public static RunSource Of(RunFolder folder) => new FolderSource(folder);

    /// <summary>A run of a cluster, as it stands now.</summary>
    public static async Task<RunSource> OfAsync(AshaClient client, string run, CancellationToken cancel) => new ClusterSource(run, await ClusterEvents.ReadAsync(client, run, cancel));

    private sealed class FolderSource(RunFolder folder) : RunSource
    {
        public override string Name => folder.Name;

        public override RunFolder? Folder => folder;

        public override bool IsAtWork => folder.IsHeld();

        public override RunRecord Read(RunRecord? record) => folder.ReadRecord(record);
    }

    private sealed class ClusterSource(string run, IReadOnlyList<ExperimentEvent> events) : RunSource
    {
        public override string Name => run;

        /// <summary>What has not ended, somebody is at work on, or will be as soon as a coordinator can.</summary>
        public override bool IsAtWork => events is not [.., ExperimentEnded];

        public override RunRecord Read(RunRecord? record)
        {
            if (events.Count == 0)
                throw ClusterEvents.NotBegun(run);
            record ??= new RunRecord();
            foreach (var happened in events)
                record.Apply(happened);
            return record;
        }
    }
}
