using System.CommandLine;
using Asha.Core.Experiments;
using Asha.Core.Stories;
using Asha.Host.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha why RUN TRIAL</c>: one trial's story, and why it ended where it did.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var command = new Command("why", "Tells one trial's story: its jobs and attempts, its ranks, why it was promoted or was not.");
        var options = new RunOptions();
        options.AddTo(command);
        var trial = TrialArgument.Create("The trial's number.");
        command.Arguments.Add(trial);
        options.Server.AddTo(command);
        command.SetAction((parsed, cancel) => options.TellAsync(parsed, source =>
        {
            var story = new TrialStory(TrialArgument.Number(parsed.GetRequiredValue(trial), source.Name));
            var isHeld = source.IsAtWork;
            var state = source.Read(new RunRecord { Story = story }).State;
            TrialArgument.Find(state, story.Trial);
            if (options.Json(parsed))
                Console.Out.WriteLine(StorySummary.Of(story, state, isHeld).ToJson());
            else
                StoryText.Write(story, state, isHeld, Output.To(Console.Out));
            return ExitCode.Done;
        }, cancel));
        return command;
    }
}
