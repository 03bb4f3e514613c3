using System.CommandLine;
using System.CommandLine.Invocation;
using Asha.Host.Cli;
using Asha.Tuning;

namespace Asha.Host;

/// <summary>The executable <c>asha</c>.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["torture" or "compare" or "sweep", ..])
            RoomyStart.Ensure();
        var output = new LossyWriter(Console.Out);
        Console.SetOut(output);
        Console.SetError(new LossyWriter(Console.Error));
        var code = await RunAsync(args);
        if (output.Loss is not { } loss)
            return code;
        var failed = Fail([$"standard output could not be written: {loss.Message}"], null, ExitCode.Failed);
        return code == ExitCode.Done ? failed : code;
    }

    private static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Asha tunes hyper-parameters by successive halving, synchronous (SHA) and asynchronous (ASHA).")
        {
            CheckCommand.Create(),
            TuneCommand.Create(),
            ResumeCommand.Create(),
            EndCommands.Pause(),
            EndCommands.Cancel(),
            SimulateCommand.Create(),
            CompareCommand.Create(),
            ReplayCommand.Create(),
            SweepCommand.Create(),
            ShowCommand.Create(),
            BestCommand.Create(),
            TrialsCommand.Create(),
            LogsCommand.Create(),
            WhyCommand.Create(),
            PlotCommand.Create(),
            ListCommand.Create(),
            TortureCommand.Create(),
            ServeCommand.Create(),
            NodeCommand.Create(),
            ClusterCommand.Create(),
            SubmitCommand.Create(),
            NodesCommands.Nodes(),
            NodesCommands.Drain(),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
            return Fail(parsed.Errors.Select(error => error.Message), "Try 'asha --help'.", ExitCode.UserError);
        try
        {
            // Ctrl-C is ours: a run is stopped with what it found.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UserErrorException error)
        {
            return Fail(error.Problems, error.Advice, ExitCode.UserError);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk is full, or was taken away.
            return Fail([error.Message], null, ExitCode.Failed);
        }
    }

    private static int Fail(IEnumerable<string> problems, string? advice, int code)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine(Output.Clean($"asha: {problem}"));
        if (advice is not null)
            Console.Error.WriteLine(advice);
        return code;
    }
}
