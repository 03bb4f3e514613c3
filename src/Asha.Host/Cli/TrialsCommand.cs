using System.CommandLine;
using System.Text.Json;
using Asha.Core.Experiments;
using Asha.Host.Runs;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha trials RUN</c>: the trials of a run, best first; as a table, or whole as CSV.</summary>
internal static class TrialsCommand
{
    private static readonly string[] States = [.. Enum.GetNames<TrialPhase>().Select(name => name.ToLowerInvariant())];

    public static Command Create()
    {
        var command = new Command("trials", "Lists the trials of a run, best first.");
        var options = new RunOptions();
        options.AddTo(command);
        var csv = new Option<bool>("--csv") { Description = "All of each trial, as comma-separated values on standard output." };
        var sort = new Option<string>("--sort") { Description = "best (the highest rung, there by metric; those without a finite result last) or trial (by number).", DefaultValueFactory = _ => "best" };
        var state = new Option<string?>("--state") { Description = $"Only trials in this state: {string.Join(", ", States)}." };
        var limit = new Option<int?>("--limit") { Description = "At most so many." };
        command.Options.Add(csv);
        command.Options.Add(sort);
        command.Options.Add(state);
        command.Options.Add(limit);
        options.Server.AddTo(command);
        command.SetAction((parsed, cancel) => options.TellAsync(parsed, source =>
        {
            var run = source.Read().State;
            var chosen = Choose(run, parsed.GetRequiredValue(sort), parsed.GetValue(state), parsed.GetValue(limit));
            if (parsed.GetValue(csv))
                TrialsCsv.Write(run, chosen.Select(entry => entry.Trial), Console.Out);
            else if (options.Json(parsed))
                Console.Out.WriteLine(JsonSerializer.Serialize(chosen.Select(entry => TrialSummary.Of(run, entry.Trial)).ToArray(), SummaryJson.Default.TrialSummaryArray));
            else
                TrialTable.Write(run, chosen, Output.To(Console.Out), withAttempts: true);
            return ExitCode.Done;
        }, cancel));
        return command;
    }

    private static List<(TrialState Trial, int Rung)> Choose(ExperimentState run, string sort, string? state, int? limit)
    {
        if (sort is not ("best" or "trial"))
            throw new UserErrorException($"--sort {sort}: there is no such order; it is best or trial");
        if (state is not null && !States.Contains(state))
            throw new UserErrorException($"--state {state}: there is no such state; the states are {string.Join(", ", States)}");
        if (limit < 1)
            throw new UserErrorException($"--limit {limit}: it is at least 1");
        var ranked = TrialRanking.Of(run).ToList();
        var withResult = ranked.Select(entry => entry.Trial.Trial).ToHashSet();
        IEnumerable<(TrialState Trial, int Rung)> all = ranked.Concat(run.Trials.Where(trial => !withResult.Contains(trial.Trial)).Select(trial => (Trial: trial, Rung: -1)));
        if (sort == "trial")
            all = all.OrderBy(entry => entry.Trial.Trial);
        return [.. all.Where(entry => state is null || entry.Trial.Phase.ToString().Equals(state, StringComparison.OrdinalIgnoreCase)).Take(limit ?? int.MaxValue)];
    }
}
