using System.CommandLine;
using Asha.Actors.Simulation;
using Asha.Host.Runs;
using Asha.Host.Scenarios;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha simulate FILE</c>: what a run would do, by the actors of a run, in virtual time.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var options = new ExperimentOptions();
        var seed = new Option<long?>("--seed") { Description = "Takes the place of the file's seed." };
        var json = new Option<bool>("--json") { Description = "One JSON object, and nothing else." };
        var events = new Option<string?>("--events") { Description = "Writes the run's events to this file, which must not be there yet.", HelpName = "file" };
        var trace = new Option<bool>("--trace") { Description = "Prints each message that an actor receives: the time, the actor's path, the message's type; and nothing else." };
        var command = new Command("simulate", "Runs a scenario in virtual time.") { seed, json, events, trace };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var scenario = Read(options, parsed);
            if (parsed.GetValue(seed) is { } given)
                scenario = scenario with { Spec = scenario.Spec with { Seed = given >= 0 ? given : throw new UserErrorException($"--seed {given}: must be at least 0") } };
            return Simulate(scenario, parsed.GetValue(json), parsed.GetValue(events), parsed.GetValue(trace));
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
        new SimulatedRun(scenario.Spec, scenario.Attempt)
        {
            Told = record.Apply,
            Events = file is null ? null : () => file,
            Trace = trace ? (time, actor, message) => Console.Out.WriteLine($"{time.TotalSeconds:R} {actor} {message}") : null,
        }.Run();
        if (trace)
            return ExitCode.Done;
        if (json)
            Console.Out.WriteLine(new SimulationSummary([record.Summary()]).ToJson());
        else
            Show(record);
        return ExitCode.Done;
    }

    private static void Show(SimulatedRecord record)
    {
        var console = Output.To(Console.Out);
        RunReport.Write(record.Record, console);
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
