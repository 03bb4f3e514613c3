using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Spaces;

namespace Asha.Actors.Tests.Persistence;

/// <summary>One value or more of every type that has a manifest, with every field different from its default somewhere.</summary>
internal static class Samples
{
    private static readonly Configuration Parameters = new(
    [
        new("optimizer", ParameterValue.Of("adam")), new("learning-rate", ParameterValue.Of(1e-5)), new("momentum", ParameterValue.Of(1.0)),
        new("layers", ParameterValue.Of(3L)), new("nesterov", ParameterValue.Of(true)), new("note", ParameterValue.Of("1.0")),
    ]);

    private static readonly CheckpointRef Checkpoint = new(2, "epoch 4/weights.bin", 4.5);

    private static TimeSpan At(double seconds) => TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));

    public static ExperimentSpec Spec { get; } = new()
    {
        Name = "digits",
        Seed = long.MaxValue,
        Metric = new MetricSpec("accuracy", MetricMode.Max),
        Resource = new ResourceSpec("epoch", 0.5, 81, Integral: true),
        Scheduler = new SchedulerSpec(SchedulerType.Asha, 3, 100),
        Space = new SearchSpace(
        [
            new Parameter("optimizer", new ListDomain([ParameterValue.Of("adam"), ParameterValue.Of("sgd")], Ordered: false)),
            new Parameter("learning-rate", new LogUniformDomain(1e-5, 1)),
            new Parameter("momentum", new UniformDomain(0, 1), [new Condition("optimizer", [ParameterValue.Of("sgd")])]),
            new Parameter("layers", new IntDomain(-1, long.MaxValue)),
            new Parameter("width", new LogIntDomain(1, 4096), [new Condition("optimizer", [ParameterValue.Of("sgd")]), new Condition("layers", [ParameterValue.Of(1L), ParameterValue.Of(2.5)])]),
            new Parameter("nesterov", ListDomain.Boolean()),
            new Parameter("size", new ListDomain([ParameterValue.Of(1L), ParameterValue.Of(2.0), ParameterValue.Of("large")], Ordered: true)),
        ]),
        Initial = [Parameters, Configuration.Empty],
        Trial = new TrialSpec
        {
            Prepare = ["make", "data"],
            Command = ["python", "train.py", "--lr={learning-rate}", "a \"quoted\" ünïcode 日本 \n line"],
            Directory = "/home/someone/experiments",
            Gpus = 1,
            MaxAttempts = 5,
            TimeLimit = TimeSpan.FromHours(1.5),
            SilenceLimit = TimeSpan.FromTicks(1),
        },
        Slots = 4,
        Stop = new StopSpec(TimeSpan.FromDays(1), 50, 1000.5, 0.99, null),
    };

    public static RunOrigin Origin { get; } = new("digits-20261124-101500", new DateTimeOffset(2026, 11, 24, 10, 15, 0, 123, TimeSpan.FromHours(1)), "0.1.0", "machine");

    /// <summary>In the order of the golden file: lines are only ever added, at the end.</summary>
    public static IReadOnlyList<ExperimentEvent> Events { get; } =
    [
        new ExperimentStarted(TimeSpan.Zero, Spec, Origin),
        new TrialsLimited(TimeSpan.Zero, 12, "the search space has only 12 configurations"),
        new SlotJoined(At(0.25), 3, "node-a"),
        new SlotLost(At(1), 3),
        new SlotLeft(TimeSpan.FromTicks(1), 3),
        new SlotParked(TimeSpan.MaxValue, 3),
        new TrialSampled(At(2), 7, 1, Parameters),
        new TrialSampled(At(2), 8, 0, Configuration.Empty),
        new TrialPromoted(At(3.0000001), 7, 1, 2, 0.1, 4, 16, 5, 0.30000000000000004),
        new TrialPromoted(At(3), 7, 0, 0, -0.0, 1, 2, 1, double.NaN),
        new JobStarted(At(4), 7, 1, 3, 2, 5, 4.5, 27, Checkpoint),
        new JobStarted(At(4), 8, 0, 0, 1, 0, 0, 1),
        new ReportAccepted(At(5), 7, 2, 27.5, 1e-300, "epoch-27.bin", 5),
        new ReportAccepted(At(5), 7, 2, 28, double.NaN),
        new ReportRejected(At(6), 7, 2, "resource 4 does not rise: it was 4.5 already", 3),
        new JobCompleted(At(7), 7, 1, 3, 2, 5, 27.5, double.MaxValue),
        new AttemptFailed(At(8), 7, 1, 3, 2, 5, "crash", "signal 11\nSegmentation fault", true),
        new AttemptLost(At(9), 7, 1, 3, 2, 5, "node-lost"),
        new JobCut(At(10), 7, 1, 3, 2, 5),
        new ExperimentEnded(At(11), "stopped", "accuracy reached 0.99"),
        new SlotLeft(At(12), 3, "trial 7 did not end within 5 s of being asked to"),
        new BracketOpened(At(13), 1),
        new JobStarted(At(14), 7, 0, 1, 2, 5, 1, 4, null, GoesOn: true),
        new ReportAwaited(At(13), 7, 2, 5),
        new ExperimentResumed(At(15), Origin),
        new AttemptFailed(At(15), 7, 1, 3, 2, 5, "out-of-memory", "SIGKILL", false, At(1.0250001)),
        new RetryDue(At(16.5), 7, 2),
        new ExperimentStarted(TimeSpan.Zero, Spec with
        {
            Trial = Spec.Trial with { MaxAttemptsByFault = new FaultLimits(1, 2, 3, null), RetryBackOff = new BackOffSpec(At(1), 2, At(60), 0.1) },
            Stop = Spec.Stop with { Hopeless = 7, HopelessIfLimited = true },
        }, Origin),
        new JobStarted(At(15), 7, 1, 3, 2, 5, 4.5, 27, Checkpoint with { Bytes = 1L << 40 }),
        new ReportAccepted(At(16), 7, 2, 27.5, 0.25, "epoch-27.bin", 5, CheckpointBytes: 12_345_678_901),
        new AttemptLost(At(17), 7, 1, 3, 2, 5, "checkpoint-corrupt", "weights.bin has 100 bytes, its manifest says 2048"),
        new CheckpointDropped(At(18), 7, 1, 12_345_678_901),
        new ReportsIgnored(At(16), 3, Stale: 1),
        new ExperimentStopping(At(15.5), "paused", ""),
        new ExperimentTakenOver(At(19), Origin),
        new SlotJoined(At(0.25), 3, "node-a", Origin.StartedAt),
        new AttemptRegained(At(20), 7, 1, 3, 2, 5),
        new SlotJoined(At(21), 3, "node-a", Origin.StartedAt, "10.0.0.5:7620"),
    ];

    public static IReadOnlyList<object> Messages(IActorRef node) =>
    [
        new EventsFileMark(12345678901, "0123456789abcdef0123456789abcdef"),
        new JoinNode("node-a", 8),
        new StartJob(3, 7, 2, "crash", long.MaxValue, Parameters, 4.5, 27, Checkpoint),
        new StartJob(0, 0, 1, "", 0, Configuration.Empty, 0, 1, null),
        new StartJob(0, 0, 2, "", 0, Configuration.Empty, 1, 4, null, 64, GoesOn: true),
        new EndJob(7, 2),
        new EndJob(7, 2, 3, 12345678901),
        new EndJob(7, 2, 3, 12345678901, 4),
        new StartJob(3, 7, 2, "crash", 1, Configuration.Empty, 0, 1, Number: 12345678901, Joining: 2),
        new SlotGivenUp(3),
        new JobTaken(7, 2),
        new JobGone(7, 2),
        new NodeJoined(2),
        new JoinNode("node-a", 8, 2),
        new NodeReport(new JobReport(7, 2, 3, [new TrialReport(4.5, 0.1, "a/b"), new TrialReport(5, double.NaN), TrialReport.Rejected("no JSON object")], null)),
        new NodeReport(new JobReport(7, 2, 4, [], new TrialEnding(EndingCause.TimeLimit, "longer than 1 h"))),
        new NodeReport(new JobReport(7, 2, 5, [], new TrialEnding(EndingCause.OutOfMemory, "SIGKILL"))),
        new NodeReport(new JobReport(7, 2, 4, [], new TrialEnding(EndingCause.SlotRetired, "", "it still runs"))),
        new ReportStored(7, 2, 3),
        new ReleaseCheckpoints(7, Checkpoint),
        new ReleaseCheckpoints(7, null),
        new ReleaseCheckpoints(7, Checkpoint, [Checkpoint with { Path = "epoch-3", Bytes = 4096 }]),
        new OpenExperiment("digits-1", 3),
        new CloseExperiment("digits-1"),
        new GrantSlot(5, "node-a", node, 2),
        new GrantSlots([new(5, "node-a", node, 2), new(6, "node-a", node, 3)]),
        new RecallSlot(5),
        new ReturnSlot("digits-1", 5),
        new ParkSlot("digits-1", 5),
        new UseSlot("digits-1", 5),
        new WantSlots("digits-1"),
        new SlotsLost([3, 5]),
        new RetireSlot(1, "trial 7 did not end within 5 s of being asked to"),
        new SlotRetired(5, "trial 7 did not end within 5 s of being asked to"),
        new SlotsUnreachable([3, 5]),
        new LeaveNode(),
        new NodeReleased(),
        new AttemptOver(7, 2),
        new StartJob(3, 7, 2, "", 1, Configuration.Empty, 0, 1, Run: "digits-1", Program: Spec.Trial),
        new ReleaseCheckpoints(7, Checkpoint, Run: "digits-1"),
        new SubmitExperiment("0123", Spec, 3, -1, 5),
        new ExperimentSubmitted("0123", "digits-1"),
        new ListExperiments(),
        new ListExperiments(100, "digits-1", [RunPhase.Open, RunPhase.Paused], "digits-2"),
        new ExperimentList([new("digits-2", "digits", RunPhase.Paused, Origin.StartedAt, 1, Opening: 3)], 7, "akka.ssl.tcp://asha@10.0.0.5:7600", [], IsPage: true, Next: "digits-2", Total: 5),
        new ExperimentList([new("digits-1", "digits", RunPhase.Open, Origin.StartedAt, 3, -1, 5, node), new("digits-2", "digits", RunPhase.Over, Origin.StartedAt, 1, 0, null, null, "completed", "all done", "no disk")], 7, "akka.ssl.tcp://asha@10.0.0.5:7600", [new ListedNode("node-a", 2, node, true)]),
        new ListedNode("node-b", 1, node),
        new ListedExperiment("digits-1", "digits", RunPhase.Ending, Origin.StartedAt, 1, 0, null),
        new PauseExperiment("digits-1"),
        new ResumePaused("digits-1"),
        new CancelExperiment("digits-1"),
        new DrainMember("node-a"),
        new LeaveWhenIdle(),
        new RegistryDone(),
        new RegistryRefused("there is no such run"),
        new WakeRun("digits-1", Spec, Origin, 3, -1, 5),
        new RunAwake("digits-1"),
        new EndRun("digits-1", "paused"),
        new RunEnded("digits-1", "completed", ""),
        new RunEndKnown("digits-1"),
        new RunEnded("digits-1", "paused", "", 2),
        new IsRunOver("digits-1"),
        new RunIsOver("digits-1"),
        new RunIsPaused("digits-1"),
        new RunFailed("digits-1", "another engine has written to this run's journal"),
        new RegistryBegun(1L << 33, Origin.StartedAt, "akka.ssl.tcp://asha@10.0.0.5:7600"),
        new NumbersAllowed(1024),
        new RunAdmitted("digits-1", "0123", Spec, Origin, 3, -1, 5),
        new RunEndAsked("digits-1", "cancelled"),
        new RunSettled("digits-1", "completed", "all done"),
        new RunReopened("digits-1", Origin),
        new NodeDrained("node-a", "0123456789abcdef", Origin.StartedAt),
        new JoinNode("node-a", 2, 1, Process: "0123456789abcdef"),
        new StartJob(3, 7, 2, "crash", 1, Configuration.Empty, 0, 1, Number: 5, Joining: 2, Run: "digits-1", Grant: (7L << 32) + 1, Writer: 2, Heard: 3),
        new EndJob(7, 2, 3, 5, 4, "digits-1", 2),
        new JoinNode("node-a", 2, 2, 7, 40, [new RunningJob("digits-1", 7, 2, 1)], [new SlotCapacity(4, 1L << 40, 1, ["fast", "near"]), SlotCapacity.None]),
        new NodeJoined(2, 7, 40),
        new AnnounceNode(7),
        new OpenExperiment("digits-1", 3, [40, 41], 2, 5, 4, new SlotDemand(1, 1L << 30, 1, ["fast"])),
        new ReopenExperiment(7),
        new HoldSlots("digits-1", [40, 41], [41], true, (7L << 32) + 9, 2),
        new ReturnSlot("digits-1", 5, (7L << 32) + 1, 6),
        new GrantSlots([new(5, "node-a", node, 2, 2, (7L << 32) + 1, new RunningJob("digits-1", 7, 2, 1), new SlotCapacity(Gpus: 1))], (7L << 32) + 9),
        new RecallSlot(5, new SlotDemand(Gpus: 1), (7L << 32) + 9),
        new KeepSlot(5, (7L << 32) + 9),
        new SlotsLost([3, 5], (7L << 32) + 9),
        new SlotsUnreachable([3, 5], (7L << 32) + 9),
        new SlotRetired(5, "it still runs", (7L << 32) + 9),
        new ToldSoFar((7L << 32) + 9),
        new RunningJob("digits-1", 7, 2, 1),
        new JoinNode("node-a", 8, 2, Files: "10.0.0.5:7620"),
        new GrantSlots([new(5, "node-a", node, 2, Files: "10.0.0.5:7620")]),
        new GrantSlot(5, "node-a", node, 2, Files: "10.0.0.5:7620"),
        new StartJob(3, 7, 2, "", 1, Configuration.Empty, 4.5, 27, Checkpoint, Holder: "10.0.0.5:7620"),
        new KeptReport("digits-1", 1, 12345678901, new JobReport(7, 2, 4, [new TrialReport(4.5, 0.1, "a/b")], new TrialEnding(EndingCause.Exited))),
        new DroppedReport("digits-1", 7, 2, 4),
        new NameIsShared("node-a", "10.0.0.6:7601"),
        new SubmitExperiment("0123", Spec, Digest: "0f"),
        new RegistryRefused("digits-1 was submitted with this key", IsOther: true),
        new RunAdmitted("digits-1", "0123", Spec, Origin, 3, Digest: "0f"),
    ];
}
