using System.Diagnostics;
using Asha.Core.Scheduling;

namespace Asha.Benchmarks;

/// <summary>What the supervisor's pool costs at 500 nodes with 8 slots each and 20 experiments: to deal all slots out, and then for each step of what one experiment does.</summary>
internal static class PoolQuick
{
    private const int Nodes = 500;
    private const int SlotsPerNode = 8;
    private const int Experiments = 20;
    private const int Steps = 20_000;
    private const int Repetitions = 5;

    private static readonly string[] Names = [.. Enumerable.Range(0, Experiments).Select(experiment => $"experiment-{experiment:D2}")];

    public static void Run()
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {Nodes} nodes of {SlotsPerNode} slots, {Experiments} experiments; processor time, median of {Repetitions}, in brackets lowest and highest");
        Console.WriteLine("| step | µs | decisions |");
        Console.WriteLine("|---|---|---|");
        Print("a slot is dealt out, all wanting", DealAll);
        Print("one is parked and used again, nobody else wanting", pool => Step(pool, Others(pool, wanting: false), ParkAndUse));
        Print("one says once more that it would take more, all wanting", pool => Step(pool, Others(pool, wanting: true), (dealt, step) => dealt.Pool.Want(Names[step % Experiments])));
        Print("one is parked, goes to another, and comes back", pool => Step(pool, Others(pool, wanting: true), ParkAndReturn));
        Print("a node of 8 leaves and another comes, all wanting", NodeGoesAndComes);
    }

    private sealed record Dealt(SlotPool Pool, Dictionary<int, string> HolderOf);

    private static (TimeSpan, int, int) DealAll(SlotPool pool)
    {
        var started = Process.GetCurrentProcess().TotalProcessorTime;
        var decisions = Fill(pool).HolderOf.Count;
        return (Process.GetCurrentProcess().TotalProcessorTime - started, Nodes * SlotsPerNode, decisions);
    }

    private static Dealt Fill(SlotPool pool)
    {
        for (var experiment = 0; experiment < Experiments; experiment++)
            pool.Open(Names[experiment], 1 + (experiment % 4));
        var dealt = new Dealt(pool, []);
        for (var node = 0; node < Nodes; node++)
        {
            pool.Join(SlotsPerNode);
            Carry(dealt);
        }
        return dealt;
    }

    /// <summary>All slots are dealt out; whoever does not want more has said so of its first slot, and uses it again.</summary>
    private static Dealt Others(SlotPool pool, bool wanting)
    {
        var dealt = Fill(pool);
        foreach (var name in wanting ? [] : Names)
        {
            var slot = dealt.HolderOf.First(held => held.Value == name).Key;
            pool.Park(name, slot);
            pool.Use(name, slot);
        }
        Carry(dealt);
        return dealt;
    }

    private static (TimeSpan, int, int) Step(SlotPool pool, Dealt dealt, Action<Dealt, int> step)
    {
        _ = pool;
        var (decisions, started) = (0, Process.GetCurrentProcess().TotalProcessorTime);
        for (var number = 0; number < Steps; number++)
        {
            step(dealt, number);
            decisions += Carry(dealt);
        }
        return (Process.GetCurrentProcess().TotalProcessorTime - started, Steps, decisions);
    }

    private static void ParkAndUse(Dealt dealt, int step)
    {
        var slot = step * 7919 % (Nodes * SlotsPerNode);
        dealt.Pool.Park(dealt.HolderOf[slot], slot);
        dealt.Pool.Balance();
        dealt.Pool.Use(dealt.HolderOf[slot], slot);
    }

    /// <summary>The experiment parks a slot, is told to return it, and wants more again.</summary>
    private static void ParkAndReturn(Dealt dealt, int step)
    {
        var slot = step * 7919 % (Nodes * SlotsPerNode);
        var holder = dealt.HolderOf[slot];
        dealt.Pool.Park(holder, slot);
        Carry(dealt);
        dealt.Pool.Want(holder);
    }

    private static (TimeSpan, int, int) NodeGoesAndComes(SlotPool pool)
    {
        const int nodes = 200;
        var dealt = Fill(pool);
        var (decisions, started) = (0, Process.GetCurrentProcess().TotalProcessorTime);
        for (var node = 0; node < nodes; node++)
        {
            pool.Lose(node * SlotsPerNode, SlotsPerNode);
            pool.Join(SlotsPerNode);
            decisions += Carry(dealt);
        }
        return (Process.GetCurrentProcess().TotalProcessorTime - started, nodes, decisions);
    }

    /// <summary>Whoever is to return a slot does so at once.</summary>
    private static int Carry(Dealt dealt)
    {
        var decisions = 0;
        for (var decided = dealt.Pool.Balance(); decided.Count > 0; decided = dealt.Pool.Balance())
        {
            decisions += decided.Count;
            foreach (var (action, experiment, slot) in decided)
            {
                if (action == PoolAction.Grant)
                    dealt.HolderOf[slot] = experiment;
                else
                    dealt.Pool.Return(experiment, slot);
            }
        }
        return decisions;
    }

    private static void Print(string step, Func<SlotPool, (TimeSpan Time, int Steps, int Decisions)> measure)
    {
        measure(new SlotPool());
        var runs = Enumerable.Range(0, Repetitions).Select(_ => measure(new SlotPool())).OrderBy(run => run.Time).ToArray();
        string Micro((TimeSpan Time, int Steps, int Decisions) run) => $"{run.Time.TotalMicroseconds / run.Steps:N2}";
        Console.WriteLine($"| {step} | {Micro(runs[runs.Length / 2])} [{Micro(runs[0])}–{Micro(runs[^1])}] | {runs[0].Decisions:N0} |");
    }
}
