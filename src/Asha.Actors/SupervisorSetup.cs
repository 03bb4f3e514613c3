using Akka.Actor;
using Asha.Actors.Metrics;

namespace Asha.Actors;

/// <summary>What a supervisor is made with. On one machine there is nothing to say: <see cref="Alone"/>.</summary>
/// <param name="Epoch">Supervisors are counted from 1, each after the one before is over; 0: there is but one, and no message gets lost.</param>
/// <param name="NextNumber">Those before may have given all lower slot numbers.</param>
public sealed record SupervisorSetup(int Epoch = 0, int NextNumber = 0)
{
    public static SupervisorSetup Alone { get; } = new();

    /// <summary>Numbers below this one may be given without asking.</summary>
    public int NumberLimit { get; init; } = int.MaxValue;

    /// <summary>What was not answered is said again after this time.</summary>
    public TimeSpan ResendInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So long a slot that an experiment claims may wait for its node to announce itself.</summary>
    public TimeSpan NodeGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Is told of runs that are away, and asked for numbers; <c>null</c>: the supervisor's parent.</summary>
    public IActorRef? Registry { get; init; }

    /// <summary>Is shown the slots, each second; <c>null</c>: nobody wants to know.</summary>
    public EngineMetrics? Metrics { get; init; }

    /// <summary>Whether there may be others before and after, on other machines.</summary>
    public bool IsClustered => Epoch > 0;
}
