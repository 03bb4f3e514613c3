using System.CommandLine;
using System.CommandLine.Invocation;
using Asha.Host.Cli;

namespace Asha.Host;

/// <summary>The executable <c>asha</c>.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Asha tunes hyper-parameters by successive halving, synchronous (SHA) and asynchronous (ASHA).")
        {
            CheckCommand.Create(),
            TuneCommand.Create(),
            ShowCommand.Create(),
            BestCommand.Create(),
            ListCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
            return Fail(parsed.Errors.Select(error => error.Message), "Try 'asha --help'.");
        try
        {
            // Ctrl-C is ours: a run is stopped with what it found.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UserErrorException error)
        {
            return Fail(error.Problems, error.Advice);
        }
    }

    private static int Fail(IEnumerable<string> problems, string? advice)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine($"asha: {problem}");
        if (advice is not null)
            Console.Error.WriteLine(advice);
        return ExitCode.UserError;
    }
}
