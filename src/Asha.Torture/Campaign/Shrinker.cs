using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>
/// Makes a case that breaks a law smaller, as long as it breaks that law: fewer kinds of faults (halves of them, quarters and so on, as delta debugging does), nodes and trials, and a shorter fire. A smaller case is another run: it need not break the law in
/// the same way. Kinds that do not happen are named in the case, so that the result stands for itself.
/// </summary>
/// <param name="run">Runs a case.</param>
/// <param name="most">So many runs at most.</param>
public sealed class Shrinker(Func<TortureCase, TortureResult> run, int most = 150)
{
    private int _runs;

    /// <summary>The smallest that was found, which may be <paramref name="broken"/> itself.</summary>
    /// <param name="broken">A result with a broken law.</param>
    public TortureResult Shrink(TortureResult broken)
    {
        var law = broken.Broken!.Law;
        var smallest = broken;
        bool Try(TortureCase smaller)
        {
            if (_runs >= most)
                return false;
            _runs++;
            if (run(smaller) is not { Broken: { } same } result || same.Law != law)
                return false;
            smallest = result;
            return true;
        }
        var plan = PlanDraw.Of(broken.Case);
        Kinds([.. plan.Faults.Kinds.Order()], kinds => Try(smallest.Case with { Without = [.. smallest.Case.Without.Union(kinds)] }));
        Least(Sizes(plan.Nodes.Count), nodes => Try(smallest.Case with { Nodes = nodes }));
        Least(Sizes(SpecDraw.MostTrials(plan.Spec)), trials => Try(smallest.Case with { Trials = trials }));
        foreach (var share in (ReadOnlySpan<double>)[0, .1, .3, .6])
        {
            if (share < smallest.Case.Fire && Try(smallest.Case with { Fire = share }))
                break;
        }
        // With fewer trials some kinds may not be needed any more.
        Kinds([.. PlanDraw.Of(smallest.Case).Faults.Kinds.Order()], kinds => Try(smallest.Case with { Without = [.. smallest.Case.Without.Union(kinds)] }));
        return smallest;
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
