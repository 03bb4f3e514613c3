using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>From which checkpoint a trial starts again.</summary>
public sealed class CheckpointTests
{
    private readonly ExperimentDriver _driver = new();
    private readonly TrialState _trial;

    public CheckpointTests() => _trial = Promoted();

    /// <summary>On its way from 1 to 4, from a checkpoint at 1.</summary>
    private TrialState Promoted()
    {
        var trial = _driver.Sample();
        _driver.Exit(trial, new TrialReport(1, 1, "at-1", CheckpointBytes: 10));
        _driver.Promote(trial);
        return _driver.Start(trial);
    }

    private void Lose(EndingCause cause, string detail = "it has 3 bytes, its manifest says 4") => _driver.Say(_trial, new TrialEnding(cause, detail));

    private JobStarted Again()
    {
        _driver.Decided();
        _driver.Start(_trial);
        return _driver.Decided().OfType<JobStarted>().Single();
    }

    [Theory]
    [InlineData(EndingCause.CheckpointCorrupt, "checkpoint-corrupt")]
    [InlineData(EndingCause.CheckpointMissing, "checkpoint-missing")]
    public void The_one_before_then_nothing_and_no_try_is_used_up(EndingCause cause, string name)
    {
        _driver.Report(_trial, 2, 1, "at-2");
        _driver.Report(_trial, 3, 1, "at-3");
        _driver.Crash(_trial);
        Assert.Equal((3.0, new CheckpointRef(2, "at-3", 3)), Again() is var first ? (first.Start, first.Checkpoint) : default);
        Lose(cause);
        Assert.Equal((2.0, new CheckpointRef(2, "at-2", 2)), Again() is var second ? (second.Start, second.Checkpoint) : default);
        Lose(cause);
        Assert.Equal((0.0, null), Again() is var third ? (third.Start, third.Checkpoint) : default);
        Assert.Equal((1, name), (_trial.Failures, _trial.RetryReason));
        var losses = _driver.State.CheckpointLosses;
        Assert.Equal([("at-3", "at-2"), ("at-2", null)], losses.Select(loss => (loss.Checkpoint.Path, loss.Next?.Path)));
        Assert.All(losses, loss => Assert.Equal((name, "it has 3 bytes, its manifest says 4"), (loss.Event.Cause, loss.Event.Detail)));
    }

    [Fact]
    public void One_of_an_earlier_attempt_is_the_one_before()
    {
        _driver.Report(_trial, 2, 1, "at-2");
        _driver.Crash(_trial);
        Assert.Equal("at-2", Again().Checkpoint?.Path);
        Lose(EndingCause.CheckpointCorrupt);
        Assert.Equal(new CheckpointRef(1, "at-1", 1, 10), Again().Checkpoint);
    }

    [Fact]
    public void One_that_was_written_over_is_none()
    {
        foreach (var resource in new[] { 2.0, 3.0 })
            _driver.Report(_trial, resource, 1, "state");
        _driver.Crash(_trial);
        Assert.Equal(3, Again().Start);
        Lose(EndingCause.CheckpointCorrupt);
        Assert.Equal(new CheckpointRef(1, "at-1", 1, 10), Again().Checkpoint);
    }

    [Fact]
    public void With_a_result_those_before_are_forgotten_as_they_are_deleted()
    {
        _driver.Report(_trial, 2, 1, "at-2");
        _driver.Exit(_trial, new TrialReport(4, 1, "at-4"));
        Assert.Equal(("at-4", null), (_trial.Checkpoint?.Path, _trial.CheckpointBefore?.Path));
        _driver.Promote(_trial);
        Assert.Equal("at-4", Again().Checkpoint?.Path);
        Lose(EndingCause.CheckpointCorrupt);
        Assert.Equal(0, Again().Start);
        Assert.Null(_trial.ResultCheckpoint);
    }

    [Fact]
    public void A_loss_without_words_is_of_a_version_that_forgot_all_of_them()
    {
        _driver.Report(_trial, 2, 1, "at-2");
        _driver.Crash(_trial);
        Again();
        Lose(EndingCause.CheckpointMissing, "");
        Assert.Equal((0.0, null), Again() is var again ? (again.Start, again.Checkpoint) : default);
    }
}
