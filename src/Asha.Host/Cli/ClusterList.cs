using System.CommandLine;
using System.Text.Json;
using Asha.Cluster.Api;
using Asha.Cluster.Client;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha ls</c> of a cluster: all experiments that are not over, and of those that are the newest; the last one submitted at the end, where a terminal shows it.</summary>
internal sealed class ClusterList
{
    private const int UsualLimit = 100;

    private readonly Option<int> _limit = new("--limit") { Description = "Of a cluster's runs that are over, so many of the newest; the others are all listed.", DefaultValueFactory = _ => UsualLimit };
    private readonly Option<string?> _phase = new("--phase") { Description = "Of a cluster: only runs that stand so, several with commas: open, ending, paused, over.", HelpName = "phases" };

    public void AddTo(Command command)
    {
        command.Options.Add(_limit);
        command.Options.Add(_phase);
    }

    /// <exception cref="UserErrorException">An option was given that says nothing of the runs of this machine.</exception>
    public void ExpectNone(ParseResult parsed)
    {
        if (new Option[] { _limit, _phase }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UserErrorException($"{given.Name}: is of a cluster's runs; say which cluster with --to, or leave it out");
    }

    public async Task<int> ShowAsync(AshaClient client, ParseResult parsed, bool json, CancellationToken cancel)
    {
        var limit = parsed.GetValue(_limit);
        if (limit < 1)
            throw new UserErrorException($"--limit: must be at least 1, but is {limit}");
        var phases = (parsed.GetValue(_phase) ?? "open,ending,paused,over").Split(',');
        var others = string.Join(',', phases.Where(phase => phase != "over"));
        ExperimentsAnswer nothing = new([], 0);
        var (atWork, over) = (others.Length == 0 && phases.Contains("over") ? nothing : await client.ListAsync(others, int.MaxValue, cancel), phases.Contains("over") ? await client.ListAsync("over", limit, cancel) : nothing);
        // One that has ended between the two answers is in both: then the second is right.
        var listed = over.Experiments.Concat(atWork.Experiments).DistinctBy(run => run.Run).OrderBy(run => run.SubmittedAt).ThenBy(run => run.Run, StringComparer.Ordinal).ToArray();
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new ExperimentsAnswer(listed, Math.Max(atWork.Epoch, over.Epoch), over.Next, Math.Max(atWork.Total, over.Total)), ApiJson.Plain.ExperimentsAnswer));
        else if (listed.Length == 0)
            Console.Error.WriteLine(atWork.Total + over.Total == 0 ? "asha: no experiment was submitted yet" : $"asha: none of {Math.Max(atWork.Total, over.Total)} experiments is {string.Join(" or ", phases)}");
        else
            Write(listed);
        if (over.Next is not null && !json)
            Console.Error.WriteLine($"asha: of those that are over only the newest {over.Experiments.Count} are listed; --limit 1000 lists more (of {over.Total} experiments in all)");
        return ExitCode.Done;
    }

    private static void Write(IEnumerable<ExperimentAnswer> listed)
    {
        var table = Output.Table("run", "submitted", "lasted", "trials", "jobs", "best", "weight", "coordinator", "outcome");
        foreach (var run in listed)
        {
            table.Row(run.Run, run.SubmittedAt.ToString("yyyy-MM-dd HH:mm:ss"), run.Seconds is { } seconds ? Output.Duration(TimeSpan.FromSeconds(seconds)) : "", $"{run.Trials}", $"{run.Jobs}", run.Best is { } best ? Output.Number(best) : "",
                run.Priority == 0 ? $"{run.Weight}" : $"{run.Weight} (priority {run.Priority})", run.Coordinator ?? "", StateOf(run));
        }
        Output.To(Console.Out).Write(table);
    }

    private static string StateOf(ExperimentAnswer run) => (run.Phase, run.Problem) switch
    {
        ("open" or "ending", { } problem) => $"its engine failed, and is started again: {problem}",
        ("open", _) when run.Shortage is { } shortage => $"waiting for a slot: {shortage}",
        ("open", _) => run.Seconds is null ? "starting" : run.Jobs == 0 ? "waiting for a slot" : "running",
        ("ending", _) => $"being ended ({run.Outcome})",
        (_, { } problem) => $"{run.Outcome}; {problem}",
        _ => run.Outcome ?? run.Phase,
    };
}
