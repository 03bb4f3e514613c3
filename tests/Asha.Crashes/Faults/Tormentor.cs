using System.Collections.Concurrent;

namespace Asha.Crashes.Faults;

/// <summary>Does things to the trials, the database and the disk of a run while one engine lives.</summary>
/// <param name="round">Which run.</param>
/// <param name="engine">The engine's number.</param>
/// <param name="random">Says what and when.</param>
internal sealed class Tormentor(Round round, int engine, Random random) : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentBag<Task> _tasks = [];

    /// <summary>Does something at an instant from now on.</summary>
    public void Plan()
    {
        var after = Seconds(0, .8);
        var length = random.NextDouble() < .2 ? Seconds(2, 3.5) : Seconds(.05, 1);
        var (choice, forGood, which) = (random.Next(6), random.Next(3) == 0, random.NextDouble());
        Do(async () =>
        {
            await Task.Delay(after, _over.Token);
            if (round.Disk is { } disk && choice % 2 == 0)
                await FillAsync(disk, length);
            else if (choice < 2 || !round.Work.HurtsTrials)
                await LockAsync(length);
            else if (choice < 4)
                await OnTrialAsync(which, Kill);
            else
                await OnTrialAsync(which, trial => Stop(trial, forGood ? null : length));
        });
    }

    /// <summary>Holds the database for so long, also beyond the engine's death.</summary>
    public void Lock(TimeSpan length) => Do(() => LockAsync(length));

    /// <summary>The engine is dead: what is planned is not done any more, and what lasts goes on for as long as it was to.</summary>
    public void End() => _over.Cancel();

    /// <summary>Waits for what lasts.</summary>
    public void Dispose()
    {
        _over.Cancel();
        while (_tasks.TryTake(out var task))
        {
            try
            {
                task.Wait();
            }
            catch (AggregateException error) when (error.InnerException is OperationCanceledException)
            {
                // It was not done any more.
            }
        }
        _over.Dispose();
    }

    private void Do(Func<Task> act) => _tasks.Add(Task.Run(act));

    private async Task LockAsync(TimeSpan length)
    {
        if (DatabaseLock.Take(round.Folder) is not { } taken)
            return;
        Interlocked.Increment(ref round.Hurts.Locks);
        Interlocked.Increment(ref round.Hurts.Holders);
        await Task.Delay(length, CancellationToken.None);
        taken.Dispose();
        Interlocked.Decrement(ref round.Hurts.Holders);
        round.Hurts.Freed();
    }

    private async Task FillAsync(SmallDisk disk, TimeSpan length)
    {
        disk.Fill();
        Interlocked.Increment(ref round.Hurts.Fills);
        await Task.Delay(length, CancellationToken.None);
        disk.Free();
        round.Hurts.Freed();
    }

    /// <param name="which">Of those that run, from 0 to 1.</param>
    /// <param name="act">What is done to it.</param>
    private async Task OnTrialAsync(double which, Action<Descendant> act)
    {
        await round.Hand.WaitAsync(_over.Token);
        try
        {
            var trials = round.Processes.Descendants().Where(process => process.Engine == engine && IsTrial(process.Pid)).ToList();
            if (trials.Count > 0)
                act(trials[(int)(which * trials.Count)]);
        }
        finally
        {
            round.Hand.Release();
        }
    }

    private void Kill(Descendant trial)
    {
        round.Hurts.Attempts[(trial.Trial, trial.Attempt)] = "killed";
        if (Libc.Signal(trial.Pid, Libc.Kill))
            Interlocked.Increment(ref round.Hurts.Kills);
    }

    /// <param name="trial">Which.</param>
    /// <param name="length">After which it goes on; <c>null</c>: never.</param>
    private void Stop(Descendant trial, TimeSpan? length)
    {
        round.Hurts.Attempts.TryAdd((trial.Trial, trial.Attempt), "stopped");
        round.Hurts.Stopped[trial.Pid] = true;
        Libc.Signal(trial.Pid, Libc.Stop);
        Interlocked.Increment(ref round.Hurts.Stops);
        if (length is not { } soon)
            return;
        Do(async () =>
        {
            await Task.Delay(soon, CancellationToken.None);
            await round.Hand.WaitAsync();
            round.Hurts.Stopped.TryRemove(trial.Pid, out _);
            if (IsTrial(trial.Pid))
                Libc.Signal(trial.Pid, Libc.Continue);
            round.Hand.Release();
        });
    }

    /// <summary>The shell itself, by whatever path it was started, and none of what it runs; nor a process that has its number by now.</summary>
    private static bool IsTrial(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").EndsWith("bash\0trial.sh\0", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + random.NextDouble() * (most - least));
}
