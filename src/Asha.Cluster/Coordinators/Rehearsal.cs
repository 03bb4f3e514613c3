using Akka.Actor;
using Akka.Persistence;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// Reads journals as whoever takes over will have to, when a coordinator starts and there is time: what a process does for the first time (the connection, the queries, their compilation, the formats) took 2 of the 5 s
/// in which no job started (docs/decisions/024). It writes nothing, decides nothing, and what it has read it forgets. That the journal cannot be read now is of no account.
/// </summary>
/// <param name="id">Whose journal it reads: the registry's, then the beginning of the newest run's.</param>
/// <param name="entries">So many of its entries.</param>
internal sealed class Rehearsal(string id, long entries) : UntypedPersistentActor
{
    /// <summary>As many as bring every common kind of event.</summary>
    private const long Some = 50;

    private readonly List<ExperimentEvent> _events = [];
    private string? _newest;

    public override string PersistenceId => id;

    public override Recovery Recovery => new(SnapshotSelectionCriteria.Latest, toSequenceNr: entries);

    /// <summary>Of all, from the registry's on.</summary>
    public static Props Props() => Of(ClusterSupervisor.JournalId, long.MaxValue);

    private static Props Of(string id, long entries) => Akka.Actor.Props.Create(() => new Rehearsal(id, entries));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case RunAdmitted admitted:
                _newest = admitted.Run;
                break;
            case JournalEntry entry:
                _events.AddRange(EventLines.ReadIntact(entry.Lines));
                break;
            case RecoveryCompleted:
                if (_events.Count > 0)
                    _ = new Experiment(_events);
                if (_newest is null)
                    Context.Stop(Self);
                else
                    Context.Watch(Context.ActorOf(Of(ExperimentHost.JournalOf(_newest), Some)));
                break;
        }
    }

    protected override void OnCommand(object message) => Context.Stop(Self);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) { }
}
