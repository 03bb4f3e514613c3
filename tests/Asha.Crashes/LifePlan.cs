namespace Asha.Crashes;

/// <summary>What is to become of one engine: how the instant of its death is chosen, how long that waits at least, and how much is done to its run meanwhile.</summary>
internal sealed record LifePlan(Aim Aim, TimeSpan Wait, int Hurts)
{
    /// <summary>Draws one.</summary>
    public static LifePlan Of(Random random, Workload work, bool isLeftAlone)
    {
        var aim = random.NextDouble() switch
        {
            < .15 => Aim.FromStart,
            < .55 => Aim.Running,
            < .85 => Aim.Report,
            _ => Aim.Locked,
        };
        var wait = Seconds(random, aim == Aim.FromStart ? 1.6 : aim == Aim.Running ? 1.5 : .8);
        return new LifePlan(aim, wait, isLeftAlone ? 0 : random.Next(3) + (work.HurtsTrials ? 2 : 0));
    }

    public static TimeSpan Seconds(Random random, double most) => TimeSpan.FromSeconds(random.NextDouble() * most);

    /// <summary>What is random of one engine's life: each its own, whatever was drawn before.</summary>
    public static Random Draws(int seed, int round, int engine, int stream) => new(unchecked((((((seed * 1000003) + round) * 1009) + engine) * 31) + stream));
}
