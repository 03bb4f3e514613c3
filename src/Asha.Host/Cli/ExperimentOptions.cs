using System.CommandLine;
using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary>The experiment file and its overrides, as <c>check</c> and <c>tune</c> take them.</summary>
internal sealed class ExperimentOptions
{
    private readonly Argument<string> _file = PathArgument.Create("file", "The experiment file (YAML).");
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets a key of the file: --set scheduler.trials=16. May be given more than once.",
        HelpName = "path=value",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        command.Options.Add(_set);
    }

    /// <summary>Reads the experiment; warnings go to standard error.</summary>
    /// <param name="looksForPrograms">Whether a program that cannot be found is a mistake, too; to a run it is a failure of its preparation or of its trials.</param>
    /// <exception cref="UserErrorException">Every mistake in it, together.</exception>
    public ExperimentSpec Read(ParseResult parsed, bool looksForPrograms = false)
    {
        var machine = new Machine(Environment.ProcessorCount, () => GpuDetector.Found, looksForPrograms ? ProgramPath.Problem : null, Environment.GetEnvironmentVariable);
        var read = ExperimentFile.Load(File(parsed), Overrides(parsed), machine);
        foreach (var warning in read.Warnings)
            Console.Error.WriteLine($"asha: warning: {warning}");
        return read.Spec ?? throw new UserErrorException([.. read.Problems.Select(problem => problem.ToString())]);
    }

    public string File(ParseResult parsed) => parsed.GetRequiredValue(_file);

    public IReadOnlyList<Override> Overrides(ParseResult parsed) => [.. (parsed.GetValue(_set) ?? []).Select(text => Override(text, ExperimentFiles.Override.Set, "path=value, such as --set scheduler.trials=16"))];

    /// <summary>A path and its value, with the first = between them.</summary>
    /// <param name="text">As given.</param>
    /// <param name="option">By which option.</param>
    /// <param name="wanted">What it has to be, with an example.</param>
    public static Override Override(string text, string option, string wanted)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new Override(text[..equals], text[(equals + 1)..], option) : throw new UserErrorException($"{option} {text}: wants {wanted}");
    }
}
