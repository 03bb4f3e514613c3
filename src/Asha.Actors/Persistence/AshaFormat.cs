using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Persistence;

/// <summary>What was read is not of a format that this version knows; nothing was changed.</summary>
public sealed class UnknownFormatException(string message) : Exception(message);

/// <summary>
/// The one format of everything that crosses nodes or reaches the disk: JSON under an explicit manifest such as <c>trial-promoted.1</c>. A manifest is never
/// reused for another shape; fields are only ever added, with a default (docs/decisions/002).
/// </summary>
public sealed class AshaFormat
{
    private static readonly (string Manifest, Type Type)[] Known =
    [
        ("experiment-started.1", typeof(ExperimentStarted)),
        ("experiment-resumed.1", typeof(ExperimentResumed)),
        ("trials-limited.1", typeof(TrialsLimited)),
        ("slot-joined.1", typeof(SlotJoined)),
        ("slot-lost.1", typeof(SlotLost)),
        ("slot-left.1", typeof(SlotLeft)),
        ("node-unfit.1", typeof(NodeUnfit)),
        ("slot-parked.1", typeof(SlotParked)),
        ("bracket-opened.1", typeof(BracketOpened)),
        ("trial-sampled.1", typeof(TrialSampled)),
        ("trial-promoted.1", typeof(TrialPromoted)),
        ("job-started.1", typeof(JobStarted)),
        ("report-accepted.1", typeof(ReportAccepted)),
        ("report-rejected.1", typeof(ReportRejected)),
        ("job-completed.1", typeof(JobCompleted)),
        ("attempt-failed.1", typeof(AttemptFailed)),
        ("retry-due.1", typeof(RetryDue)),
        ("attempt-lost.1", typeof(AttemptLost)),
        ("job-cut.1", typeof(JobCut)),
        ("experiment-ended.1", typeof(ExperimentEnded)),
        ("events-file.1", typeof(EventsFileMark)),
        ("join-node.1", typeof(JoinNode)),
        ("start-job.1", typeof(StartJob)),
        ("end-job.1", typeof(EndJob)),
        ("node-report.1", typeof(NodeReport)),
        ("report-stored.1", typeof(ReportStored)),
        ("release-checkpoints.1", typeof(ReleaseCheckpoints)),
        ("open-experiment.1", typeof(OpenExperiment)),
        ("close-experiment.1", typeof(CloseExperiment)),
        ("grant-slot.1", typeof(GrantSlot)),
        ("grant-slots.1", typeof(GrantSlots)),
        ("recall-slot.1", typeof(RecallSlot)),
        ("return-slot.1", typeof(ReturnSlot)),
        ("park-slot.1", typeof(ParkSlot)),
        ("use-slot.1", typeof(UseSlot)),
        ("want-slots.1", typeof(WantSlots)),
        ("slots-lost.1", typeof(SlotsLost)),
        ("retire-slot.1", typeof(RetireSlot)),
        ("slot-retired.1", typeof(SlotRetired)),
        ("slots-unreachable.1", typeof(SlotsUnreachable)),
        ("leave-node.1", typeof(LeaveNode)),
        ("node-released.1", typeof(NodeReleased)),
        ("report-awaited.1", typeof(ReportAwaited)),
        ("attempt-over.1", typeof(AttemptOver)),
        ("checkpoint-dropped.1", typeof(CheckpointDropped)),
        ("reports-ignored.1", typeof(ReportsIgnored)),
        ("node-joined.1", typeof(NodeJoined)),
        ("slot-given-up.1", typeof(SlotGivenUp)),
        ("job-taken.1", typeof(JobTaken)),
        ("job-gone.1", typeof(JobGone)),
        ("experiment-stopping.1", typeof(ExperimentStopping)),
        ("experiment-taken-over.1", typeof(ExperimentTakenOver)),
        ("attempt-regained.1", typeof(AttemptRegained)),
        ("submit-experiment.1", typeof(SubmitExperiment)),
        ("experiment-submitted.1", typeof(ExperimentSubmitted)),
        ("list-experiments.1", typeof(ListExperiments)),
        ("experiment-list.1", typeof(ExperimentList)),
        ("listed-experiment.1", typeof(ListedExperiment)),
        ("listed-node.1", typeof(ListedNode)),
        ("pause-experiment.1", typeof(PauseExperiment)),
        ("resume-paused.1", typeof(ResumePaused)),
        ("cancel-experiment.1", typeof(CancelExperiment)),
        ("drain-member.1", typeof(DrainMember)),
        ("leave-when-idle.1", typeof(LeaveWhenIdle)),
        ("registry-done.1", typeof(RegistryDone)),
        ("registry-refused.1", typeof(RegistryRefused)),
        ("wake-run.1", typeof(WakeRun)),
        ("run-awake.1", typeof(RunAwake)),
        ("end-run.1", typeof(EndRun)),
        ("run-ended.1", typeof(RunEnded)),
        ("run-end-known.1", typeof(RunEndKnown)),
        ("run-failed.1", typeof(RunFailed)),
        ("look-at-run.1", typeof(LookAtRun)),
        ("run-stands.1", typeof(RunStands)),
        ("registry-begun.1", typeof(RegistryBegun)),
        ("numbers-allowed.1", typeof(NumbersAllowed)),
        ("run-admitted.1", typeof(RunAdmitted)),
        ("run-end-asked.1", typeof(RunEndAsked)),
        ("run-settled.1", typeof(RunSettled)),
        ("run-reopened.1", typeof(RunReopened)),
        ("node-drained.1", typeof(NodeDrained)),
        ("announce-node.1", typeof(AnnounceNode)),
        ("reopen-experiment.1", typeof(ReopenExperiment)),
        ("hold-slots.1", typeof(HoldSlots)),
        ("keep-slot.1", typeof(KeepSlot)),
        ("told-so-far.1", typeof(ToldSoFar)),
        ("running-job.1", typeof(RunningJob)),
        ("shunned-node.1", typeof(ShunnedNode)),
        ("kept-report.1", typeof(KeptReport)),
        ("dropped-report.1", typeof(DroppedReport)),
        ("is-run-over.1", typeof(IsRunOver)),
        ("run-is-over.1", typeof(RunIsOver)),
        ("run-is-paused.1", typeof(RunIsPaused)),
        ("name-is-shared.1", typeof(NameIsShared)),
    ];

    private static readonly FrozenDictionary<Type, string> Manifests = Known.ToFrozenDictionary(entry => entry.Type, entry => entry.Manifest);
    private static readonly FrozenDictionary<string, Type> Types = Known.ToFrozenDictionary(entry => entry.Manifest, entry => entry.Type);
    private readonly JsonSerializerOptions _options;
    private readonly bool _hasMessages;

    /// <summary>A format for the messages of an actor system, or, without one, for events alone.</summary>
    public AshaFormat(ExtendedActorSystem? system = null)
    {
        _hasMessages = system is not null;
        _options = new JsonSerializerOptions(AshaJson.Default.Options) { TypeInfoResolver = AshaJson.Default };
        if (system is not null)
            _options.Converters.Add(new ActorRefConverter(system));
    }

    /// <summary>The events' format.</summary>
    public static AshaFormat Events { get; } = new();

    /// <summary>Every manifest, for tests that go through all of them.</summary>
    public static IEnumerable<(string Manifest, Type Type)> All => Known;

    /// <exception cref="UnknownFormatException">The type never crosses nodes or reaches the disk.</exception>
    public static string ManifestOf(object value) => Manifests.TryGetValue(value.GetType(), out var manifest)
        ? manifest
        : throw new UnknownFormatException($"{value.GetType().Name} has no manifest.");

    /// <summary>Whether something of this manifest can be read.</summary>
    public bool Knows(string manifest) => TypeOf(manifest) is not null;

    /// <summary>Writes one value as one JSON object.</summary>
    public void Write(Utf8JsonWriter writer, object value) => JsonSerializer.Serialize(writer, value, InfoOf(value.GetType()));

    public byte[] Write(object value) => JsonSerializer.SerializeToUtf8Bytes(value, InfoOf(value.GetType()));

    /// <exception cref="UnknownFormatException">The manifest is of a later version, or not ours; or the bytes are not what it says.</exception>
    public object Read(ReadOnlySpan<byte> bytes, string manifest)
    {
        if (TypeOf(manifest) is not { } type)
            throw new UnknownFormatException($"'{manifest}' is not known to this version of Asha.");
        try
        {
            return JsonSerializer.Deserialize(bytes, InfoOf(type)) ?? throw new UnknownFormatException($"'{manifest}' is empty.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new UnknownFormatException($"This is no '{manifest}': {error.Message}");
        }
    }

    /// <summary>What is read or written with this format: <c>null</c>, nothing of that manifest.</summary>
    private Type? TypeOf(string manifest) => Types.GetValueOrDefault(manifest) is { } type && Has(type) ? type : null;

    /// <summary>Made where it is first needed: few actor systems see messages of every kind.</summary>
    private JsonTypeInfo InfoOf(Type type) => Manifests.ContainsKey(type) && Has(type) ? _options.GetTypeInfo(type) : throw new UnknownFormatException($"{type.Name} has no manifest.");

    private bool Has(Type type) => _hasMessages || typeof(ExperimentEvent).IsAssignableFrom(type);
}
