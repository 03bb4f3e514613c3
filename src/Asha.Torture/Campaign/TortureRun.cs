using Asha.Torture.Invariants;
using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>Runs one case, in a world of its own.</summary>
public static class TortureRun
{
    /// <param name="listener">Told of everything, in words; <c>null</c>: nobody is.</param>
    public static TortureResult Of(TortureCase @case, Action<TraceLine>? listener = null)
    {
        using var world = new TortureWorld(PlanDraw.Of(@case), Laws.All(TimeSpan.Zero), listener);
        return world.Run();
    }
}
