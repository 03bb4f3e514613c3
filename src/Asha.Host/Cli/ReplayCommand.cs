using System.CommandLine;
using Asha.Actors.Replay;
using Asha.Host.Replaying;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha replay RUN</c>: a recorded run, decided again.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var run = PathArgument.Create("run", "The run's folder, its name below --runs, or a file of events.");
        var runs = TuneCommand.RunsOption();
        var json = new Option<bool>("--json") { Description = "One JSON object, and nothing else." };
        var command = new Command("replay", "Decides a recorded run again, and compares with what was recorded.") { run, runs, json };
        command.SetAction(parsed => Decide(Recording.Read(parsed.GetRequiredValue(run), parsed.GetRequiredValue(runs)), parsed.GetValue(json)));
        return command;
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
            return Redecision.Of(recording.Events);
        }
        catch (InvalidOperationException wrong)
        {
            throw new UserErrorException($"{recording.Path}: no engine could have written this: {wrong.Message}", "Was the file changed?");
        }
    }
}
