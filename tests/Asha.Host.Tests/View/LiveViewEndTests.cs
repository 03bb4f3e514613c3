using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.View;

/// <summary>However the view ends, the terminal is as it was before.</summary>
public sealed class LiveViewEndTests
{
    private const string Tune = "asha tune tiny.yaml --set slots=3";

    [TmuxFact]
    public async Task Interrupted_once_it_says_so_and_ends_with_what_was_found()
    {
        using var box = new CliSandbox(Hanging.WhateverComes);
        await using var terminal = await Hangs(box);
        await terminal.Type("C-c");
        var screen = await terminal.ScreenWith("stopping: running trials are being ended");
        Assert.Contains("slots  ", screen);
        await IsAsBefore(terminal, 130, "interrupted after", "best: trial 0");
    }

    [TmuxFact]
    public async Task Interrupted_twice_it_leaves_at_once()
    {
        using var box = new CliSandbox(Hanging.WhateverComes);
        await using (var terminal = await Hangs(box))
        {
            await terminal.Type("C-c");
            await terminal.ScreenWith("stopping: running trials are being ended");
            await Task.Delay(TimeSpan.FromSeconds(1.2)); // Sooner it would be no second wish.
            await terminal.Type("C-c");
            await IsAsBefore(terminal, 130, "stopping: running trials are being ended");
            Assert.NotEmpty(box.Processes());
            Assert.Contains("left running by trial", (await box.Asha("best", box.Run)).Error);
        }
    }

    [TmuxTheory]
    [InlineData(Signals.Terminate)]
    [InlineData(1)] // SIGHUP, of which the terminal stays: nohup's other half.
    public async Task At_a_signal_it_ends_with_what_was_found(int signal)
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        await using var terminal = await Hangs(box);
        Signals.Send(terminal.AshaPid, signal);
        await IsAsBefore(terminal, 130, "interrupted after", "best: trial 0");
    }

    [TmuxFact]
    public async Task Where_the_terminal_is_closed_the_run_ends_in_order()
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        await using (await Hangs(box))
        {
            // Its server is ended here, and with it the terminal.
        }
        Assert.Single(box.Events("experiment-ended"), ended => ended.GetProperty("outcome").GetString() == "interrupted");
    }

    [TmuxFact]
    public async Task At_an_engine_that_fails()
    {
        using var box = new CliSandbox("sleep 0.2; save $target $trial");
        await using var terminal = await TmuxTerminal.StartAsync(box, 80, 24, $"{Tune} --set scheduler.trials=1000");
        await terminal.ScreenWith("best  loss");
        JournalIntruder.Write(box.Run);
        await IsAsBefore(terminal, 1, "asha: the engine failed");
    }

    [TmuxFact]
    public async Task Stopped_by_its_user_it_gives_the_terminal_back_and_takes_it_again()
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        await using var terminal = await TmuxTerminal.StartAsync(box, 80, 24, $"set -m; {Tune}; echo \"stopped, typing is $(stty -a | grep -o -e '-\\?\\becho\\b')\"; read -r; fg > /dev/null");
        await terminal.ScreenWith("trial 0 (rung");
        await terminal.Type("C-z");
        var screen = await terminal.ScreenWith("stopped, typing is echo");
        Assert.DoesNotContain("slots  ", screen);
        Assert.Equal("alternate 0 cursor 1 wrap 1", await terminal.Modes());
        await terminal.Type("Enter");
        await terminal.ScreenWith("trial 0 (rung");
        Assert.Equal("alternate 1 cursor 0 wrap 0", await terminal.Modes());
        await terminal.Type("C-c");
        await IsAsBefore(terminal, 130, "interrupted after");
    }

    [TmuxFact]
    public async Task What_is_typed_does_not_appear()
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        await using var terminal = await Hangs(box);
        await terminal.Type("rm", "Enter", "Enter");
        await terminal.Resize(100, 30);
        await terminal.Until(async () => (await terminal.Screen()).Split('\n')[0].Length == 100, "another frame");
        Assert.DoesNotContain("rm", (await terminal.Screen()).Split('\n').Select(row => row.Trim()));
        await terminal.Type("C-c");
        await IsAsBefore(terminal, 130, "interrupted after");
    }

    /// <summary>A run whose trial 0 has a result, and whose trials 1 and 2 hang.</summary>
    private static async Task<TmuxTerminal> Hangs(CliSandbox box)
    {
        var terminal = await TmuxTerminal.StartAsync(box, 80, 24, Tune);
        await terminal.ScreenWith("trial 0 (rung");
        await terminal.Until(() => Task.FromResult(Hanging.Both(box)), "two trials hang");
        return terminal;
    }

    private static async Task IsAsBefore(TmuxTerminal terminal, int code, params string[] said)
    {
        var all = await terminal.End();
        Assert.True(all.Contains($"code={code}"), all);
        Assert.Contains("typing is echo", all);
        Assert.All(said, text => Assert.Contains(text, all));
        Assert.DoesNotContain("slots  ", all);
        Assert.Equal("alternate 0 cursor 1 wrap 1", await terminal.Modes());
        Sequences.AssertOnlyOurs(terminal.Raw);
    }
}
