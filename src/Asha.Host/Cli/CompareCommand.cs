using System.CommandLine;
using Asha.Host.Comparing;
using Asha.Host.Scenarios;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha compare FILE</c>: what several schedulers would do in the same world, with the same draws.</summary>
internal static class CompareCommand
{
    private const int MostShown = 20;

    public static Command Create()
    {
        var (options, simulation) = (new ExperimentOptions(), new SimulationOptions());
        var schedulers = new Option<string?>("--schedulers") { Description = "Types of schedulers, such as sha,asha; in place of the file's 'compare'. Where there is neither: sha,asha.", HelpName = "types" };
        var report = new Option<string?>("--report") { Description = "Where the report goes. Left out: NAME-compare.html in this folder.", HelpName = "file" };
        var force = new Option<bool>("--force") { Description = "The report may take the place of a file that is no report of a comparison." };
        var draws = new Option<string?>("--draws") { Description = "Writes every draw that runs share to this file (CSV), which must not be there yet.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "One JSON object, and nothing else." };
        var command = new Command("compare", "Runs a scenario with several schedulers on common random numbers, and writes a report.") { schedulers, report, force, draws, json };
        simulation.AddTo(command, $"Runs each scheduler with so many seeds, the given one first, then the numbers after it; on all cores. Left out: as many as the file says, else {SimulationOptions.DrawnRepetitions}, or 1 where the world draws nothing.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var contenders = Read(options, parsed, Types(parsed.GetValue(schedulers)));
            var scenario = contenders[0].Scenario;
            var seed = simulation.Seed(parsed) ?? scenario.Spec.Seed;
            var seeds = simulation.Repetitions(parsed, seed, scenario.Repetitions ?? (scenario.IsDrawn ? SimulationOptions.DrawnRepetitions : 1));
            var path = ReportFile.Check(parsed.GetValue(report) ?? $"{scenario.Spec.Name}-compare.html", parsed.GetValue(force));
            var list = parsed.GetValue(draws) is { } file ? Unused(file) : null;
            var comparison = Comparison.Of(contenders, new ScenarioWords(scenario), seed, seeds, simulation.Target(parsed, scenario), list is null ? Comparison.MostListed : int.MaxValue);
            if (comparison.Draws.SelectMany(one => one.Differences).ToList() is { Count: > 0 } differences)
                return Fail(differences);
            if (list is not null)
                WriteDraws(list, comparison);
            var bytes = ReportFile.Write(path, comparison);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(ComparisonSummary.Of(comparison, path).ToJson());
            else
                Show(comparison, path, bytes);
            return ExitCode.Done;
        });
        return command;
    }

    private static IReadOnlyList<Contender> Read(ExperimentOptions options, ParseResult parsed, IReadOnlyList<string>? schedulers)
    {
        var read = ComparisonFile.Load(options.File(parsed), options.Overrides(parsed), schedulers);
        SimulationOptions.Tell(read.Warnings, read.Problems);
        return read.Contenders;
    }

    /// <summary>Types of schedulers with commas between them, from the command line; <c>null</c>: none are given.</summary>
    public static string[]? Types(string? given, int least = 2)
    {
        var types = given?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return types is null || (types.Length >= least && types.Length <= ContendersReader.Most) ? types
            : throw new UserErrorException($"--schedulers {given}: wants {(least == 1 ? "one" : "two")} to {ContendersReader.Most} types with commas between them, such as sha,asha");
    }

    private static void Show(Comparison comparison, string report, long bytes)
    {
        var console = Output.To(Console.Out);
        foreach (var sentence in Headline.Of(comparison))
            console.Line(sentence);
        ComparisonTable.Of(comparison).WriteTo(console);
        if (comparison.Seeds > 1)
            console.Line($"Means of {comparison.Seeds} seeds, {comparison.FirstSeed} to {comparison.FirstSeed + comparison.Seeds - 1}, with 95 % confidence intervals (Student's t); the differences are taken seed by seed.");
        console.Line(SharedWords(comparison));
        console.Line($"report: {report} ({(bytes + 999) / 1000} kB)");
    }

    /// <summary>How many draws are shared, and that they are equal.</summary>
    private static string SharedWords(Comparison comparison)
        => $"draws: {comparison.Draws.Sum(draws => draws.Shared):#,0} attempts (trial, rung, attempt) are in the runs of more than one scheduler; stragglers, drops, configurations and metrics of all of them are equal. --draws FILE lists them.";

    private static int Fail(List<string> differences)
    {
        Console.Error.WriteLine("asha: schedulers met other draws in the same world, so that nothing can be said by comparing them. This is a mistake of Asha's, not yours; please report it:");
        foreach (var difference in differences.Take(MostShown))
            Console.Error.WriteLine(Output.Clean($"  {difference}"));
        if (differences.Count > MostShown)
            Console.Error.WriteLine($"  and {differences.Count - MostShown} more");
        return ExitCode.Failed;
    }

    /// <summary>The path, if a file may be made there: before anything is run, and made after it, so that a run that failed leaves nothing in the way of the next one.</summary>
    private static string Unused(string path)
    {
        if (Path.Exists(path))
            throw new UserErrorException($"--draws {path}: is there already");
        return Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder) ? throw new UserErrorException($"--draws {path}: there is no folder {folder}") : path;
    }

    private static void WriteDraws(string path, Comparison comparison)
    {
        try
        {
            using var list = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
            DrawsCsv.Write(comparison.Draws.SelectMany(one => one.List), comparison.Labels, list);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--draws {path}: {wrong.Message}");
        }
    }
}
