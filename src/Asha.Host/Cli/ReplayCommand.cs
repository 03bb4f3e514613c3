using System.CommandLine;
using Asha.Actors.Replay;
using Asha.Host.Comparing;
using Asha.Host.ExperimentFiles;
using Asha.Host.Replaying;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha replay RUN</c>: a recorded run, decided again; with <c>--with</c>, what it would have been otherwise.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var run = PathArgument.Create("run", "The run's folder, its name below --runs or with --to in a cluster, or a file of events.");
        var runs = TuneCommand.RunsOption();
        var with = new Option<string[]>("--with") { Description = "Changes a key, and runs in the recorded world: --with scheduler.type=sha, scheduler.reduction-factor=3, slots=20, speed=2, stragglers=1, stop.after=1h. May be given more than once.", HelpName = "path=value" };
        var simulate = new Option<bool>("--simulate") { Description = "Runs in the recorded world with nothing changed." };
        var report = new Option<string?>("--report") { Description = "With --with: where the report goes. Left out: RUN-replay.html in this folder.", HelpName = "file" };
        var force = new Option<bool>("--force") { Description = "The report may take the place of a file that is no report." };
        var json = new Option<bool>("--json") { Description = "One JSON object, and nothing else." };
        var command = new Command("replay", "Decides a recorded run again, and compares with what was recorded; or says what another scheduler or other slots would have made of it.") { run, runs, with, simulate, report, force, json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var given = parsed.GetRequiredValue(run);
            return server.IsMeant(parsed, runs) && !File.Exists(given)
                ? server.RunAsync(parsed, async client => Replay(parsed, await Recording.ReadAsync(client, given, cancel)))
                : Task.FromResult(Replay(parsed, Recording.Read(given, parsed.GetRequiredValue(runs))));
        });
        return command;

        int Replay(ParseResult parsed, Recording recording)
        {
            var changes = (parsed.GetValue(with) ?? []).Select(text => ExperimentOptions.Override(text, Override.With, "path=value, such as --with scheduler.type=sha")).ToList();
            if (changes.Count == 0 && !parsed.GetValue(simulate))
                return parsed.GetValue(report) is null ? Decide(recording, parsed.GetValue(json)) : throw new UserErrorException("--report is for --with and --simulate: a run that is decided again has none");
            var path = ReportFile.Check(parsed.GetValue(report) ?? $"{recording.Run}-replay.html", parsed.GetValue(force));
            return Ask(recording, changes, path, parsed.GetValue(json));
        }
    }

    private static int Decide(Recording recording, bool json)
    {
        var again = Decided(recording);
        if (json)
            Console.Out.WriteLine(ReplaySummary.Of(recording, again).ToJson());
        else
            ReplayReport.Write(recording, again, Output.To(Console.Out));
        return again.Difference is null ? ExitCode.Done : ExitCode.Failed;
    }

    private static Redecided Decided(Recording recording)
    {
        try
        {
            return Redecision.Of(recording.Events, recording.Altered);
        }
        catch (InvalidOperationException wrong)
        {
            throw new UserErrorException($"{recording.Path}: no engine could have written this: {wrong.Message}", "Was the file changed?");
        }
    }

    private static int Ask(Recording recording, IReadOnlyList<Override> changes, string path, bool json)
    {
        // Facts that do not fit together, or that somebody has changed, make no world.
        if (Decided(recording).Difference is { } parting)
            throw new UserErrorException([$"{recording.Path}, line {parting.Index + 1}: {(parting.IsAltered ? "the line was changed after it was written" : "from here on the run is not decided as it was recorded")}, so that nothing can be said about it"], $"'asha replay {recording.Given}' says what differs.");
        var (asked, problems) = WhatIfFile.Read(recording, changes);
        if (asked is null)
            throw new UserErrorException([.. problems.Select(problem => problem.ToString())]);
        var (comparison, words) = WhatIfRun.Of(recording, asked);
        if (comparison.Draws.SelectMany(one => one.Differences).FirstOrDefault() is { } difference)
            throw new UserErrorException($"{recording.Path}: the recorded run and this version's do not sample alike, so that they cannot be compared: {difference}", $"'asha replay {recording.Given}' says where they part.");
        var bytes = ReportFile.Write(path, comparison);
        if (json)
            Console.Out.WriteLine((ComparisonSummary.Of(comparison, path) with { Unknown = words.Summary }).ToJson());
        else
            Show(comparison, words, path, bytes);
        return ExitCode.Done;
    }

    private static void Show(Comparison comparison, RecordingWords words, string report, long bytes)
    {
        var console = Output.To(Console.Out);
        foreach (var sentence in Headline.Of(comparison))
            console.Line(sentence);
        ComparisonTable.Of(comparison).WriteTo(console);
        console.Line(words.Unknown ?? "Every job of the changed run was recorded, with its result.");
        console.Line($"report: {report} ({(bytes + 999) / 1000} kB)");
    }
}
