using System.CommandLine;
using Asha.Core.Experiments;
using Asha.Host.Tuning;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha tune FILE</c>: prepares, tunes, and says what was found.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        var options = new ExperimentOptions();
        var runs = RunsOption();
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, and nothing else; progress goes to standard error." };
        var plain = PlainOption();
        var resume = new Option<bool>("--resume") { Description = "Goes on with the newest run of this experiment, if there is one that is not over." };
        var command = new Command("tune", "Runs an experiment on this machine.") { runs, json, plain, resume };
        options.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            var spec = options.Read(parsed);
            return TuneAsync(spec, parsed.GetRequiredValue(runs), parsed.GetValue(json), parsed.GetValue(plain), parsed.GetValue(resume));
        });
        return command;
    }

    /// <summary>Lines in the place of a live view.</summary>
    public static Option<bool> PlainOption() => new("--plain") { Description = "Plain lines, also on a terminal: no live view." };

    /// <summary>Where runs are kept.</summary>
    public static Option<string> RunsOption()
    {
        var runs = new Option<string>("--runs") { Description = "The folder that holds the runs.", DefaultValueFactory = _ => "runs" };
        runs.Validators.Add(PathArgument.Check);
        return runs;
    }

    private static async Task<int> TuneAsync(ExperimentSpec spec, string runs, bool json, bool plain, bool resume)
    {
        var server = JournalServer.FromEnvironment();
        if (resume && BegunRun.Newest(spec, runs) is { } begun)
        {
            using var again = Resumption.Hold(begun);
            return await Resumption.Of(begun, spec.Trial.Env, spec.Slots, json, plain).RunAsync();
        }
        RunJournal.Reach(server);
        if (resume)
            Console.Error.WriteLine($"asha: there is no run of '{spec.Name}' below {runs} that is not over: another one begins");
        var (folder, hold) = RunFolder.Create(runs, spec.Name, DateTimeOffset.UtcNow);
        using var held = hold;
        return await new TuneSession(spec, folder, RunJournal.Create(folder.Path, server), json, plain).RunAsync();
    }
}
