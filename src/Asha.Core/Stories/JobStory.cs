using Asha.Core.Experiments;

namespace Asha.Core.Stories;

/// <summary>What came of an attempt.</summary>
public enum AttemptOutcome
{
    /// <summary>Nothing yet.</summary>
    UnderWay,
    /// <summary>The result of its rung.</summary>
    Result,
    /// <summary>A fault of the trial.</summary>
    Failed,
    /// <summary>It ended by no fault of the trial, and is made again.</summary>
    Lost,
    /// <summary>The run ended while it was under way.</summary>
    Cut,
}

/// <summary>One try of a job.</summary>
/// <param name="started">Where and with what it began.</param>
/// <param name="node">The node that the slot is on.</param>
public sealed class AttemptStory(JobStarted started, string node)
{
    /// <summary>Its number, slot, start, and what it started from. With <see cref="JobStarted.GoesOn"/> the trial's process ran on from the last job.</summary>
    public JobStarted Started { get; } = started;

    public string Node { get; } = node;

    /// <summary>It started again from nothing: the trial's checkpoint had gone to keep within the disk budget.</summary>
    public bool IsCheckpointDropped { get; init; }

    /// <summary>When it was over in its slot; <c>null</c>: it is under way.</summary>
    public TimeSpan? End { get; internal set; }

    public AttemptOutcome Outcome { get; internal set; }

    /// <summary>Why it failed or was lost, by <see cref="FaultNames"/>; empty otherwise.</summary>
    public string Cause { get; internal set; } = "";

    /// <summary>For people: exit code, signal, the last lines of output, what is wrong with a checkpoint; whatever the trial printed may be in it.</summary>
    public string Detail { get; internal set; } = "";

    /// <summary>It failed, and the job waited so long before it might be tried again; <c>null</c>: not at all.</summary>
    public TimeSpan? BackOff { get; internal set; }

    /// <summary>It failed, and its node was put in quarantine for that: it used up no try.</summary>
    public bool IsForgiven { get; internal set; }

    /// <summary>It failed, and the job is not tried again.</summary>
    public bool IsLast { get; internal set; }

    /// <summary>Reports of it that counted, and that did not.</summary>
    public (int Accepted, int Rejected) Reports { get; internal set; }
}

/// <summary>A trial's way to one rung: a job, however often it was tried.</summary>
public sealed class JobStory(int rung, double level)
{
    private readonly List<AttemptStory> _attempts = [];

    public int Rung { get; } = rung;

    public double Level { get; } = level;

    /// <summary>In the order of time; empty while it waits for a slot.</summary>
    public IReadOnlyList<AttemptStory> Attempts => _attempts;

    internal void Add(AttemptStory attempt) => _attempts.Add(attempt);
}
