using System.CommandLine;
using System.Globalization;
using System.Text;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha logs RUN TRIAL</c>: what a trial printed, reports apart; <c>prepare</c> for the preparation.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var command = new Command("logs", "Prints what a trial printed.");
        var options = new RunOptions(json: false);
        options.AddTo(command);
        var trial = new Argument<string>("trial") { Description = "The trial's number, or 'prepare'." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on as the trial prints, until the run ends." };
        var raw = new Option<bool>("--raw") { Description = "Byte for byte. Otherwise control characters are shown as �: a trial's output could do anything to a terminal." };
        command.Arguments.Add(trial);
        command.Options.Add(follow);
        command.Options.Add(raw);
        command.SetAction((parsed, stop) => PrintAsync(options.Open(parsed), parsed.GetRequiredValue(trial), parsed.GetValue(follow), parsed.GetValue(raw), stop));
        return command;
    }

    private static async Task<int> PrintAsync(RunFolder folder, string trial, bool follow, bool raw, CancellationToken stop)
    {
        var path = folder.In(trial == "prepare" ? "logs/prepare.log" : $"logs/trial-{NumberOf(trial, folder):D6}.log");
        if (!File.Exists(path) && !(follow && folder.IsHeld()))
            throw new UserErrorException($"{path}: there is no such log: {WhyNone(trial, folder)}");
        using var output = raw ? Console.OpenStandardOutput() : null;
        var decoder = new UTF8Encoding().GetDecoder();
        for (var position = 0L; ;)
        {
            // Asked before it is read: what is written before the end is still printed.
            var goesOn = follow && folder.IsHeld();
            position = await CopyAsync(path, position, output, decoder, stop).ConfigureAwait(false);
            if (!goesOn)
                return ExitCode.Done;
            await Task.Delay(Pause, stop).ConfigureAwait(false);
        }
    }

    /// <summary>A trial of a .NET program has a log only where it writes one.</summary>
    private static string WhyNone(string trial, RunFolder folder) => trial == "prepare"
        ? "the experiment has no preparation"
        : $"trial {trial} has {(folder.ReadRecord().State.Trials[NumberOf(trial, folder)].Attempt == 0 ? "not been started" : "logged nothing")}";

    /// <summary>Prints what came after a position; a log that was cut in its middle since then is gone on with at its end.</summary>
    private static async Task<long> CopyAsync(string path, long position, Stream? raw, Decoder decoder, CancellationToken stop)
    {
        if (!File.Exists(path))
            return position;
        await using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Position = Math.Min(position, log.Length);
        var (bytes, characters) = (new byte[16 * 1024], new char[16 * 1024 + 1]);
        for (int count; (count = await log.ReadAsync(bytes, stop).ConfigureAwait(false)) > 0;)
        {
            if (raw is not null)
                await raw.WriteAsync(bytes.AsMemory(0, count), stop).ConfigureAwait(false);
            else
                Console.Out.Write(Output.Clean(new string(characters, 0, decoder.GetChars(bytes, 0, count, characters, 0, flush: false))));
        }
        Console.Out.Flush();
        return log.Position;
    }

    private static int NumberOf(string trial, RunFolder folder)
    {
        var count = folder.ReadRecord().State.Trials.Count;
        return int.TryParse(trial, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < count
            ? number
            : throw new UserErrorException($"{trial}: there is no such trial in {folder.Name}; {(count == 0 ? "it has none yet" : $"they are numbered from 0 to {count - 1}")}");
    }
}
