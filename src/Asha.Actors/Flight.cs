using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>A report of the flight's trial that is not its result.</summary>
internal sealed record FlightReported(Flight Flight, TrialReport Report) : INoSerializationVerificationNeeded;

/// <summary>The flight's trial has ended.</summary>
internal sealed record FlightEnded(Flight Flight, TrialEnding Ending) : INoSerializationVerificationNeeded;

/// <summary>
/// What runs on a slot, as its runner sees it. The result waits here for the ending, and what comes after it is ignored. Of a trial that runs through several levels, which is one attempt after the other, all reports go to
/// the slot's actor: which of them is a result is known only there.
/// </summary>
internal sealed class Flight(RunAttempt run, IActorRef slot) : IAttemptListener
{
    private readonly bool _runsThrough = run.RunsThrough;

    /// <summary>The attempt under way; the slot's actor alone changes it.</summary>
    public RunAttempt Run { get; set; } = run;

    /// <summary>What ends it; <c>null</c> until it is started.</summary>
    public IAttempt? Attempt { get; set; }

    /// <summary>The first report that reached the last level. It is there before <see cref="Ended"/> is told, and read after.</summary>
    public TrialReport? Result { get; set; }

    /// <summary>While it waits for word whether it goes on; <c>null</c> otherwise.</summary>
    public Pause? Pause { get; set; }

    /// <summary>Whether the report is the result of the attempt under way. One that went on from beyond its level has trained it already.</summary>
    public bool Reaches(TrialReport report) => report.Problem is null && report.Resource >= Run.Level && (report.Resource > Run.Launch.Start || Run.Launch.Start >= Run.Level);

    public void Reported(TrialReport report)
    {
        if (!_runsThrough && Result is not null)
            return;
        if (!_runsThrough && Reaches(report))
            Result = report;
        else
            slot.Tell(new FlightReported(this, report));
    }

    public void Ended(TrialEnding ending) => slot.Tell(new FlightEnded(this, ending));
}

/// <summary>The time in which a trial runs on, and nobody knows yet whether it may.</summary>
/// <param name="reached">The report that reached the level; it may have reached the next ones as well.</param>
internal sealed class Pause(TrialReport reached)
{
    public TrialReport Reached => reached;

    /// <summary>What it reported meanwhile.</summary>
    public Queue<TrialReport> Reports { get; } = new();

    /// <summary>How it ended meanwhile.</summary>
    public TrialEnding? Ending { get; set; }

    /// <summary>It was told not to go on.</summary>
    public bool IsOver { get; set; }
}
