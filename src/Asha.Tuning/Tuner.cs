using Asha.Core.Experiments;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Asha.Tuning.Trials;
using Microsoft.Extensions.Logging;

namespace Asha.Tuning;

/// <summary>Tunes hyper-parameters in the process that calls it.</summary>
public static class Tuner
{
    /// <summary>
    /// Runs trials, as many at a time as there are slots, until nothing is left to do, a rule of <see cref="TuningOptions.Stop"/> holds, or <paramref name="cancel"/> is cancelled: then running trials are cancelled, too,
    /// and the result says what was found until then. Nothing is printed; the run's folder holds its journal.
    /// </summary>
    /// <param name="options">What is tuned, how, and when to stop.</param>
    /// <param name="trial">
    /// Trains one configuration up to <see cref="Trial.Target"/>; called once for each attempt, on the thread pool. It may compute without ever awaiting. It reports (<see cref="Trial.Report"/>), and returns: with a report that
    /// reached the target that is success, without one a failure. An exception is a failure, and tried again as <see cref="TuningOptions.MaxAttempts"/> says. Its token asks it to end: soon, or its slot is given up
    /// (<see cref="TuningOptions.CancellationGrace"/>).
    /// </param>
    /// <param name="cancel">Ends the run with what was found.</param>
    /// <returns>What was found, also where the run was cancelled (<see cref="TuningOutcome.Interrupted"/>). When it is there, no trial runs any more, but for those of <see cref="TuningResult.StillRunning"/>.</returns>
    /// <exception cref="UserErrorException">There are mistakes in the options: all of them, each in a line. Or no run can be kept in <see cref="TuningOptions.RunsFolder"/>, or the one to go on with is another one's.</exception>
    /// <exception cref="TuningFailedException">The engine failed.</exception>
    public static async Task<TuningResult> RunAsync(TuningOptions options, Func<Trial, CancellationToken, Task> trial, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(trial);
        var spec = SpecBuilder.Build(options);
        var server = JournalServer.FromEnvironment();
        RunJournal.Reach(server);
        var begun = options.Resume ? BegunRun.Newest(spec, options.RunsFolder) : null;
        var (folder, held) = begun is null ? RunFolder.Create(options.RunsFolder, spec.Name, DateTimeOffset.UtcNow, nameof(TuningOptions.RunsFolder)) : (begun, begun.Hold());
        using (held)
        {
            using var loggers = new RunLog(folder.In("asha.log"), options.Loggers);
            var log = loggers.CreateLogger(typeof(Tuner).FullName!);
            var waits = new InProcessOptions { TimeLimit = options.TimeLimit, SilenceLimit = options.SilenceLimit, CancellationGrace = options.CancellationGrace };
            using var runner = new InProcessRunner(trial, folder.Path, TimeProvider.System, waits) { Warn = warning => log.LogWarning("{Warning}", warning) };
            var record = new RunRecord();
            var run = new LocalRun(spec, folder, begun is null ? RunJournal.Create(folder.Path, server) : BegunRun.Open(begun, server).Journal, runner, loggers)
            {
                Record = record,
                Resumes = begun is not null,
                Told = options.Progress is { } progress ? new ProgressTeller(record, progress, log).Tell : null,
                Noted = note => log.LogWarning("{Note}", note),
                TrialsEndIn = options.CancellationGrace + TimeSpan.FromSeconds(20),
            };
            WidenPool(spec.Slots);
            var end = await run.RunAsync(cancel).ConfigureAwait(false);
            folder.ForgetToken();
            var result = record.State.Spec is null ? null : ResultBuilder.Build(record, folder, runner.Watch.Abandoned);
            return end.Failure is null ? result! : throw new TuningFailedException(end.Failure, folder.Path, result);
        }
    }

    /// <summary>Trials that compute without awaiting keep a thread each. The pool adds one or two a second by itself; with this many to begin with, all slots start at once.</summary>
    private static void WidenPool(int slots)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.SetMinThreads(Math.Max(workers, Math.Min(slots + Environment.ProcessorCount, most)), ports);
    }
}
