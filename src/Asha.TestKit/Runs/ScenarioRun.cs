using Akka.Actor;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Recordings;

namespace Asha.TestKit;

/// <summary>A scenario under way, made by <see cref="AshaTestKit"/>: it goes on when it is told to, and says what happened so far.</summary>
public sealed class ScenarioRun : RunUnderTest
{
    /// <summary>So many timers may ring when the world has nothing in store and nothing is decided: then it is only a report that nobody takes, sent again and again.</summary>
    private const int MostInVain = 1000;

    private readonly VirtualSystem _system;
    private readonly SimulatedWorld _world;
    private readonly RecordedKnowledge _knowledge = new();
    private bool _isLeft;

    internal ScenarioRun(VirtualSystem system, Scenario scenario, WorldParts parts)
    {
        _system = system;
        SimulatedWorld? world = null;
        var run = ScenarioWorld.Run(scenario, Take, _knowledge);
        try
        {
            Act(() =>
            {
                world = new SimulatedWorld(run, system, parts);
                world.Begin();
            });
            _world = world!;
            ThrowIfFailed();
        }
        catch
        {
            // Whoever starts the next one finds the names free.
            Act(() => world?.Leave());
            throw;
        }
    }

    /// <summary>Results so far of jobs that were never recorded, in a scenario of a <see cref="Recording"/>: they rank last. 0: everything is as it was recorded.</summary>
    public int UnknownResults => _knowledge.Unknown;

    /// <summary>The run's time: of the last thing that happened, or the one it was run until.</summary>
    public override double Now => Seconds.Of(_world.Now);

    /// <summary>The supervisor, or who plays it.</summary>
    public IActorRef Supervisor => _world.Supervisor;

    /// <summary>The experiment, or who plays it.</summary>
    public IActorRef Experiment => _world.Experiment;

    /// <summary>The actor of a node, or who plays it; nobody before it joined.</summary>
    /// <param name="number">From 0, as it stands in the scenario.</param>
    public IActorRef Node(int number) => _world.Node(number);

    /// <summary>Goes on until the experiment has ended.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">It does not: nothing can happen any more, since somebody does not answer. The message shows the timeline.</exception>
    public ScenarioRun RunToEnd()
    {
        Act(_world.Settle);
        for (var vain = 0; !IsOver && vain < MostInVain && Act(_world.Advance);)
            vain = _world.MayGoOn ? 0 : vain + 1;
        ThrowIfFailed();
        return IsOver ? this : throw Failed("The run does not come to its end: nothing can happen any more, and somebody who is played by the test has not answered.", _world.Now);
    }

    /// <summary>Goes on until a time: all that happens up to it and at it has happened, and it is <see cref="Now"/>. A run that ends before stays at its end.</summary>
    /// <param name="time">Seconds since the run's start.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time has passed, or is none.</exception>
    public ScenarioRun RunUntil(double time)
    {
        if (!(time >= Now && time <= Seconds.Most))
            throw new ArgumentOutOfRangeException(nameof(time), time, $"The run is at {Seconds.Text(_world.Now)} s; say a time that is not earlier, up to a thousand million.");
        var hasCome = false;
        Act(_world.Settle);
        // Behind everything else of that time.
        _system.Clock.At(_system.Clock.Now + (Seconds.Span(time) - _world.Now), EventClass.Horizon, long.MaxValue, () => hasCome = true);
        while (!hasCome && !IsOver && Act(_world.Advance))
        {
        }
        ThrowIfFailed();
        return this;
    }

    /// <summary>Goes on until something has happened, from now on, and all that followed from it at that time.</summary>
    /// <typeparam name="T">Which kind of event: <see cref="TrialPromoted"/>, <see cref="JobCompleted"/> …</typeparam>
    /// <param name="which">Which of them; left out, the next.</param>
    /// <returns>The event.</returns>
    /// <exception cref="Xunit.Sdk.XunitException">It never happened. The message shows the timeline.</exception>
    public T RunUntilNext<T>(Func<T, bool>? which = null) where T : ExperimentEvent
    {
        var (seen, vain) = (Events.Count, 0);
        Act(_world.Settle);
        while (true)
        {
            for (; seen < Events.Count; seen++)
            {
                if (Events[seen] is T happened && which?.Invoke(happened) != false)
                    return happened;
            }
            vain = _world.MayGoOn ? 0 : vain + 1;
            if (IsOver || vain > MostInVain || !Act(_world.Advance))
                break;
        }
        ThrowIfFailed();
        throw Failed($"There was no {typeof(T).Name}{(which is null ? "" : " such as it was waited for")}: the run {(IsOver ? "is over" : "has come to a halt")}.", _world.Now);
    }

    /// <summary>Another run begins, or the test ends.</summary>
    internal void Leave() => Act(() =>
    {
        _world.Leave();
        _isLeft = true;
    });

    private void Act(Action act) => Act(() =>
    {
        act();
        return true;
    });

    /// <summary>Messages wait in line meanwhile, as in any other run, and the calling thread is the world's.</summary>
    private bool Act(Func<bool> act)
    {
        if (_isLeft)
            throw new InvalidOperationException("This run was left when the next one was started: what it did can be looked at, but it does not go on.");
        _system.Clock.Take();
        try
        {
            return act();
        }
        finally
        {
            _system.Clock.BeFree();
        }
    }

    private void ThrowIfFailed()
    {
        if (_world.Failure is { } failure)
            throw new InvalidOperationException($"The run failed: {failure}");
    }
}
