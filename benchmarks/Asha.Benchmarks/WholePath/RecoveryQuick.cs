using System.Diagnostics;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;
using Asha.Tuning.Trials;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Benchmarks.WholePath;

/// <summary>
/// How long a run takes to be gone on with: from the start of the actors until the first job is in the journal, of a run of many trials that was interrupted. From its newest snapshot, and without one, from the journal's first entry on.
/// </summary>
internal static class RecoveryQuick
{
    public static async Task RunAsync(string[] args)
    {
        var trials = EngineQuick.Number(args, "--trials", 100_000);
        var rounds = EngineQuick.Number(args, "--rounds", 3);
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; ASHA, η = 4, interrupted after {trials:N0} trials");
        Console.WriteLine("| slots | events | entries of the journal | from a snapshot, s | from the whole journal, s |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var slots in EngineQuick.Slots(args, [1, 1_000]))
        {
            using var interrupt = new CancellationTokenSource();
            using var run = new BenchRun(BenchRun.Spec(slots, 2 * trials), Train)
            {
                Told = happened =>
                {
                    if (happened is TrialSampled sampled && sampled.Trial == trials)
                        interrupt.Cancel();
                },
            };
            await run.RunAsync(interrupt.Token);
            var entries = Count(run.Folder);
            for (var round = 0; round < rounds; round++)
            {
                var newest = await ResumeAsync(run.Folder);
                File.Delete(run.Folder.Events);
                var whole = await ResumeAsync(run.Folder);
                Console.WriteLine($"| {slots:N0} | {File.ReadLines(run.Events).LongCount():N0} | {entries:N0} | {newest.TotalSeconds:F2} | {whole.TotalSeconds:F2} |");
            }
        }
    }

    private static Task Train(Asha.Tuning.Trial trial, CancellationToken cancel)
    {
        trial.Report(trial.Target, trial.Number * 7919 % 10_007);
        return Task.CompletedTask;
    }

    private static async Task<TimeSpan> ResumeAsync(RunFolder folder)
    {
        using var interrupt = new CancellationTokenSource();
        var started = new TaskCompletionSource<TimeSpan>();
        var before = Stopwatch.GetTimestamp();
        var begun = BegunRun.Open(folder, null);
        using var runner = new InProcessRunner((_, cancel) => Task.Delay(Timeout.Infinite, cancel), folder.Path, TimeProvider.System, new InProcessOptions());
        var run = new LocalRun(begun.Spec, folder, begun.Journal, runner, NullLoggerFactory.Instance)
        {
            Resumes = true,
            Told = happened =>
            {
                if (happened is JobStarted)
                    started.TrySetResult(Stopwatch.GetElapsedTime(before));
            },
        }.RunAsync(interrupt.Token);
        var took = await started.Task;
        await interrupt.CancelAsync();
        await run;
        return took;
    }

    private static long Count(RunFolder folder)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.In("journal.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal";
        return (long)command.ExecuteScalar()!;
    }
}
