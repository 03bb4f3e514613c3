using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Simulation;

/// <summary>How an attempt goes in a simulated world: so long it lasts, and then it reports this and ends like that.</summary>
public readonly record struct SimulatedAttempt(TimeSpan Length, TrialReport? Result, TrialEnding Ending);

/// <summary>Ends a node's attempts when the world's time has come, in place of a process: the only thing of a node that differs from a real one.</summary>
internal sealed class SimulatedRunner : ITrialRunner
{
    private readonly Dictionary<(int Trial, int Attempt), Flight> _started = [];

    /// <summary>How many attempts have begun and not ended.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Its node has died: nothing of it is heard any more.</summary>
    public bool IsDead { get; private set; }

    /// <inheritdoc/>
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        var flight = new Flight(this, launch.Configuration, listener, launch.Target);
        _started[(launch.Trial, launch.Attempt)] = flight;
        UnderWay++;
        return flight;
    }

    /// <summary>Takes an attempt that was started and whose end nobody has planned yet; <c>null</c>: its node was gone before it began.</summary>
    public Flight? Take(JobStarted started) => _started.Remove((started.Trial, started.Attempt), out var flight) ? flight : null;

    public void Die() => (IsDead, UnderWay) = (true, 0);

    /// <param name="runner">Plans its next level.</param>
    /// <param name="parameters">The trial's.</param>
    /// <param name="listener">Hears of it.</param>
    /// <param name="target">A result below it is not the end: the trial runs on, and is told whether it may.</param>
    public sealed class Flight(SimulatedRunner runner, Configuration parameters, IAttemptListener listener, double target) : IAttempt
    {
        private bool _ended;

        public Configuration Parameters => parameters;

        /// <summary>Whether it goes on, on a node that lives.</summary>
        public bool IsUnderWay => !_ended && !runner.IsDead;

        public void End(SimulatedAttempt attempt)
        {
            if (!IsUnderWay)
                return;
            if (attempt.Result is { } result)
                listener.Reported(result);
            if (attempt.Result?.Resource < target)
                return;
            _ended = true;
            runner.UnderWay--;
            listener.Ended(attempt.Ending);
        }

        public void GoOn(TrialLaunch next) => runner._started[(next.Trial, next.Attempt)] = this;

        public void Stop() => End(new SimulatedAttempt(default, null, new TrialEnding(EndingCause.Stopped)));
    }
}
