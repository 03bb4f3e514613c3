using Akka.Configuration;
using Asha.Actors;
using Asha.Actors.Simulation;
using Xunit.Abstractions;

namespace Asha.TestKit;

/// <summary>
/// Base class of tests in virtual time: an Akka.TestKit whose actor system runs on Asha's virtual clock, on the test's own thread. What a test tells an actor is done, with all that follows from it, when <c>Tell</c> returns; time moves only when the
/// test says so, and after that what probes got is there to be expected. Nothing needs real time, and no message can still be on its way.
/// </summary>
/// <remarks>
/// A message that is not there is waited for a tenth of a second of real time, whether it is expected or not (<c>akka.test.single-expect-default</c>, <c>akka.test.expect-no-message-default</c>): it will not come. The system logs nothing, so that an
/// <c>EventFilter</c> sees nothing. Actors run on whichever thread tells one of them something, or moves a run on, one thread at a time; a test may await, but not from several threads at once.
/// </remarks>
public abstract class AshaTestKit : Akka.TestKit.Xunit2.TestKit
{
    private static readonly Config _settings = ConfigurationFactory.ParseString("""
        # Whatever will come is there already; this is for what will not.
        akka.test.single-expect-default = 100ms
        akka.test.expect-no-message-default = 100ms
        """);

    private readonly VirtualSystem _system;
    private ScenarioRun? _run;

    /// <summary>A system of its own for each test.</summary>
    /// <param name="output">Where the runs' timelines go when they are left, for whoever reads the test's output; <c>null</c>: nowhere.</param>
    protected AshaTestKit(ITestOutputHelper? output = null)
        : this(new VirtualSystem(_settings.WithFallback(AshaActors.Configuration()).WithFallback(DefaultConfig)), output)
    {
    }

    private AshaTestKit(VirtualSystem system, ITestOutputHelper? output) : base(system.Actors, output)
    {
        _system = system;
        // What has been in line since the system began would stay there: only one that is put there is run at once.
        system.Clock.Drain();
        system.Clock.BeFree();
    }

    /// <summary>Starts a scenario: at its time 0, with all that happens then done: nodes have joined, first jobs have started. The run before it, if any, is left as it is.</summary>
    /// <param name="scenario">What is run.</param>
    /// <param name="standIns">Who plays which part; left out, Asha's own actors play all.</param>
    /// <exception cref="InvalidScenarioException">The scenario cannot be run; the message says everything that is wrong with it.</exception>
    protected ScenarioRun Start(Scenario scenario, StandIns? standIns = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (standIns?.Nodes.Keys.FirstOrDefault(number => number < 0 || number >= scenario.NodeList.Count, -1) is >= 0 and var missing)
            throw new InvalidScenarioException([$"StandIns: Nodes: there is no node {missing}: there are {scenario.NodeList.Count}, numbered from 0"]);
        Leave();
        return _run = new ScenarioRun(_system, scenario, standIns?.Parts ?? WorldParts.Own);
    }

    /// <summary>Runs a scenario to its end.</summary>
    /// <exception cref="InvalidScenarioException">The scenario cannot be run; the message says everything that is wrong with it.</exception>
    protected ScenarioRun Run(Scenario scenario) => Start(scenario).RunToEnd();

    /// <summary>Ends the actor system; it takes no real time.</summary>
    public override void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        Leave();
        _system.Clock.Take();
        _system.Dispose();
    }

    private void Leave()
    {
        if (_run is { Events.Count: > 0 } run)
            Output?.WriteLine(run.Timeline());
        _run?.Leave();
        _run = null;
    }
}
