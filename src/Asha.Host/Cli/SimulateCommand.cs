using System.CommandLine;
using Asha.Core.Experiments;
using Asha.Host.Runs;
using Asha.Host.Scenarios;
using Asha.Tuning;
using Spectre.Console;

namespace Asha.Host.Cli;

/// <summary><c>asha simulate FILE</c>: what a run would do, by the actors of a run, in virtual time.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var (options, simulation) = (new ExperimentOptions(), new SimulationOptions());
        var json = new Option<bool>("--json") { Description = "One JSON object, and nothing else." };
        var events = new Option<string?>("--events") { Description = "Writes the run's events to this file, which must not be there yet.", HelpName = "file" };
        var trace = new Option<bool>("--trace") { Description = "Prints each message that an actor receives: the time, the actor's path, the message's type; and nothing else." };
        var command = new Command("simulate", "Runs a scenario in virtual time.") { json, events, trace };
        simulation.AddTo(command, "Runs with so many seeds, the given one first, then the numbers after it; on all cores. Left out: as many as the file says, else 1.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var scenario = Read(options, parsed);
            if (simulation.Seed(parsed) is { } seed)
                scenario = scenario.WithSeed(seed);
            var runs = simulation.Repetitions(parsed, scenario.Spec.Seed, scenario.Repetitions ?? 1);
            var (file, tracing, target) = (parsed.GetValue(events), parsed.GetValue(trace), simulation.Target(parsed, scenario));
            if (runs == 1)
                return Simulate(scenario, target, parsed.GetValue(json), file, tracing);
            return file is null && !tracing ? Repeat(scenario, target, runs, parsed.GetValue(json)) : throw new UserErrorException("--events and --trace are for a single run: say --repetitions 1");
        });
        return command;
    }

    private static Scenario Read(ExperimentOptions options, ParseResult parsed)
    {
        var read = ScenarioFile.Load(options.File(parsed), options.Overrides(parsed));
        SimulationOptions.Tell(read.Warnings, read.Problems);
        return read.Scenario!;
    }

    private static int Simulate(Scenario scenario, double? target, bool json, string? events, bool trace)
    {
        var record = new SimulatedRecord(target);
        using var file = events is null ? null : Open(events);
        scenario.Run(record.Apply, file is null ? null : () => file, trace ? (time, actor, message) => Console.Out.WriteLine($"{time.TotalSeconds:R} {actor} {message}") : null).Run();
        if (trace)
            return ExitCode.Done;
        var summary = new SimulationSummary([record.Summary()], target);
        if (json)
            Console.Out.WriteLine(summary.ToJson());
        else
            Show(record, target);
        return summary.HasFailed ? ExitCode.Failed : ExitCode.Done;
    }

    private static int Repeat(Scenario scenario, double? target, int runs, bool json)
    {
        var done = new SimulatedRunSummary[runs];
        Repetitions.Run(runs, run => done[run] = SimulatedRecord.Run(scenario, scenario.Spec.Seed + run, target));
        var summary = new SimulationSummary(done, target);
        if (json)
            Console.Out.WriteLine(summary.ToJson());
        else
            Show(summary, scenario.Spec, Output.To(Console.Out));
        return summary.HasFailed ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Show(SimulationSummary all, ExperimentSpec spec, IAnsiConsole console)
    {
        console.Line($"{all.Runs[0].Scheduler} on {all.Runs[0].Slots} slots, {all.Runs.Count} runs, seeds {all.Runs[0].Seed} to {all.Runs[^1].Seed}");
        var table = Output.Table("", "mean", "95 % confidence interval of it", "runs that had it");
        foreach (var row in FigureRow.All(spec, all.Target, isAlike: true, all.Summary))
            table.Row(row.Name, row.Mean(all.Summary), row.Interval(all.Summary), row.Count(all.Summary));
        console.Write(table);
    }

    private static void Show(SimulatedRecord record, double? target)
    {
        var console = Output.To(Console.Out);
        RunReport.Write(record.Record, console, hasLogs: false);
        var spec = record.Record.State.Spec;
        var first = record.FirstFullyTrained is { } time ? $", the first after {Seconds(time)}" : "";
        console.Line($"fully trained, to {Output.Number(spec.Resource.Max)} {spec.Resource.Name}: {record.FullyTrained}{first}");
        if (target is { } wanted)
            console.Line($"{spec.Metric.Name} {Output.Number(wanted)}: {(record.TimeToTarget is { } reached ? $"reached after {Seconds(reached)}" : "not reached")}");
        console.Line($"mispromotions, out of a rung among whose best 1/{spec.Scheduler.ReductionFactor} the trial is not in the end: {record.Mispromotions}");
    }

    private static string Seconds(double time) => Output.Duration(TimeSpan.FromSeconds(time));

    private static FileStream Open(string events)
    {
        try
        {
            return new FileStream(events, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--events {events}: {wrong.Message}");
        }
    }
}
