using System.CommandLine;
using Asha.Actors.Execution;
using Asha.Tuning;
using Asha.Tuning.Runs;
using Microsoft.Win32.SafeHandles;

namespace Asha.Host.Cli;

/// <summary><c>asha logs RUN TRIAL</c>: what a trial printed.</summary>
internal static class LogsCommand
{
    private const string Preparation = "prepare";

    /// <summary>EPIPE: who read this has gone, as <c>head</c> does.</summary>
    public const int BrokenPipe = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var run = new RunOptions(json: false);
        var trial = TrialArgument.Create($"The trial's number; or '{Preparation}', for what the preparation printed.");
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on with what comes, until the run ends or Ctrl-C; of a cluster's, until the trial has ended for good, too." };
        var attempt = new Option<int?>("--attempt") { Description = "Only this attempt, counted from 1.", HelpName = "number" };
        var raw = new Option<bool>("--raw") { Description = "The bytes as they are, for a file or a pipe. Without it, control characters are taken out, wherever the output goes." };
        var command = new Command("logs", "Prints what a trial printed; also while it runs.");
        run.AddTo(command);
        run.Server.AddTo(command);
        command.Arguments.Add(trial);
        foreach (var option in new Option[] { follow, attempt, raw })
            command.Options.Add(option);
        command.SetAction((parsed, stop) =>
        {
            if (parsed.GetValue(raw) && !Console.IsOutputRedirected)
                throw new UserErrorException("--raw: what a trial printed may do anything to a terminal", "Send it into a file or a pipe: asha logs RUN TRIAL --raw > FILE");
            if (run.Server.IsMeant(parsed, run.Runs))
            {
                var text = new LogText(StandardOutput(), parsed.GetValue(attempt), parsed.GetValue(raw), isOfNodes: true);
                return run.Server.RunAsync(parsed, client => ClusterLogs.PrintAsync(client, run.Name(parsed), parsed.GetRequiredValue(trial), text, parsed.GetValue(follow), stop));
            }
            var folder = run.Open(parsed);
            var path = PathOf(folder, parsed.GetRequiredValue(trial), parsed.GetValue(attempt), parsed.GetValue(follow));
            return PrintAsync(folder, path, parsed.GetValue(attempt), parsed.GetValue(raw), parsed.GetValue(follow), stop);
        });
        return command;
    }

    private static async Task<int> PrintAsync(RunFolder folder, string path, int? attempt, bool raw, bool follow, CancellationToken stop)
    {
        await using var target = StandardOutput();
        var (reader, text) = (new BoundedLogReader(path), new LogText(target, attempt, raw));
        try
        {
            // Asked before it reads: what is written last is still read.
            for (var goesOn = true; goesOn;)
            {
                goesOn = follow && folder.IsHeld();
                text.Write(reader.ReadNew());
                if (goesOn)
                    await Task.Delay(Pause, stop);
            }
            text.End();
        }
        catch (IOException gone) when (gone.HResult == BrokenPipe)
        {
            return ExitCode.Done;
        }
        if (!text.HasWritten && attempt is not null)
            Console.Error.WriteLine($"asha: the log has nothing of attempt {attempt}: {path}");
        return ExitCode.Done;
    }

    /// <summary>Console's stream says nothing when nobody reads any more; a file's would write at a place of its own into what several commands write together.</summary>
    private static Stream StandardOutput()
    {
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    /// <summary>The log of a trial, or of the preparation.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    private static string PathOf(RunFolder folder, string given, int? attempt, bool follow)
    {
        if (given == Preparation)
        {
            var prepared = folder.In($"logs/{Preparation}.log");
            return attempt is not null ? throw new UserErrorException($"--attempt {attempt}: the preparation has no attempts")
                : File.Exists(prepared) ? prepared
                : throw new UserErrorException($"{folder.Name}: it has no preparation, or it has not begun: there is no logs/{Preparation}.log");
        }
        var number = TrialArgument.Number(given, folder.Name, $", or '{Preparation}'");
        var trial = TrialArgument.Find(folder.ReadRecord().State, number);
        if (attempt is < 1 || attempt > trial.Attempt)
            throw new UserErrorException($"--attempt {attempt}: trial {number} has {(trial.Attempt == 0 ? "no attempt yet" : trial.Attempt == 1 ? "attempt 1 alone" : $"attempts 1 to {trial.Attempt}")}");
        var path = folder.In($"logs/trial-{number:D6}.log");
        if (File.Exists(path) || follow)
            return path;
        // A trial of a .NET program has a log only if it writes one.
        throw trial.Attempt == 0
            ? new UserErrorException($"trial {number} has not been started yet", "--follow waits for its log.")
            : new UserErrorException($"trial {number} has logged nothing");
    }
}
