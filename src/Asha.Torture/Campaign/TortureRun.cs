using Asha.Torture.Invariants;
using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>Runs one case: a whole seed's experiments one after the other, each in a world of its own, until it has events enough; or one experiment.</summary>
public static class TortureRun
{
    /// <summary>A whole seed has at least so many events.</summary>
    public const long LeastEvents = 2000;

    /// <summary>Where each of so many experiments is over at once, the engine does not let any of them go on, which is for the laws to say.</summary>
    private const int MostExperiments = 1000;

    /// <param name="listener">Told of everything, in words; <c>null</c>: nobody is.</param>
    public static TortureResult Of(TortureCase @case, Action<TraceLine>? listener = null)
    {
        using var stage = new Stage();
        return Of(@case, stage, listener);
    }

    /// <param name="stage">Where other cases may have been before.</param>
    /// <param name="listener">Told of everything, in words; <c>null</c>: nobody is.</param>
    public static TortureResult Of(TortureCase @case, Stage stage, Action<TraceLine>? listener = null)
    {
        if (!@case.IsWhole)
            return One(@case, stage, listener);
        var all = One(@case with { Experiment = 1 }, stage, listener) with { Case = @case };
        for (var number = 2; all.Broken is null && all.Events < LeastEvents && number <= MostExperiments; number++)
        {
            listener?.Invoke(new TraceLine(TimeSpan.Zero, $"*** experiment {number} of the seed", IsOfNote: true));
            all = all.And(One(@case with { Experiment = number }, stage, listener));
        }
        return all;
    }

    private static TortureResult One(TortureCase @case, Stage stage, Action<TraceLine>? listener)
    {
        using var world = new TortureWorld(stage.Clear(), PlanDraw.Of(@case), Laws.All(TimeSpan.Zero), listener);
        return world.Run();
    }
}
