using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Asha.Host.ExperimentFiles;
using Asha.Host.Scenarios;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary>Seeds and target, as <c>simulate</c>, <c>compare</c> and <c>sweep</c> take them.</summary>
internal sealed class SimulationOptions
{
    /// <summary>Seeds that <c>compare</c> and <c>sweep</c> run where none are asked for and anything is drawn.</summary>
    public const int DrawnRepetitions = 10;

    private const int MostRepetitions = WorldReader.MostRepetitions;

    private readonly Option<long?> _seed = new("--seed") { CustomParser = result => Parsed(result, long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : (long?)null, "a whole number from 0"), Description = "Takes the place of the file's seed." };
    private readonly Option<int?> _repetitions = new("--repetitions") { CustomParser = result => Parsed(result, int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) ? runs : (int?)null, $"a whole number from 1 to {MostRepetitions}"), HelpName = "runs" };
    private readonly Option<double?> _target = new("--target") { CustomParser = result => Parsed(result, double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var target) ? target : (double?)null, "a number"), Description = "A metric, as reported: how long it takes until a result is at least as good. Left out: the file's stop.metric, where there is one.", HelpName = "metric" };

    /// <param name="command">Where to.</param>
    /// <param name="repetitions">What is said of repetitions.</param>
    public void AddTo(Command command, string repetitions)
    {
        _repetitions.Description = repetitions;
        command.Options.Add(_seed);
        command.Options.Add(_repetitions);
        command.Options.Add(_target);
    }

    /// <summary>Says what came of reading a scenario; warnings go to standard error.</summary>
    /// <exception cref="UserErrorException">Every mistake in it, together.</exception>
    public static void Tell(IReadOnlyList<string> warnings, IReadOnlyList<FileProblem> problems)
    {
        foreach (var warning in warnings)
            Console.Error.WriteLine(Output.Clean($"asha: warning: {warning}"));
        if (problems.Count > 0)
            throw new UserErrorException([.. problems.Select(problem => problem.ToString())]);
    }

    public long? Seed(ParseResult parsed) => parsed.GetValue(_seed) is not { } seed ? null : seed >= 0 ? seed : throw new UserErrorException($"--seed {seed}: must be at least 0");

    /// <summary>How many seeds, the first one included.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="otherwise">Where it is left out.</param>
    public int Repetitions(ParseResult parsed, long first, int otherwise)
    {
        var runs = parsed.GetValue(_repetitions) ?? otherwise;
        if (runs is < 1 or > MostRepetitions)
            throw new UserErrorException($"--repetitions {runs}: must be from 1 to {MostRepetitions}");
        return first <= long.MaxValue - runs ? runs : throw new UserErrorException($"the seed {first} has not {runs} numbers after it");
    }

    public double? Target(ParseResult parsed, Scenario scenario) => parsed.GetValue(_target) is not { } target ? scenario.Spec.Stop.Metric
        : double.IsFinite(target) ? target : throw new UserErrorException($"--target {target}: must be a finite number");

    private static T? Parsed<T>(ArgumentResult result, T? value, string what) where T : struct
    {
        if (value is null)
            result.AddError($"{((OptionResult)result.Parent!).IdentifierToken?.Value} {result.Tokens[0].Value}: must be {what}");
        return value;
    }
}
