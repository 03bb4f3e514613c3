using System.Text.RegularExpressions;
using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.View;

/// <summary><c>asha tune</c> in a real terminal: what is on the screen while it runs, and what is left of it.</summary>
public sealed class LiveViewTests
{
    /// <summary>The first nine trials have a result, trial 2 after a failure; then all hang, until the file <c>go</c> is there, without a process of their own for each look: forty of them would keep both cores busy.</summary>
    private const string Script = """
        if ((trial == 2 && attempt == 1)); then echo 'the disk is full' >&2; exit 3; fi
        if ((trial > 8 || target > 1)); then exec 8<> <(:); until [ -e go ]; do read -r -t 0.1 -u 8; done; fi
        save $target 0.$((trial + 1))
        """;

    private const string Tune = "asha tune tiny.yaml --set 'space.units={type: choice, values: [64]}' --set 'space.solver={type: choice, values: [adam]}'";

    [TmuxTheory]
    [InlineData(80, 24, 2)]
    [InlineData(80, 24, 40)]
    [InlineData(200, 50, 2)]
    [InlineData(200, 50, 40)]
    public async Task All_that_a_person_wants_to_know_is_on_the_screen(int width, int height, int slots)
    {
        // Two slots promote after three and after six results, and then hang. With forty, eight results that happen to come worst first promote up to six; the ninth trial waits out its back-off, and finds every slot taken, or hangs as well.
        using var box = new CliSandbox(slots == 2 ? Script : Script.Replace("target > 1", "target > 1 || attempt > 1"));
        var results = slots == 2 ? 6 : 8;
        await using var terminal = await TmuxTerminal.StartAsync(box, width, height, Line(slots));
        var screen = await terminal.ScreenWith("trial 0 (rung 0, the highest with a result)");
        await terminal.Until(async () => (screen = await terminal.Screen()).Contains($"{slots} of {slots} busy") && Regex.IsMatch(screen, $" {results} of 60 +[1-9-] "), "so many results, and every slot busy");

        Keep(screen, $"{width}x{height}-{slots}-slots");
        Assert.Matches($"^tiny-[0-9]+-[0-9]+(-[0-9]+)? +elapsed [0-9]:[0-9][0-9], rest (about [^\n]+|a few seconds)$", screen.Split('\n')[0]);
        Assert.Matches(@"\n *rung +epoch +waiting +running +completed +promoted +failed +cut-off", screen);
        Assert.Matches(@"\n *2 +9 +- +- +- ", screen);
        Assert.Matches(@"\n *1 +3 +[0-9-]+ +[0-9]+ +- +- +- +-", screen);
        // The failed one waits out its back-off, and then for a slot.
        Assert.Matches($@"\n *0 +1 +[1-] +[0-9-]+ +{results} of 60 +[1-9-] +- +0\.{results / 3}", screen);
        Assert.Matches(@"\nutilization +[0-9.]+ %  idle: ", screen);
        Assert.Contains("\nbest  loss 0.1 at 1 epoch, trial 0", screen);
        Assert.Matches(@"\n +x 0\.[0-9]+   units 64   solver adam", screen);
        Assert.Contains("\nfailures  1x exit", screen);
        Assert.Matches("trial 2, rung 0, try 1 of 3, again at [0-9]:[0-9][0-9]: exit code 3: ", screen); // And its last line, from whichever of its two outputs came last.
        if (width == 80 && slots == 40)
            Assert.Matches("… and [0-9]+ more", screen);
        else
            Assert.All(Enumerable.Range(0, slots), slot => Assert.Matches($@"(\n|  ) *{slot} +[0-9]+ +[01] +[0-9]+:[0-9][0-9]", screen));
        Assert.True(height == 24 || screen.Contains("\nlatest\n"));
        Assert.Equal("alternate 1 cursor 0 wrap 0", await terminal.Modes());

        box.Write("go", "");
        await Ends(terminal, box, 0, "completed after");
    }

    [TmuxFact]
    public async Task It_follows_the_size_of_the_terminal_both_ways()
    {
        using var box = new CliSandbox(Script);
        await using var terminal = await TmuxTerminal.StartAsync(box, 80, 24, Line(12));
        await terminal.ScreenWith(" 8 of 60 ");
        foreach (var (width, height) in new[] { (200, 50), (100, 30), (40, 10), (80, 24), (20, 5), (120, 40) })
        {
            await terminal.Resize(width, height);
            // The title reaches from the left edge to the right one, and every other row stands once.
            await terminal.Until(async () => (await terminal.Screen()).Split('\n')[0] is var title && title.Length == width && title.StartsWith("tiny-"), $"{width}x{height}");
            var rows = (await terminal.Screen()).TrimEnd('\n').Split('\n');
            Assert.InRange(rows.Length, 1, height);
            Assert.All(rows, row => Assert.InRange(row.Length, 0, width));
            Assert.Single(rows, row => row.StartsWith("tiny-"));
            Assert.Single(rows, row => row.TrimStart().StartsWith("rung "));
            if (height >= 10)
                Assert.Single(rows, row => row.StartsWith("best  loss 0.1"));
        }
        box.Write("go", "");
        await Ends(terminal, box, 0, "completed after");
    }

    [TmuxTheory]
    [InlineData("export TERM=dumb; {0}")]
    [InlineData("{0} --plain")]
    [InlineData("{0} | cat")]
    [InlineData("{0} --json 2>&1 | cat")]
    public async Task Where_a_cursor_cannot_move_or_lines_are_asked_for_there_are_lines(string line)
    {
        using var box = new CliSandbox();
        await using var terminal = await TmuxTerminal.StartAsync(box, 80, 24, "set -o pipefail; " + string.Format(line, "asha tune tiny.yaml"));
        var all = await terminal.End();
        Assert.Contains("code=0", all);
        Assert.Contains("trial 0 at 1 epoch: loss 0", all);
        // The console of .NET turns on the keypad, view or not.
        Assert.DoesNotContain("\e", Sequences.WithoutKeypad(terminal.Raw));
    }

    [TmuxFact]
    public async Task Without_colours_it_says_the_same()
    {
        using var box = new CliSandbox(Script);
        await using var terminal = await TmuxTerminal.StartAsync(box, 80, 24, $"export NO_COLOR=1; {Line(2)}");
        await terminal.ScreenWith("1x exit");
        box.Write("go", "");
        await Ends(terminal, box, 0, "completed after");
        var looks = Sequences.Of(terminal.Raw).Where(sequence => sequence.EndsWith('m')).Distinct().Order();
        Assert.Subset(new HashSet<string> { "\e[0m", "\e[1m", "\e[2m" }, looks.ToHashSet());
    }

    [TmuxFact]
    public async Task With_json_into_a_file_the_view_is_on_standard_error()
    {
        using var box = new CliSandbox(Script);
        await using var terminal = await TmuxTerminal.StartAsync(box, 80, 24, $"{Line(2)} --json > result.json");
        await terminal.ScreenWith("2 of 2 busy");
        box.Write("go", "");
        await Ends(terminal, box, 0, "completed after");
        Assert.StartsWith("{\"run\":\"tiny-", File.ReadAllText(box.In("result.json")));
    }

    [TmuxFact]
    public async Task No_byte_of_a_trial_or_a_name_moves_the_cursor()
    {
        using var box = new CliSandbox("""
            printf '\e[2J\e]0;title\a\x9b31m\e[31mred\n'
            printf '\e[2J\e]52;c;AAAA\a nasty \e[5m detail \xc2\x9b5m \xe2\x80\xae\r\n' >&2
            if ((trial == 1)); then exit 3; fi
            if ((trial > 6)); then exec 8<> <(:); until [ -e go ]; do read -r -t 0.05 -u 8; done; fi
            printf '@asha {"resource": 0, "metric": 1, "\\u001b[2J": "\\u001b[2J\\u202e"}\n'
            printf 'x' > "$ASHA_CHECKPOINT_DIR"/$'\e[7m'
            printf '@asha {"resource": %s, "metric": %s, "checkpoint": "\\u001b[7m"}\n' "$target" "$trial"
            """);
        box.Write("nasty.yaml", File.ReadAllText(box.In("tiny.yaml")).Replace("space:\n", """
            space:
              y: {type: choice, values: ["a\e[41m\u202e\u009b5m value\a\n\t日本"]}

            """));
        await using var terminal = await TmuxTerminal.StartAsync(box, 120, 40, "asha tune nasty.yaml --set scheduler.trials=12 --set trial.retry-back-off=0s");
        await terminal.Until(async () => await terminal.Screen() is var screen && screen.Contains("nasty") && screen.Contains("日本") && screen.Contains("rejected report"), "all that is nasty is shown");
        box.Write("go", "");
        var all = await terminal.End();
        Assert.Contains("code=0", all);
        Sequences.AssertOnlyOurs(terminal.Raw);
    }

    private static string Line(int slots) => $"{Tune} --set slots={slots} --set scheduler.trials=60";

    /// <summary>The terminal is as it was, and the report stands where it can be scrolled to.</summary>
    private static async Task Ends(TmuxTerminal terminal, CliSandbox box, int code, string outcome)
    {
        var all = await terminal.End();
        Assert.Contains($"code={code}", all);
        Assert.Contains("typing is echo", all);
        Assert.Contains("run folder: ", all);
        Assert.Matches(@"\n +rung +epoch +trials +each trains +together", all);
        Assert.Contains(outcome, all);
        Assert.Contains(Path.GetFileName(box.Run), all);
        Assert.DoesNotContain("slots  ", all); // Nothing of the view is left.
        Assert.Equal("alternate 0 cursor 1 wrap 1", await terminal.Modes());
        Sequences.AssertOnlyOurs(terminal.Raw);
    }

    /// <summary>Where asked for, for the documents and for people.</summary>
    private static void Keep(string screen, string name)
    {
        if (Environment.GetEnvironmentVariable("ASHA_TEST_CAPTURES") is { Length: > 0 } folder)
            File.WriteAllText(Path.Combine(folder, name + ".txt"), screen);
    }
}
