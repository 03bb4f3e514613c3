using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>How much of a run in a recorded world is known: which of its jobs were recorded so, and until when it is as good as the recording.</summary>
public sealed class RecordedKnowledge
{
    private readonly HashSet<(int Trial, int Attempt)> _unknown = [];

    /// <summary>Of attempts that were not recorded as they started, or not to their end: until when they are known.</summary>
    private readonly Dictionary<(int Trial, int Attempt), TimeSpan> _knownUntil = [];

    /// <summary>Jobs whose result was never recorded, and which had one here: it ranked last.</summary>
    public int Unknown { get; private set; }

    /// <summary>Jobs that were not recorded as they start here, or not to their end: how long they last, or what they bring, is not known.</summary>
    public int Estimated { get; private set; }

    /// <summary>Until then everything is as good as the recording; later than the run's end: all of it is.</summary>
    public TimeSpan KnownUntil { get; private set; } = TimeSpan.MaxValue;

    /// <summary>An attempt begins, and goes like this.</summary>
    public void Begins(JobStarted job, RecordedCourse course)
    {
        if (!course.IsKnown)
            _unknown.Add((job.Trial, job.Attempt));
        if (course.KnownFor is { } known)
            _knownUntil[(job.Trial, job.Attempt)] = job.Time + known;
    }

    /// <summary>Takes the run's next event. One that was cut or lost in the recording, and is so again, is as known as any. O(1).</summary>
    public void Take(ExperimentEvent happened)
    {
        if (happened.EndedAttempt() is not { } ended)
            return;
        if (_unknown.Remove(ended) && happened is JobCompleted)
            Unknown++;
        if (!_knownUntil.Remove(ended, out var until) || until >= happened.Time)
            return;
        Estimated++;
        KnownUntil = until < KnownUntil ? until : KnownUntil;
    }
}
