using System.CommandLine;
using Asha.Host.ExperimentFiles;
using Asha.Host.Scenarios;
using Asha.Host.Sweeping;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha sweep FILE</c>: what several schedulers would do in many worlds.</summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var (options, simulation) = (new ExperimentOptions(), new SimulationOptions());
        var over = new Option<string[]>("--over") { Description = "Sweeps a key over values: --over 'world.drops=[0, 0.01]'; in place of the file's values, or beside the file's keys. May be given more than once.", HelpName = "path=list" };
        var schedulers = new Option<string?>("--schedulers") { Description = "Types of schedulers, such as sha,asha, or one; in place of the file's 'compare'. Where there is neither: sha,asha.", HelpName = "types" };
        var folder = new Option<string?>("--out") { Description = "The folder for runs.csv, table.md and the pictures. Left out: NAME-sweep in this folder.", HelpName = "folder" };
        var force = new Option<bool>("--force") { Description = "The folder may be one that is no sweep's; files of the same names are written over." };
        var json = new Option<bool>("--json") { Description = "One JSON object, and nothing else." };
        var command = new Command("sweep", "Runs a scenario with every combination of some values, and several schedulers, and draws what comes of it.") { over, schedulers, folder, force, json };
        simulation.AddTo(command, $"Runs each combination and scheduler with so many seeds, the given one first, then the numbers after it; on all cores. Left out: as many as the file says, else {SimulationOptions.DrawnRepetitions}, or 1 where no world draws anything.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var read = Read(options, parsed, [.. (parsed.GetValue(over) ?? []).Select(text => ExperimentOptions.Override(text, Override.Over, "path=list, such as --over 'world.drops=[0, 0.01]'"))], CompareCommand.Types(parsed.GetValue(schedulers), least: 1));
            var scenario = read.Cells[0].Contenders[0].Scenario;
            var seed = simulation.Seed(parsed) ?? scenario.Spec.Seed;
            var seeds = simulation.Repetitions(parsed, seed, scenario.Repetitions ?? (read.Cells.Any(cell => cell.Contenders[0].Scenario.IsDrawn) ? SimulationOptions.DrawnRepetitions : 1));
            if (read.Cells.Count * read.Cells[0].Contenders.Count * (long)seeds is var runs and > Sweep.MostRuns)
                throw new UserErrorException(FormattableString.Invariant($"{read.Cells.Count:#,0} combinations with {read.Cells[0].Contenders.Count} schedulers and {seeds:#,0} repetitions are {runs:#,0} runs; at most {Sweep.MostRuns:#,0}"));
            var target = SweepFolder.Check(parsed.GetValue(folder) ?? $"{scenario.Spec.Name}-sweep", parsed.GetValue(force));
            var sweep = Sweep.Of(read, seed, seeds, simulation.Target(parsed, scenario));
            var files = SweepFolder.Write(target, sweep);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(SweepSummary.Of(sweep, files).ToJson());
            else
                Show(sweep, target, files);
            return ExitCode.Done;
        });
        return command;
    }

    private static SweepReading Read(ExperimentOptions options, ParseResult parsed, IReadOnlyList<Override> over, IReadOnlyList<string>? schedulers)
    {
        var read = SweepFile.Load(options.File(parsed), options.Overrides(parsed), over, schedulers);
        SimulationOptions.Tell(read.Warnings, read.Problems);
        return read;
    }

    private static void Show(Sweep sweep, string folder, IReadOnlyList<string> files)
    {
        var console = Output.To(Console.Out);
        SweepTable.Of(sweep).WriteTo(console);
        if (sweep.Seeds > 1)
            console.Line($"Means of {sweep.Seeds} seeds, {sweep.FirstSeed} to {sweep.FirstSeed + sweep.Seeds - 1}, with 95 % confidence intervals (Student's t).");
        console.Line(sweep.IsBounded
            ? "Times: a run in which it never came counts as the horizon, so that such a mean (≥) is a lower bound."
            : "Times: means of the runs that had it, where there is no horizon that the others could count as.");
        foreach (var verdict in Verdicts.Of(sweep))
            console.Line(verdict);
        console.Line($"{folder}: {string.Join(", ", files.Select(file => Path.GetFileName(file)))}");
    }
}
