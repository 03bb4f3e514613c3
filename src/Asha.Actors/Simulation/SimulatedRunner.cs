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
        var flight = new Flight(this, launch.Configuration, listener);
        _started[(launch.Trial, launch.Attempt)] = flight;
        UnderWay++;
        return flight;
    }

    /// <summary>Takes an attempt that was started and whose end nobody has planned yet; <c>null</c>: its node was gone before it began.</summary>
    public Flight? Take(JobStarted started) => _started.Remove((started.Trial, started.Attempt), out var flight) ? flight : null;

    public void Die() => (IsDead, UnderWay) = (true, 0);

    public sealed class Flight(SimulatedRunner runner, Configuration parameters, IAttemptListener listener) : IAttempt
    {
        private bool _ended;

        public Configuration Parameters => parameters;

        /// <summary>Whether it goes on, on a node that lives.</summary>
        public bool IsUnderWay => !_ended && !runner.IsDead;

        public void End(SimulatedAttempt attempt)
        {
            if (!IsUnderWay)
                return;
            _ended = true;
            runner.UnderWay--;
            if (attempt.Result is { } result)
                listener.Reported(result);
            listener.Ended(attempt.Ending);
        }

        public void Stop() => End(new SimulatedAttempt(default, null, new TrialEnding(EndingCause.Stopped)));
    }
}
