namespace Asha.Host.Tests.Cli;

public sealed class TortureTests
{
    [Fact]
    public async Task A_few_seeds_are_run_and_what_happened_is_told()
    {
        using var sandbox = new CliSandbox();
        var run = await sandbox.Asha("torture", "--seeds", "3..5", "--trials", "40");
        Assert.Equal(0, run.Code);
        Assert.Contains("coordinator-crash", run.Out);
        Assert.Contains("3 seeds,", run.Out);
        Assert.Contains("no law was broken", run.Out);
    }

    [Theory]
    [InlineData("--seeds", "5..3", "not a range of seeds")]
    [InlineData("--seeds", "many", "not a seed")]
    [InlineData("--without", "rain", "there is no such kind of fault")]
    [InlineData("--fire", "2", "from 0 to 1")]
    [InlineData("--nodes", "0", "at least 1")]
    [InlineData("--trace", null, "for a single seed")]
    public async Task A_mistake_is_told(string option, string? value, string wanted)
    {
        using var sandbox = new CliSandbox();
        var run = await sandbox.Asha(value is null ? ["torture", option] : ["torture", option, value]);
        Assert.Equal(2, run.Code);
        Assert.Contains(wanted, run.Error);
    }
}
