using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Asha.Tuning.Trials;

namespace Asha.Tuning.Tests;

/// <summary>
/// A live run, as <see cref="Tuner"/> makes it, whose attempts end one at a time: one that runs is drawn and let go on to its end, and the next one only when the engine has decided upon that, and all that it started has been called. Nothing sleeps.
/// </summary>
/// <param name="options">The run.</param>
/// <param name="trial">The method; it awaits its turn before each report, and before it fails.</param>
internal sealed class SteppedRun(TuningOptions options, Func<Trial, Func<Task>, Task> trial)
{
    private readonly Lock _lock = new();
    private readonly ExperimentState _state = new();
    private readonly Dictionary<int, TaskCompletionSource> _waiting = [];
    private TaskCompletionSource _changed = new();

    /// <summary>The attempts that were ended, in this order.</summary>
    public List<(int Trial, int Attempt)> Ends { get; } = [];

    /// <summary>Runs until the experiment has ended, and returns its journal.</summary>
    public async Task<List<ExperimentEvent>> RunAsync(Random order)
    {
        var spec = SpecBuilder.Build(options);
        var (folder, held) = RunFolder.Create(options.RunsFolder, spec.Name, DateTimeOffset.UtcNow);
        using (held)
        {
            using var loggers = new RunLog(folder.In("asha.log"), null);
            using var runner = new InProcessRunner((called, cancel) => trial(called, () => TurnAsync(called.Number, cancel)), folder.Path, TimeProvider.System, new InProcessOptions());
            var run = new LocalRun(spec, folder, RunJournal.Create(folder.Path, null), runner, loggers) { Told = happened => Change(() => _state.Apply(happened)) }.RunAsync(CancellationToken.None);
            while (await NextAsync(order, run) is { } next)
                next.SetResult();
            Assert.Null((await run).Failure);
            return [.. EventLines.ReadAll(folder.Events)];
        }
    }

    private async Task TurnAsync(int number, CancellationToken cancel)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Change(() => _waiting[number] = turn);
        await turn.Task.WaitAsync(cancel);
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _changed.TrySetResult();
        }
    }

    /// <summary>One of those that run, once nothing is to be decided; <c>null</c>: the experiment has ended.</summary>
    private async Task<TaskCompletionSource?> NextAsync(Random order, Task run)
    {
        while (!run.IsCompleted)
        {
            Task changed;
            lock (_lock)
            {
                if (_state.Ended is not null)
                    return null;
                if (IsSettled)
                {
                    var running = _state.Running.ToList();
                    var drawn = running[order.Next(running.Count)];
                    Ends.Add((drawn.Trial, drawn.Attempt));
                    _waiting.Remove(drawn.Trial, out var turn);
                    return turn;
                }
                changed = (_changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await Task.WhenAny(changed, run);
        }
        return null;
    }

    /// <summary>All slots are there, and each has been given what there was for it; what was ended last is over, and every attempt under way awaits its turn.</summary>
    private bool IsSettled => _state.Spec is { } spec && _state.Slots.Present == spec.Slots && _state.Slots.Waiting == 0
        && (_state.Slots.FirstIdle is null || (_state.FirstWaiting is null && _state.Retries.Count == 0))
        && (Ends is not [.., var (last, attempt)] || _state.Trials[last] is { IsRunning: false } || _state.Trials[last].Attempt > attempt)
        && _state.Slots.Engaged > 0 && _state.Running.All(running => _waiting.ContainsKey(running.Trial));
}
