using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Cluster.Nodes;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Cluster.Tests;

/// <summary>A node whose disk, or whose shared folder, takes nothing: here a file stands where a folder is to be, which every user is refused alike.</summary>
public sealed class NodeDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TrialEnding Start(NodeRuns runs)
    {
        var heard = new Listener();
        runs.Start(new TrialLaunch { Trial = 0, Attempt = 1, Seed = 1, Configuration = Configuration.Empty, Start = 0, Target = 9, Run = "run", Program = new TrialSpec { Command = ["true"], Directory = "/" } }, heard);
        Assert.True(heard.Ending.Task.IsCompletedSuccessfully);
        return heard.Ending.Task.Result;
    }

    [Fact]
    public void A_start_fails_and_nothing_else_when_the_folder_of_the_run_cannot_be_made()
    {
        var runs = new NodeRuns(_folder, null, null, TextWriter.Null);
        File.WriteAllText(Path.Combine(_folder, "run"), "");
        var ending = Start(runs);
        Assert.Equal(EndingCause.NodeUnfit, ending.Cause);
        Assert.StartsWith("the run's folder cannot be used on this node: ", ending.Detail, StringComparison.Ordinal);
        Assert.Equal(EndingCause.NodeUnfit, Start(runs).Cause); // And again, as long as it is so.
    }

    [Fact]
    public void A_start_fails_and_nothing_else_when_nothing_can_be_written_in_the_folder_of_the_run()
    {
        using var runs = new NodeRuns(_folder, null, null, TextWriter.Null);
        Directory.CreateDirectory(Path.Combine(_folder, "run", "run.token"));
        Assert.Equal(EndingCause.NodeUnfit, Start(runs).Cause);
    }

    [Fact]
    public async Task A_release_fails_and_nothing_else_when_the_shared_folder_is_away()
    {
        var shared = Path.Combine(_folder, "shared");
        File.WriteAllText(shared, "");
        using var runs = new NodeRuns(Directory.CreateDirectory(Path.Combine(_folder, "runs")).FullName, shared, null, TextWriter.Null);
        var release = runs.Release(new ReleaseCheckpoints(0, Run: "run"));
        await Assert.ThrowsAnyAsync<IOException>(() => release);
    }

    private sealed class Listener : IAttemptListener
    {
        public TaskCompletionSource<TrialEnding> Ending { get; } = new();

        public void Reported(TrialReport report) { }

        public void Ended(TrialEnding ending) => Ending.SetResult(ending);
    }
}
