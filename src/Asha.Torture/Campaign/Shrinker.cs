using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>
/// Makes a case that breaks a law smaller, as long as it breaks that law: of a seed's experiments only the one that broke it, fewer kinds of faults (halves of them, quarters and so on, as delta debugging does), nodes and trials, and a shorter fire. A smaller case is another run: it need not break the law in
/// the same way. Where little can be taken away, other seeds are tried with few trials: what a large run of one seed shows, a small one of another may show as well. Kinds that do not happen are named in the case, so that the result stands for itself.
/// </summary>
/// <param name="run">Runs a case.</param>
/// <param name="most">So many runs at most.</param>
public sealed class Shrinker(Func<TortureCase, TortureResult> run, int most = 400)
{
    /// <summary>A person can read through a case of so many events.</summary>
    private const long Few = 100;

    private int _runs;
    private TortureResult _smallest = null!;

    /// <summary>The smallest that was found, which may be <paramref name="broken"/> itself.</summary>
    /// <param name="broken">A result with a broken law.</param>
    public TortureResult Shrink(TortureResult broken)
    {
        _smallest = broken;
        if (broken.Case.IsWhole)
            Try(broken.Last);
        TakeAway();
        if (_smallest.Events > Few)
        {
            LookElsewhere();
            TakeAway();
        }
        return _smallest;
    }

    private void TakeAway()
    {
        TakeKinds();
        var plan = PlanDraw.Of(_smallest.Case);
        Least(Sizes(plan.Nodes.Count), nodes => Try(_smallest.Case with { Nodes = nodes }));
        Least(Sizes(SpecDraw.MostTrials(plan.Spec)), trials => Try(_smallest.Case with { Trials = trials }));
        foreach (var share in (ReadOnlySpan<double>)[0, .1, .3, .6])
        {
            if (share < _smallest.Case.Fire && Try(_smallest.Case with { Fire = share }))
                break;
        }
        // With fewer trials some kinds may not be needed any more.
        TakeKinds();
    }

    /// <summary>Small cases of other seeds, the smallest first.</summary>
    private void LookElsewhere()
    {
        foreach (var trials in (ReadOnlySpan<int>)[3, 6, 12, 25])
        {
            for (var seed = 1; seed <= 40; seed++)
            {
                if (Try(new TortureCase(_smallest.Case.Seed + seed) { Nodes = 1, Trials = trials }) || Try(new TortureCase(_smallest.Case.Seed + seed) { Nodes = 2, Trials = trials }))
                    return;
            }
        }
    }

    private void TakeKinds() => Kinds([.. PlanDraw.Of(_smallest.Case).Faults.Kinds.Order()], kinds => Try(_smallest.Case with { Without = [.. _smallest.Case.Without.Union(kinds)] }));

    /// <summary>Whether it breaks the same law, and is smaller.</summary>
    private bool Try(TortureCase smaller)
    {
        if (_runs >= most)
            return false;
        _runs++;
        if (run(smaller) is not { Broken: { } same } result || same.Law != _smallest.Broken!.Law || result.Events > _smallest.Events)
            return false;
        _smallest = result;
        return true;
    }

    /// <summary>Takes away as many as it can: all, then halves, quarters, and in the end one by one.</summary>
    private static void Kinds(List<Fault> kinds, Func<IReadOnlyList<Fault>, bool> goes)
    {
        for (var size = kinds.Count; size > 0; size /= 2)
        {
            for (var from = 0; from < kinds.Count;)
            {
                var part = kinds.GetRange(from, Math.Min(size, kinds.Count - from));
                if (goes(part))
                    kinds.RemoveRange(from, part.Count);
                else
                    from += part.Count;
            }
        }
    }

    private static void Least(IEnumerable<int> sizes, Func<int, bool> isEnough)
    {
        foreach (var size in sizes)
        {
            if (isEnough(size))
                return;
        }
    }

    /// <summary>1, 2, 3, 4, 6, 9, 13 … below the size that there is.</summary>
    private static IEnumerable<int> Sizes(double below)
    {
        for (var size = 1; size < below; size += Math.Max(1, size / 2))
            yield return size;
    }
}
