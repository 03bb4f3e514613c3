using System.Globalization;
using System.Text.RegularExpressions;

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
    public async Task Whether_each_kind_takes_effect_is_not_judged_of_cases_that_were_made_small()
    {
        using var sandbox = new CliSandbox();
        // Without a fire no node can crash.
        var run = await sandbox.Asha("torture", "--seeds", "0..999", "--trials", "1", "--nodes", "1", "--fire", "0", "--only", "node-crash");
        Assert.Equal(0, run.Code);
        Assert.Contains("not judged: whether each kind of fault takes effect is judged of whole seeds alone", run.Out.ReplaceLineEndings(" "));
        Assert.DoesNotContain("never took effect", run.Out);
    }

    [Fact]
    public async Task A_seed_has_events_enough_and_each_of_its_experiments_runs_alone()
    {
        using var sandbox = new CliSandbox();
        var whole = await sandbox.Asha("torture", "--seeds", "0..9");
        Assert.True(long.Parse(Regex.Match(whole.Out, @"a seed, ([\d,]+)\s+at\s+least").Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) >= 2000, whole.Out);
        Assert.Contains("not judged: whether each kind of fault takes effect is judged from 1,000 seeds on", whole.Out);
        var second = await sandbox.Asha("torture", "--seeds", "0", "--experiment", "2");
        Assert.Equal(0, second.Code);
        Assert.Contains("1 seeds,", second.Out);
    }

    [Fact]
    public async Task Begun_anew_in_its_place_it_is_told_the_same()
    {
        using var sandbox = new CliSandbox();
        using var run = sandbox.Start("torture", "--seeds", "0..999999", "--trials", "20");
        await run.Until(() => run.Out.Contains("seeds 0 to 999999"), "it has begun");
        if (OperatingSystem.IsLinux())
            Assert.Contains("DOTNET_GCgen0size=", await File.ReadAllTextAsync($"/proc/{run.Id}/environ"));
        run.Signal(Signals.Terminate);
        (await run.EndAsync()).Exits(130);
        var odd = (await sandbox.Asha("torture", "--only", "a b 'ä", "--only", "")).Exits(2);
        Assert.Contains("--only a b 'ä: there is no such kind", odd.Error);
        Assert.Contains("--only : there is no such kind", (await sandbox.Asha("torture", "--only", "")).Exits(2).Error);
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
        await run.Until(() => run.Error.Contains("ending:"), "it has heard it");
        run.Signal(signal); // As timeout(1) does, which signals its child and then the group.
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
    [InlineData("--experiment", "0", "at least 1")]
    [InlineData("--trace", null, "for a single seed")]
    public async Task A_mistake_is_told(string option, string? value, string wanted)
    {
        using var sandbox = new CliSandbox();
        var run = await sandbox.Asha(value is null ? ["torture", option] : ["torture", option, value]);
        Assert.Equal(2, run.Code);
        Assert.Contains(wanted, run.Error);
    }
}
