using System.CommandLine;
using Asha.Host.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha resume RUN</c>: goes on with a run whose engine was killed, or that was interrupted or paused.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var options = new RunOptions();
        var plain = TuneCommand.PlainOption();
        var slots = new Option<int?>("--slots") { Description = "Jobs that run at a time from now on. Left out: as many as when the run was begun." };
        slots.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--slots: must be at least 1.");
        });
        var command = new Command("resume", "Goes on with a run: after Ctrl-C, 'asha pause', a crash, or a reboot.") { plain, slots };
        var server = new ServerOptions();
        options.AddTo(command);
        server.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (server.IsMeant(parsed, options.Runs, slots, plain))
            {
                return await server.RunAsync(parsed, async client =>
                {
                    await client.CommandAsync(options.Name(parsed), "resume", cancel);
                    Console.Out.WriteLine($"{options.Name(parsed)}: goes on in the cluster");
                    return ExitCode.Done;
                });
            }
            var folder = options.Find(parsed);
            using var held = Resumption.Hold(folder);
            return await Resumption.Of(folder, environment: null, parsed.GetValue(slots), options.Json(parsed), parsed.GetValue(plain)).RunAsync();
        });
        return command;
    }
}
