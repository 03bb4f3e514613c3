namespace Asha.Host.Scenarios;

/// <summary>Runs on all cores, with progress on a terminal. Each is one thread's own from beginning to end, so the order in which they are done changes nothing.</summary>
internal static class Repetitions
{
    /// <param name="runs">How many.</param>
    /// <param name="run">Does the run of that number, from 0.</param>
    public static void Run(int runs, Action<int> run)
    {
        var (done, shows) = (0, runs > 1 && !Console.IsErrorRedirected);
        try
        {
            // Left to itself the pool would add threads, and each run holds memory until it is done.
            Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, number =>
            {
                run(number);
                var count = Interlocked.Increment(ref done);
                if (shows)
                    Console.Error.Write($"\r{count} of {runs} runs");
            });
        }
        catch (AggregateException several)
        {
            // One is enough to say.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        finally
        {
            if (shows)
                Console.Error.WriteLine();
        }
    }
}
