using System.Collections.Immutable;

namespace Asha.Core.Experiments;

/// <summary>A node, and how it does with an experiment's jobs: what failed there since it last completed one, or was put into quarantine.</summary>
/// <param name="node">Its name.</param>
public sealed class NodeConduct(string node)
{
    private readonly HashSet<int> _trials = [];
    private readonly List<FailedThere> _charged = [];

    /// <summary>Its name.</summary>
    public string Node => node;

    /// <summary>The <see cref="TrialState.Moves"/> of a trial that has begun here, as long as it has been nowhere else: one for all of them, as there are many.</summary>
    internal ImmutableArray<(int Attempt, string Node)> FirstMoves { get; } = [(1, node)];

    /// <summary>Slots of it that the experiment holds.</summary>
    public int Slots { get; internal set; }

    /// <summary>Whether the last job that ended there was completed, or failed; <c>null</c>: none has ended.</summary>
    public bool? IsSound { get; private set; }

    /// <summary>Attempts that failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>The trials that they were of.</summary>
    public IReadOnlySet<int> Trials => _trials;

    /// <summary>Those of them that used up a retry.</summary>
    public IReadOnlyList<FailedThere> Charged => _charged;

    internal void Succeed()
    {
        Forget();
        IsSound = true;
    }

    /// <param name="trial">Whose attempt it was.</param>
    /// <param name="charged">It used up a retry; <c>null</c>: it did not.</param>
    internal void Fail(int trial, FailedThere? charged)
    {
        IsSound = false;
        Failures++;
        _trials.Add(trial);
        if (charged is not null)
            _charged.Add(charged);
    }

    internal void Forget()
    {
        Failures = 0;
        _trials.Clear();
        _charged.Clear();
    }
}
