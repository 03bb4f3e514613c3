using System.CommandLine;
using Asha.Host.Runs;
using Asha.Host.Scenarios;
using Asha.Tuning;
using Spectre.Console;

namespace Asha.Host.Cli;

/// <summary><c>asha simulate FILE</c>: what a run would do, by the actors of a run, in virtual time.</summary>
internal static class SimulateCommand
{
    private const int MostRepetitions = WorldReader.MostRepetitions;

    public static Command Create()
    {
        var options = new ExperimentOptions();
        var seed = new Option<long?>("--seed") { Description = "Takes the place of the file's seed." };
        var json = new Option<bool>("--json") { Description = "One JSON object, and nothing else." };
        var events = new Option<string?>("--events") { Description = "Writes the run's events to this file, which must not be there yet.", HelpName = "file" };
        var trace = new Option<bool>("--trace") { Description = "Prints each message that an actor receives: the time, the actor's path, the message's type; and nothing else." };
        var repetitions = new Option<int?>("--repetitions") { Description = "Runs with so many seeds, the given one first, then the numbers after it; on all cores. Left out: as many as the file says, else 1." };
        var command = new Command("simulate", "Runs a scenario in virtual time.") { seed, repetitions, json, events, trace };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var scenario = Read(options, parsed);
            if (parsed.GetValue(seed) is { } given)
                scenario = scenario.WithSeed(given >= 0 ? given : throw new UserErrorException($"--seed {given}: must be at least 0"));
            var runs = parsed.GetValue(repetitions) ?? scenario.Repetitions;
            if (runs is < 1 or > MostRepetitions)
                throw new UserErrorException($"--repetitions {runs}: must be from 1 to {MostRepetitions}");
            if (scenario.Spec.Seed > long.MaxValue - runs)
                throw new UserErrorException($"the seed {scenario.Spec.Seed} has not {runs} numbers after it");
            var (file, tracing) = (parsed.GetValue(events), parsed.GetValue(trace));
            if (runs == 1)
                return Simulate(scenario, parsed.GetValue(json), file, tracing);
            return file is null && !tracing ? Repeat(scenario, runs, parsed.GetValue(json)) : throw new UserErrorException("--events and --trace are for a single run: say --repetitions 1");
        });
        return command;
    }

    private static Scenario Read(ExperimentOptions options, ParseResult parsed)
    {
        var read = ScenarioFile.Load(options.File(parsed), options.Overrides(parsed));
        foreach (var warning in read.Warnings)
            Console.Error.WriteLine(Output.Clean($"asha: warning: {warning}"));
        return read.Scenario ?? throw new UserErrorException([.. read.Problems.Select(problem => problem.ToString())]);
    }

    private static int Simulate(Scenario scenario, bool json, string? events, bool trace)
    {
        var record = new SimulatedRecord();
        using var file = events is null ? null : Open(events);
        scenario.Run(record.Apply, file is null ? null : () => file, trace ? (time, actor, message) => Console.Out.WriteLine($"{time.TotalSeconds:R} {actor} {message}") : null).Run();
        if (trace)
            return ExitCode.Done;
        if (json)
            Console.Out.WriteLine(new SimulationSummary([record.Summary()]).ToJson());
        else
            Show(record);
        return ExitCode.Done;
    }

    /// <summary>Each run is one thread's own from beginning to end, so the order in which they are done changes nothing.</summary>
    private static int Repeat(Scenario scenario, int runs, bool json)
    {
        var done = new SimulatedRunSummary[runs];
        var count = 0;
        Parallel.For(0, runs, run =>
        {
            var record = new SimulatedRecord();
            scenario.WithSeed(scenario.Spec.Seed + run).Run(record.Apply).Run();
            done[run] = record.Summary();
            if (!Console.IsErrorRedirected)
                Console.Error.Write($"\r{Interlocked.Increment(ref count)} of {runs} runs");
        });
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine();
        var summary = new SimulationSummary(done);
        if (json)
            Console.Out.WriteLine(summary.ToJson());
        else
            Show(summary, Output.To(Console.Out));
        return ExitCode.Done;
    }

    private static void Show(SimulationSummary all, IAnsiConsole console)
    {
        console.Line($"{all.Runs[0].Scheduler} on {all.Runs[0].Slots} slots, {all.Runs.Count} runs, seeds {all.Runs[0].Seed} to {all.Runs[^1].Seed}");
        var table = Output.Table("", "mean", "95 % confidence interval of it", "runs that had it");
        void Row(string what, Estimate of, double scale = 1)
            => table.Row(what, Shown(of.Mean, scale), of.Low is null ? "" : $"{Shown(of.Low, scale)} to {Shown(of.High, scale)}", $"{of.Count}");
        Row("end, s", all.Summary.EndTime);
        Row("busy, slot-s", all.Summary.Busy);
        Row("utilization, %", all.Summary.Utilization, 100);
        Row("fully trained", all.Summary.FullyTrained);
        Row("the first fully trained, s", all.Summary.FirstFullyTrained);
        Row("best metric", all.Summary.Best);
        console.Write(table);
    }

    private static string Shown(double? value, double scale) => value is { } known ? Output.Number(known * scale) : "";

    private static void Show(SimulatedRecord record)
    {
        var console = Output.To(Console.Out);
        RunReport.Write(record.Record, console, hasLogs: false);
        var first = record.FirstFullyTrained is { } time ? $", the first after {Output.Duration(TimeSpan.FromSeconds(time))}" : "";
        console.Line($"fully trained, to {Output.Number(record.Record.State.Spec.Resource.Max)} {record.Record.State.Spec.Resource.Name}: {record.FullyTrained}{first}");
    }

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
