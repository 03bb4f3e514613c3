using System.Text.Json.Serialization;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Persistence;

/// <summary>How each type of <see cref="AshaFormat"/> is written: made at compile time, no reflection, no type names.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    // What has no default must be there: a key that was lost must not become a 0.
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    Converters = [
        typeof(SecondsConverter), typeof(FiniteOrNullConverter), typeof(EnvironmentNamesConverter),
        typeof(ParameterValueConverter), typeof(ConfigurationConverter), typeof(SearchSpaceConverter),
        typeof(NameConverter<MetricMode>), typeof(NameConverter<SchedulerType>), typeof(NameConverter<BracketRepeat>), typeof(NameConverter<EndingCause>)])]
[JsonSerializable(typeof(SearchSpaceConverter.Entry[]))]
[JsonSerializable(typeof(ExperimentStarted))]
[JsonSerializable(typeof(ExperimentResumed))]
[JsonSerializable(typeof(ExperimentTakenOver))]
[JsonSerializable(typeof(AttemptRegained))]
[JsonSerializable(typeof(TrialsLimited))]
[JsonSerializable(typeof(SlotJoined))]
[JsonSerializable(typeof(SlotLost))]
[JsonSerializable(typeof(SlotLeft))]
[JsonSerializable(typeof(SlotParked))]
[JsonSerializable(typeof(BracketOpened))]
[JsonSerializable(typeof(TrialSampled))]
[JsonSerializable(typeof(TrialPromoted))]
[JsonSerializable(typeof(JobStarted))]
[JsonSerializable(typeof(ReportAccepted))]
[JsonSerializable(typeof(ReportRejected))]
[JsonSerializable(typeof(ReportsIgnored))]
[JsonSerializable(typeof(JobCompleted))]
[JsonSerializable(typeof(AttemptFailed))]
[JsonSerializable(typeof(RetryDue))]
[JsonSerializable(typeof(AttemptLost))]
[JsonSerializable(typeof(JobCut))]
[JsonSerializable(typeof(ExperimentStopping))]
[JsonSerializable(typeof(ExperimentEnded))]
[JsonSerializable(typeof(EventsFileMark))]
[JsonSerializable(typeof(JoinNode))]
[JsonSerializable(typeof(StartJob))]
[JsonSerializable(typeof(EndJob))]
[JsonSerializable(typeof(NodeJoined))]
[JsonSerializable(typeof(SlotGivenUp))]
[JsonSerializable(typeof(JobTaken))]
[JsonSerializable(typeof(JobGone))]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(ReportStored))]
[JsonSerializable(typeof(ReleaseCheckpoints))]
[JsonSerializable(typeof(OpenExperiment))]
[JsonSerializable(typeof(CloseExperiment))]
[JsonSerializable(typeof(GrantSlot))]
[JsonSerializable(typeof(GrantSlots))]
[JsonSerializable(typeof(RecallSlot))]
[JsonSerializable(typeof(ReturnSlot))]
[JsonSerializable(typeof(ParkSlot))]
[JsonSerializable(typeof(UseSlot))]
[JsonSerializable(typeof(WantSlots))]
[JsonSerializable(typeof(SlotsLost))]
[JsonSerializable(typeof(RetireSlot))]
[JsonSerializable(typeof(SlotRetired))]
[JsonSerializable(typeof(SlotsUnreachable))]
[JsonSerializable(typeof(LeaveNode))]
[JsonSerializable(typeof(NodeReleased))]
[JsonSerializable(typeof(ReportAwaited))]
[JsonSerializable(typeof(AttemptOver))]
[JsonSerializable(typeof(CheckpointDropped))]
[JsonSerializable(typeof(AnnounceNode))]
[JsonSerializable(typeof(ReopenExperiment))]
[JsonSerializable(typeof(HoldSlots))]
[JsonSerializable(typeof(KeepSlot))]
[JsonSerializable(typeof(ToldSoFar))]
[JsonSerializable(typeof(RunningJob))]
internal sealed partial class AshaJson : JsonSerializerContext;
