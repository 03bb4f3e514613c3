namespace Asha.Host.Tests.ExperimentFiles;

public class WarningTests
{
    [Theory]
    [InlineData("scheduler: {trials: 16}", "scheduler: {type: sha, trials: 63}", "4:1: scheduler.trials: 63 are too few for one trial to be promoted to 64: that takes 64")]
    [InlineData("scheduler: {trials: 16}", "scheduler: {trials: 16, reduction-factor: 65}",
        "4:1: scheduler.reduction-factor: 65 leaves a single rung between 1 and 64: every trial is trained to the end")]
    [InlineData("scheduler: {trials: 16}", "stop: {metric: 0.1}", "4:1: stop.metric: alone ends nothing where no trial gets so good; give stop.after as well")]
    [InlineData("{type: uniform, min: 0, max: 1}", "{type: int, min: 1, max: 15}",
        "4:1: scheduler.trials: is 16, but the space has 15 configurations only; no more are sampled")]
    [InlineData("{type: uniform, min: 0, max: 1}", "{type: choice, values: [on, 1]}\n  y: {type: uniform, min: 0, max: 1}",
        "6:30: space.x.values[0]: 'on' is a text here; write true or false for a boolean, or quotes around the text")]
    [InlineData("{trials: 16}", "{trials: 1}\ninitial: [{x: 0.1}, {x: 0.2}]", "5:1: initial: the last 1 of 2 configurations are never tried: scheduler.trials is 1")]
    [InlineData("command: [train]", "command: [train]\n  prepare: [awk, \"{print}\", \"{x}\", \"{\"]",
        "9:29: trial.prepare[2]: '{x}' is not replaced here: this runs once, before there is a trial")]
    public void What_is_allowed_but_hardly_meant_is_warned_of(string right, string doubtful, string expected)
    {
        Assert.Contains(right, Files.Small, StringComparison.Ordinal);
        var reading = Files.Read(Files.Small.Replace(right, doubtful));

        Assert.Empty(reading.Problems);
        Assert.Equal([$"digits.yaml:{expected}"], reading.Warnings);
    }
}
