using System.Diagnostics;
using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Benchmarks.WholePath;
using Asha.Core.Experiments;

namespace Asha.Benchmarks.ClusterLoad;

/// <summary>
/// Slots of virtual nodes: the real <see cref="TrialSlot"/>s, on which a trial is a timer, or nothing at all; and how long each waited from the end of one job to the start of the next of its run.
/// </summary>
/// <param name="lasts">How long a job takes on the average: from half of it to one and a half times as long.</param>
internal sealed class TimedSlots(TimeSpan lasts)
{
    private readonly List<TimedSlot> _slots = [];

    /// <summary>Of all nodes of the process; each slot is used by its node alone.</summary>
    public ISlot Make(IActorContext node, int slot, SlotResources resources)
    {
        var timer = new TimerTrials(lasts);
        var made = new TimedSlot(TrialSlot.Running(timer)(node, slot, resources), timer);
        lock (_slots)
        {
            _slots.Add(made);
        }
        return made;
    }

    /// <summary>Writes the waits to a file: of each the moment of the start, as <see cref="Stopwatch"/> has it on this machine, the wait in ms, and 1 where the job was a trial's first.</summary>
    public void Write(string path)
    {
        using var file = new BinaryWriter(File.Create(path));
        lock (_slots)
        {
            foreach (var (at, wait, isFirst) in _slots.SelectMany(slot => slot.Waits))
            {
                file.Write(at);
                file.Write(wait);
                file.Write(isFirst);
            }
        }
    }

    private sealed class TimedSlot(ISlot slot, TimerTrials timer) : ISlot
    {
        private string _run = "";

        public List<(long At, float Wait, bool IsFirst)> Waits { get; } = [];

        public void Run(IActorRef experiment, StartJob start)
        {
            var now = Stopwatch.GetTimestamp();
            if (start.Run == _run && _run.StartsWith(LoadWork.Measured, StringComparison.Ordinal))
                Waits.Add((now, (float)Stopwatch.GetElapsedTime(timer.Ended, now).TotalMilliseconds, start.Attempt == 1 && start.Start == 0 && start.Target == LoadWork.FirstLevel));
            _run = start.Run;
            slot.Run(experiment, start);
        }

        public void End(string run, int trial, int attempt) => slot.End(run, trial, attempt);
    }

    private sealed class TimerTrials(TimeSpan lasts) : ITrialRunner
    {
        private long _ended;

        public long Ended => Volatile.Read(ref _ended);

        public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
        {
            var ends = new Ending();
            if (lasts == TimeSpan.Zero)
                End(launch, listener);
            else
                _ = EndAsync(launch, listener, ends.Token);
            return ends;
        }

        private async Task EndAsync(TrialLaunch launch, IAttemptListener listener, CancellationToken stop)
        {
            await Task.Delay(lasts * (.5 + StampedTrials.Metric(launch.Trial, 0)), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                listener.Ended(new TrialEnding(EndingCause.Stopped));
            else
                End(launch, listener);
        }

        private void End(TrialLaunch launch, IAttemptListener listener)
        {
            Volatile.Write(ref _ended, Stopwatch.GetTimestamp());
            listener.Reported(new TrialReport(launch.Target, StampedTrials.Metric(launch.Trial, (int)launch.Target)));
            listener.Ended(new TrialEnding(EndingCause.Exited));
        }

        private sealed class Ending : CancellationTokenSource, IAttempt
        {
            public void Stop() => Cancel();
        }
    }
}
