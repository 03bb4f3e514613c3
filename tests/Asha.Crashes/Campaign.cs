using System.Diagnostics;
using Asha.Crashes.Checks;

namespace Asha.Crashes;

/// <summary>Run after run, until there were as many kills as were asked for; and what came of it.</summary>
internal sealed class Campaign(Setup setup)
{
    private readonly Dictionary<(string Scheduler, int Seed), IReadOnlyList<Happened>> _undisturbed = [];
    private int _rounds;
    private Round? _current;

    /// <summary>Ends what runs, and leaves the rest as it is.</summary>
    public void Abort()
    {
        _current?.Processes.EndAll();
        _current?.Disk?.Dispose();
        Console.WriteLine($"broken off; what there is, is in {setup.Work}");
        Environment.Exit(130);
    }

    /// <summary>Returns the exit code: 1 where anything is wrong.</summary>
    public async Task<int> RunAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var table = new Table();
        var works = Workload.All.Where(work => setup.SmallDisk || !work.OnSmallDisk).ToList();
        for (var turn = 0; table.Kills < setup.Kills; turn++)
        {
            var work = works[turn % works.Count];
            var seed = setup.Seed + turn / works.Count;
            var undisturbed = await UndisturbedAsync(work, seed);
            var round = new Round(setup, work, ++_rounds, Math.Min(setup.Most, setup.Kills - table.Kills));
            await (_current = round).RunAsync(seed);
            var wrong = Checker.Check(round.Testimony, undisturbed, work.Scheduler == "sha");
            table.Add(round, wrong);
            Console.WriteLine($"round {_rounds} ({work.Name}): {round.Testimony.Kills.Count} kills, {(wrong.Count == 0 ? "nothing is wrong" : $"{wrong.Count} things are wrong")}");
            foreach (var one in wrong.Take(20))
                Console.WriteLine($"  WRONG {one}");
        }
        table.Write(Console.Out, Stopwatch.GetElapsedTime(start));
        if (table.Wrong == 0)
            Directory.Delete(setup.Work, recursive: true);
        else
            Console.WriteLine($"WRONG with --seed {setup.Seed}: {table.Wrong} things, above; everything is kept in {setup.Work}");
        return table.Wrong == 0 ? 0 : 1;
    }

    /// <summary>The same experiment, left alone.</summary>
    private async Task<IReadOnlyList<Happened>> UndisturbedAsync(Workload work, int seed)
    {
        if (!_undisturbed.TryGetValue((work.Scheduler, seed), out var events))
        {
            var round = new Round(setup, work with { OnSmallDisk = false, HurtsTrials = false }, ++_rounds, kills: 0) { IsLeftAlone = true };
            await (_current = round).RunAsync(seed);
            events = _undisturbed[(work.Scheduler, seed)] = Happened.Read(round.Testimony.Entries);
            Console.WriteLine($"round {_rounds} ({work.Scheduler}, left alone): {events.Count} events");
        }
        return events;
    }
}
