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

    [Fact]
    public async Task The_last_seed_there_is_is_the_last()
    {
        using var sandbox = new CliSandbox();
        var run = await sandbox.Asha("torture", "--seeds", "9223372036854775806..9223372036854775807", "--trials", "2");
        Assert.Equal(0, run.Code);
        Assert.Contains("2 seeds,", run.Out);
    }

    [Fact]
    public async Task A_kind_of_fault_that_never_takes_effect_fails_the_command_and_is_named()
    {
        using var sandbox = new CliSandbox();
        // Without a fire no node can crash; mailboxes wait all the same.
        var run = await sandbox.Asha("torture", "--seeds", "0..999", "--trials", "1", "--nodes", "1", "--fire", "0", "--only", "node-crash", "--only", "mailbox-order");
        Assert.Equal(1, run.Code);
        Assert.Contains("never took effect tests nothing: node-crash", run.Out.ReplaceLineEndings(" "));
        Assert.DoesNotContain("mailbox-order,", run.Out);
    }

    [Theory]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    public async Task Ended_early_it_tells_what_it_has_seen(int signal)
    {
        using var sandbox = new CliSandbox();
        using var run = sandbox.Start("torture", "--seeds", "0..999999", "--trials", "20");
        await run.Until(() => run.Out.Contains("seeds 0 to 999999"), "it has begun");
        run.Signal(signal);
        var ended = (await run.EndAsync()).Exits(130);
        Assert.Contains(" seeds a second", ended.Out);
        Assert.Contains("no law was broken", ended.Out);
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
