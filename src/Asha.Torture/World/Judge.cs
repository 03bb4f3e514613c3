using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Invariants;

namespace Asha.Torture.World;

/// <summary>Has the laws judge all that is seen, and keeps the first that was broken: what sees it is often in the midst of an actor's turn, and nothing may be thrown there.</summary>
internal sealed class Judge(IReadOnlyList<Invariant> laws)
{
    private static readonly string[] _words = [.. typeof(Invariant).GetMethods().Where(method => method is { IsVirtual: true } && method.DeclaringType == typeof(Invariant)).Select(method => method.Name)];
    private static readonly ConcurrentDictionary<(Type Law, string Word), bool> _listens = new();

    /// <summary>Which laws listen to what: most have nothing to say to most of it, and each is asked at every turn.</summary>
    private readonly FrozenDictionary<string, Invariant[]> _listeners = _words.ToFrozenDictionary(word => word, word => laws.Where(law => Listens(law.GetType(), word)).ToArray());

    public ViolationException? Broken { get; private set; }

    public IReadOnlyList<Invariant> Laws => laws;

    /// <summary>Told of it, at that moment.</summary>
    public Action<ViolationException>? Told { get; set; }

    /// <summary>A law of the world's own is broken.</summary>
    public void Blame(string law, string what, int? trial = null) => Blame(new ViolationException(law, what) { Trial = trial });

    public void Blame(ViolationException broken)
    {
        if (Broken is not null)
            return;
        Broken = broken;
        Told?.Invoke(broken);
    }

    public void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events) => Each(law => law.Committed(now, events));

    public void Written(TimeSpan now, string writer, IReadOnlyList<ExperimentEvent> events) => Each(law => law.Written(now, writer, events));

    public void Announced(TimeSpan now, int node, int life, JoinNode join) => Each(law => law.Announced(now, node, life, join));

    public void Taken(TimeSpan now, NodeSlot slot, StartJob job) => Each(law => law.Taken(now, slot, job));

    public void Arrived(TimeSpan now, JobReport report) => Each(law => law.Arrived(now, report));

    public void Acknowledged(TimeSpan now, ReportStored stored) => Each(law => law.Acknowledged(now, stored));

    public void Ordered(TimeSpan now, StartJob job) => Each(law => law.Ordered(now, job));

    public void Asked(TimeSpan now, StopExperiment stop) => Each(law => law.Asked(now, stop));

    public void Released(TimeSpan now, ReleaseCheckpoints release) => Each(law => law.Released(now, release));

    public void Reported(TimeSpan now, NodeSlot slot, StartJob job, TrialReport report) => Each(law => law.Reported(now, slot, job, report));

    public void Began(TimeSpan now, NodeSlot slot, StartJob job) => Each(law => law.Began(now, slot, job));

    public void Gone(TimeSpan now, NodeSlot slot, int trial, int attempt) => Each(law => law.Gone(now, slot, trial, attempt));

    public void Harmed(TimeSpan now, string node) => Each(law => law.Harmed(now, node));

    public void Crashed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Each(law => law.Crashed(now, durable, live));

    public void Quiet(TimeSpan now, ExperimentState live, bool isHeld) => Each(law => law.Quiet(now, live, isHeld));

    public void Changed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Each(law => law.Changed(now, durable, live));

    public void Ended(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Each(law => law.Ended(now, durable, live));

    private static bool Listens(Type law, string word) => _listens.GetOrAdd((law, word), entry => entry.Law.GetMethod(entry.Word)!.DeclaringType != typeof(Invariant));

    private void Each(Action<Invariant> ask, [CallerMemberName] string word = "")
    {
        foreach (var law in _listeners[word])
        {
            if (Broken is not null)
                return;
            try
            {
                ask(law);
            }
            catch (ViolationException broken)
            {
                Blame(broken);
            }
        }
    }
}
