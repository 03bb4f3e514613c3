using System.CommandLine;
using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Host.ExperimentFiles;
using Spectre.Console;

namespace Asha.Host.Cli;

/// <summary><c>asha check FILE</c>: the resolved experiment, its rungs, and what they save.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Checks an experiment file and shows what it resolves to, without running anything.");
        var options = new ExperimentOptions();
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var spec = options.Read(parsed, looksForPrograms: true);
            Console.Out.Write(ExperimentFile.Write(spec));
            Console.Out.WriteLine();
            ShowRungs(spec, Output.To(Console.Out));
            ShowGpus(spec, Console.Out);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The rungs as SHA fills them; ASHA's promotions may in the end be more, never fewer than this by much.</summary>
    public static void ShowRungs(ExperimentSpec spec, IAnsiConsole console)
    {
        var levels = RungLadder.Levels(spec.Resource, spec.Scheduler.ReductionFactor);
        var trials = Limit(spec);
        var table = Output.Table("rung", spec.Resource.Name, "trials", "each trains", "together");
        double total = 0;
        for (var (rung, count, before) = (0, trials, 0.0); rung < levels.Count; before = levels[rung++], count /= spec.Scheduler.ReductionFactor)
        {
            var step = levels[rung] - before;
            total += step * count;
            table.Row($"{rung}", Output.Number(levels[rung]), trials > 0 ? $"{count}" : $"1/{Math.Pow(spec.Scheduler.ReductionFactor, rung)}",
                Output.Number(step), trials > 0 ? Output.Number(step * count) : "");
        }
        console.Write(table);
        if (trials == 0)
            return;
        var full = trials * spec.Resource.Max;
        var how = spec.Scheduler.Type == SchedulerType.Stopping ? "Stopped at their levels" : "By halving, trials resuming from their checkpoints";
        console.Line($"{trials} trials trained fully: {Output.Number(full)} {spec.Resource.Name}. {how}: "
            + $"{Output.Number(total)}, {1 - total / full:P1} less.");
        if (spec.Scheduler.Type != SchedulerType.Sha)
            console.Line($"{spec.Scheduler.Name} promotes as results arrive, so the rungs above the first may take more trials than shown.");
        if (spec.Scheduler.Repeat != BracketRepeat.None)
            console.Line("That is one bracket; others follow.");
    }

    /// <summary>Which GPUs each slot has, where trials need them, and which none has.</summary>
    public static void ShowGpus(ExperimentSpec spec, TextWriter writer)
    {
        if (spec.Trial.Gpus == 0)
            return;
        var (ids, source, _) = GpuDetector.Found;
        var slots = ids.Chunk(spec.Trial.Gpus).Take(spec.Slots).Select(gpus => string.Join(',', gpus));
        var idle = ids.Skip(spec.Slots * spec.Trial.Gpus).ToArray();
        writer.WriteLine(Output.Clean($"GPUs: {ids.Count} ({source}), for {spec.Slots} slot{(spec.Slots == 1 ? "" : "s")} with {spec.Trial.Gpus} each: {string.Join(" | ", slots)}"
            + (idle.Length > 0 ? $"; not used: {string.Join(',', idle)}" : "")));
    }

    private static long Limit(ExperimentSpec spec)
    {
        var space = new Asha.Core.Searchers.RandomSearcher(spec.Space, spec.Seed, spec.Initial).Count;
        return Math.Min(spec.Scheduler.Trials ?? space ?? 0, space ?? int.MaxValue);
    }
}
