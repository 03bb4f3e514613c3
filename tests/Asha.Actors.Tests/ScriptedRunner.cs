using System.Collections.Concurrent;
using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>An attempt under way: the test says what it reports, and when and how it ends.</summary>
internal sealed class Launched(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop) : INoSerializationVerificationNeeded
{
    private readonly TaskCompletionSource<TrialEnding> _ending = new();

    public TrialLaunch Launch { get; } = launch;

    public Task<TrialEnding> Ending => _ending.Task;

    /// <summary>Whether it was asked to end.</summary>
    public bool IsStopped => stop.IsCancellationRequested;

    public void Report(double resource, double metric, string? checkpoint = null) => report(new TrialReport(resource, metric, checkpoint));

    public void Reject(string problem) => report(TrialReport.Rejected(problem));

    public void End(EndingCause cause = EndingCause.Exited, string detail = "", string? retires = null) => _ending.TrySetResult(new TrialEnding(cause, detail, retires));

    public void Fail(Exception error) => _ending.TrySetException(error);

    /// <summary>Reports its target and exits.</summary>
    public void Complete(double metric)
    {
        Report(Launch.Target, metric, $"at-{Launch.Target}");
        End();
    }
}

/// <summary>A runner whose attempts the test runs itself. One that is asked to end does so at once, unless it is stubborn.</summary>
internal sealed class ScriptedRunner(IActorRef tells, bool stubborn = false) : TaskTrialRunner
{
    private readonly ConcurrentDictionary<(int Trial, int Attempt), Launched> _all = new();

    private int _count;

    /// <summary>Attempts started.</summary>
    public int Count => Volatile.Read(ref _count);

    public Launched this[int trial, int attempt] => _all[(trial, attempt)];

    public override Task<TrialEnding> RunAsync(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop)
    {
        var launched = new Launched(launch, report, stop);
        _all[(launch.Trial, launch.Attempt)] = launched;
        Interlocked.Increment(ref _count);
        if (!stubborn)
            stop.Register(() => launched.End(EndingCause.Stopped));
        tells.Tell(launched);
        return launched.Ending;
    }
}

/// <summary>A runner that has its result at once.</summary>
internal sealed class InstantRunner(Func<TrialLaunch, double> metric) : TaskTrialRunner
{
    public override Task<TrialEnding> RunAsync(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop)
    {
        report(new TrialReport(launch.Target, metric(launch), $"at-{launch.Target}"));
        return Task.FromResult(new TrialEnding(EndingCause.Exited));
    }
}
