namespace Asha.Torture.Faults;

/// <summary>What a world does to the engine. Each seed draws some of them.</summary>
public enum Fault
{
    /// <summary>Mailboxes that are ready run in another order than they became so.</summary>
    MailboxOrder,
    /// <summary>A message between machines takes a while, and with it those behind it.</summary>
    Delayed,
    /// <summary>It never arrives.</summary>
    Dropped,
    /// <summary>It arrives twice.</summary>
    Duplicated,
    /// <summary>A connection breaks: what is on its way arrives after what is sent later.</summary>
    Reordered,
    /// <summary>The network falls into parts: for a while nothing passes between the coordinator and some nodes, or between supervisor and experiment, or nothing in one direction; once, or on and off.</summary>
    Partition,
    /// <summary>A node is gone at once, and what it ran.</summary>
    NodeCrash,
    /// <summary>The same, but at first it only does not answer.</summary>
    NodeSilent,
    /// <summary>A node does not answer for a while, and runs on: then it tells of attempts that were given up, and joins again or goes.</summary>
    NodeFrozen,
    /// <summary>A node fails all that it is given, at once, until it is mended.</summary>
    NodeFails,
    /// <summary>A node takes no more jobs, and goes.</summary>
    NodeLeaves,
    /// <summary>A node comes later.</summary>
    NodeJoins,
    /// <summary>The coordinator, and all on its machine, is gone between two turns of mailboxes, and another goes on from the journal.</summary>
    CoordinatorCrash,
    /// <summary>A node lives on where its coordinator went: it joins the next one, with what it runs.</summary>
    NodeOutlives,
    /// <summary>Whoever follows a coordinator that is lost takes over its run, with the slots and what runs on them.</summary>
    Takeover,
    /// <summary>One that seems to be lost, and that another follows, speaks on for a while.</summary>
    Zombie,
    /// <summary>The supervisor alone is lost, and another one knows nothing of nodes and experiments before they tell.</summary>
    SupervisorLost,
    /// <summary>The user ends the run, and goes on with it later.</summary>
    UserInterrupts,
    /// <summary>The user asks again, once in good order, or for the end at once.</summary>
    UserInsists,
    /// <summary>The user ends the run for good.</summary>
    UserCancels,
    /// <summary>The journal takes its time.</summary>
    JournalSlow,
    /// <summary>A write fails, and the journal with it.</summary>
    JournalFails,
    /// <summary>A coordinator that is lost while a batch is written leaves it behind whole, or not at all.</summary>
    JournalTorn,
    /// <summary>The newest snapshot is gone.</summary>
    SnapshotLost,
    /// <summary><c>events.jsonl</c> was cut somewhere when the coordinator went, or is gone.</summary>
    EventsFileTorn,
    /// <summary>A checkpoint is gone when an attempt is to go on from it.</summary>
    CheckpointMissing,
    /// <summary>It is not what was published.</summary>
    CheckpointCorrupt,
    /// <summary>A trial is ended by a signal.</summary>
    TrialCrashes,
    /// <summary>A trial exits with an error.</summary>
    TrialExits,
    /// <summary>A trial ends in good order and has said too little, or nothing.</summary>
    TrialSaysNothing,
    /// <summary>A trial has no memory.</summary>
    TrialOutOfMemory,
    /// <summary>A trial cannot be started.</summary>
    TrialStartFails,
    /// <summary>Reports whose resource falls, or stays, and lines that are none.</summary>
    TrialFalls,
    /// <summary>The result is NaN or infinite.</summary>
    TrialDiverges,
    /// <summary>A trial reports beyond what it was to reach.</summary>
    TrialGoesBeyond,
    /// <summary>It reports on after its result, and ends late.</summary>
    TrialTalksOn,
    /// <summary>A flood of reports.</summary>
    TrialFloods,
    /// <summary>It says nothing more and runs, until a limit ends it.</summary>
    TrialHangs,
    /// <summary>It takes its time to end when it is told to.</summary>
    TrialEndsSlowly,
    /// <summary>It takes longer to end than a run that is ended waits for it.</summary>
    TrialOutstays,
    /// <summary>It cannot be ended, and its slot is retired.</summary>
    TrialRetiresSlot,
}
