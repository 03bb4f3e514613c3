using Asha.Core.Experiments;
using Xunit.Sdk;

namespace Asha.TestKit.Tests;

/// <summary>Recordings in tests: what was changed is found, and what was never recorded is counted.</summary>
public sealed class RecordingTests : AshaTestKit, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asha-recording-");

    private static string Night => Path.Combine(Document.Repository, "examples", "testkit-replay", "night.jsonl");

    [Fact]
    public void A_changed_promotion_fails_with_its_line_and_the_slots()
    {
        var lines = File.ReadAllLines(Night);
        var at = Array.FindIndex(lines, line => line.Contains("trial-promoted"));
        lines[at] = lines[at].Replace("\"rank\":1", "\"rank\":2");
        var failure = Assert.Throws<XunitException>(() => Recording.Read(Write(lines)).AssertDecidedAgain());
        Assert.Contains($"events.jsonl, line {at + 1}, is not decided so again", failure.Message);
        Assert.Contains("rank 2 of 4", failure.Message);
        Assert.Contains("slot 3 node-0 [3@0", failure.Message);
    }

    [Fact]
    public void Results_that_were_never_recorded_are_counted_and_rank_last()
    {
        // η = 2 in place of 4: 32 of 64 go on to 2 epochs, and ASHA has trained the best 16 of these further than one.
        var run = Run(Scenario.Sha(trials: 64, reductionFactor: 2).InWorldOf(Recording.Read(Night)));
        Assert.Equal(32 - 16, run.Events.OfType<JobCompleted>().Count(done => done.Rung == 1 && double.IsNaN(done.Metric)));
        Assert.Equal(run.Events.OfType<JobCompleted>().Count(done => double.IsNaN(done.Metric)), run.UnknownResults);
    }

    [Fact]
    public void What_cannot_apply_is_refused_and_not_ignored()
    {
        var said = Assert.Throws<InvalidScenarioException>(() => Run(Scenario.Of(Recording.Read(Night)).Metrics((trial, _) => trial).Stragglers(1).Fails(trial: 300, rung: 0, after: 2))).Message;
        Assert.Contains("Metrics: not in the world of a recording", said);
        Assert.Contains("Restarts, Stragglers, Drops: not in the world", said);
        Assert.Contains("trial 300 at rung 0: trial: must be 0 to 63", said);
        Assert.Contains("there is no node 2", Assert.Throws<InvalidScenarioException>(() => Start(Scenario.Sha(4).Nodes(new Node(), new Node()), new StandIns { Nodes = { [2] = CreateTestProbe() } })).Message);
        Assert.Contains("There is no trial 99", Assert.Throws<XunitException>(() => Run(Scenario.Sha(4)).AssertNotPromoted(99, 0)).Message);
    }

    [Fact]
    public void What_is_no_recording_is_said_so()
    {
        Assert.Contains("there is no recording here", Assert.Throws<FileNotFoundException>(() => Recording.Read(_folder.FullName)).Message);
        Assert.Contains("line 1", Assert.Throws<InvalidScenarioException>(() => Recording.Read(Write("no json"))).Message);
        Assert.Contains("line 4: does not follow", Assert.Throws<InvalidScenarioException>(() => Recording.Read(Write([.. File.ReadLines(Night).Take(3), "{\"event\":\"job-started.1\",\"time\":0,\"trial\":77,\"bracket\":0,\"rung\":0,\"attempt\":1,\"slot\":0,\"start\":0,\"target\":1}"]))).Message);
        Assert.Contains("a run begins with", Assert.Throws<InvalidScenarioException>(() => Recording.Read(Write(File.ReadAllLines(Night)[1..]))).Message);
    }

    void IDisposable.Dispose()
    {
        _folder.Delete(recursive: true);
        base.Dispose();
    }

    private string Write(params string[] lines)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "events.jsonl"), string.Join('\n', lines) + "\n");
        return _folder.FullName;
    }
}
