using System.Buffers.Binary;
using System.Globalization;
using System.Xml.Linq;
using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.Plots;

/// <summary><c>asha plot</c> as a process, on runs that it recorded itself.</summary>
public sealed class PlotCommandTests : IDisposable
{
    private static readonly string[] Names = ["best", "curves", "parallel", "timeline"];

    private readonly CliSandbox _box = new("""
        ((trial == 3)) && report $target NaN && exit 0
        ((trial == 5)) && exit 9
        for ((epoch = start + 1; epoch < target; epoch++)); do report $epoch 0.$((trial + 20)); done
        save $target 0.$((trial + 11))
        """);

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task All_pictures_in_both_formats_in_the_folder_of_the_run()
    {
        await Record();
        var told = (await _box.Asha("plot", _box.Run)).Exits(0);
        string[] expected = [.. Names.SelectMany(name => new[] { $"{name}.png", $"{name}.svg" })];
        Assert.Equal(expected, Directory.GetFiles(Plots).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Select(name => Path.Combine(Plots, name)), told.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        foreach (var name in Names)
        {
            var (width, height) = PngSize(File.ReadAllBytes(Path.Combine(Plots, $"{name}.png")));
            var root = Svg(name).Root!;
            Assert.Equal(1200, width);
            Assert.InRange(height, 250, 720);
            Assert.Equal(($"{width}", $"{height}"), (root.Attribute("width")!.Value, root.Attribute("height")!.Value));
        }
    }

    [Fact]
    public async Task Titles_units_and_legends_say_what_is_seen()
    {
        await Record();
        (await _box.Asha("plot", _box.Run, "--format", "svg")).Exits(0);
        var run = Path.GetFileName(_box.Run);
        foreach (var name in Names)
        {
            Has(name, $"{run}: ");
            Has(name, "ASHA, reduction factor 3 · 9 trials on 2 slots · completed after ");
        }
        Has("timeline", "time since the start (s)", "slot", "rung 0: to 1 epoch", "rung 1: to 3 epoch", "rung 2: to 9 epoch", "idle ");
        Has("curves", "epoch, logarithmic; each tick is a rung", "loss (lower is better)", "reached rung 2, 9 epoch: ", "best: trial ", "1 trial reported what is not finite (NaN, infinity): the curve ends there; 1 trial has no report.");
        Has("best", "time since the start (s)", "loss (lower is better)", "result of rung 0, 1 epoch");
        Has("parallel", "x", "loss", "no finite result (2)");
    }

    [Fact]
    public async Task No_text_lies_on_another()
    {
        await Record("scheduler.trials=40", "space.optimizer={type: choice, values: [sgd, adam, a-name-that-is-far-too-long-for-the-room-that-there-is]}", "space.deep={type: log-int, min: 1, max: 5000}",
            "space.momentum={type: uniform, min: 0, max: 1, when: {optimizer: sgd}}");
        (await _box.Asha("plot", _box.Run, _box.Run, "--format", "svg")).Exits(0);
        foreach (var name in Names.Append("compare"))
        {
            var texts = SvgText.In(Svg(name));
            Assert.True(texts.Count > 8);
            for (var one = 0; one < texts.Count; one++)
                Assert.All(texts.Skip(one + 1), other => Assert.False(texts[one].Overlaps(other), $"{name}: '{texts[one]}' and '{other}'"));
        }
    }

    [Fact]
    public async Task An_attempt_without_a_result_is_hatched_and_the_legend_says_so()
    {
        // Trial 5 fails after a while, long enough to be seen.
        _box.Write("trial.sh", File.ReadAllText(_box.In("trial.sh")).Replace("exit 9", "{ read -rt .3; exit 9; }").Replace("save ", "read -rt .1; save "));
        await Record();
        (await _box.Asha("plot", _box.Run, "--only", "timeline", "--format", "svg")).Exits(0);
        Has("timeline", "hatched: failed, lost or cut by the end, no result");
        var hatches = Hatches();
        Assert.Equal(2, hatches.Count);
        // The legend's example is a small square; the strokes of the attempt go over a bar some times as wide.
        Assert.True(hatches[1] > 3 * hatches[0], $"{hatches[0]} and {hatches[1]} strokes");

        Directory.Delete(_box.Runs, recursive: true);
        await Record("scheduler.trials=3");
        (await _box.Asha("plot", _box.Run, "--only", "timeline", "--format", "svg")).Exits(0);
        Assert.DoesNotContain(Svg("timeline").Descendants(), element => element.Value.Contains("hatched"));
        Assert.Empty(Hatches());

        // By their strokes: nothing else in this picture is drawn with a line of this width.
        List<int> Hatches() => [.. Svg("timeline").Descendants().Where(path => path.Attribute("stroke-width")?.Value == "1.5").Select(path => path.Attribute("d")!.Value.Count(character => character == 'M')).Order()];
    }

    [Fact]
    public async Task Every_promotion_is_marked()
    {
        await Record();
        (await _box.Asha("plot", _box.Run, "--only", "curves", "--format", "svg")).Exits(0);
        var promoted = _box.Events("trial-promoted").Count;
        Assert.True(promoted > 2);
        Has("curves", $"promoted ({promoted}), coloured by the rung it went to");
        // A dot is a line of no length as wide as the dot. The best trial's are larger, and so are its end and the legend's example.
        Assert.Equal(promoted + 2, Dots("6.4") + Dots("9"));

        int Dots(string width) => Svg("curves").Descendants().Where(path => path.Attribute("stroke-width")?.Value.StartsWith(width) == true).Sum(path => path.Attribute("d")!.Value.Count(character => character == 'M'));
    }

    /// <summary>
    /// Hidden from the process are the folders that the drawing library would look into, and what fontconfig would read. The same bytes with and without say that no letter comes from the system, so a container
    /// without fonts draws the same.
    /// </summary>
    [HiddenFontsFact]
    public async Task Without_any_font_on_the_system_pictures_are_the_same()
    {
        await Record();
        (await _box.Asha("plot", _box.Run, "--out", "with")).Exits(0);
        using var process = _box.StartShell($"export FONTCONFIG_FILE=/nowhere/fonts.conf FONTCONFIG_PATH=/nowhere; unshare --map-root-user --mount sh -c '{HiddenFontsFactAttribute.Script}' sh {AshaProcess.CommandLine} plot '{_box.Run}' --out without");
        (await process.EndAsync()).Exits(0);
        Assert.Equal(8, Directory.GetFiles(_box.In("with")).Length);
        foreach (var path in Directory.GetFiles(_box.In("with")))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_box.In($"without/{Path.GetFileName(path)}")));
    }

    [Fact]
    public async Task Names_with_anything_in_them_break_no_picture()
    {
        await Record("""metric.name="学習 <b>&amp; 誤差 \"' 🚀" """.TrimEnd(), """space.c={type: choice, values: ["a\eb\x07c", "</svg>", "\u202Egnol", "עברית", "", "two  spaces"]}""", "scheduler.trials=40");
        (await _box.Asha("plot", _box.Run)).Exits(0);
        foreach (var name in Names)
        {
            PngSize(File.ReadAllBytes(Path.Combine(Plots, $"{name}.png")));
            Assert.DoesNotContain(Svg(name).Root!.Value, character => char.IsControl(character) && character is not ('\n' or '\t'));
        }
        Has("parallel", "a□b□c", "</svg>", "□gnol", "(empty)", "two spaces");
    }

    [Fact]
    public async Task A_run_is_drawn_while_it_goes_on_and_after_it_was_killed()
    {
        _box.Write("trial.sh", "echo '@asha {\"resource\": 1, \"metric\": 0.5}'; [ $ASHA_TRIAL_ID -lt 2 ] || read -r");
        using var tune = _box.StartTune();
        await tune.Until(() => Directory.Exists(_box.Runs) && Directory.GetFiles(_box.Runs, "events.jsonl", SearchOption.AllDirectories).Any(path => File.ReadAllText(path).Contains("\"trial\":3")), "a third trial runs");
        (await _box.Asha("plot", _box.Run, "--format", "svg")).Exits(0);
        Has("timeline", "running for ", "is now.");
        tune.KillHard();
        (await _box.Asha("plot", _box.Run, "--format", "svg")).Exits(0);
        Has("timeline", "broken off after ", "is the end.");
    }

    [Fact]
    public async Task Several_runs_are_also_drawn_together()
    {
        await Record();
        var first = _box.Run;
        Directory.Move(_box.Runs, _box.In("first"));
        await Record("scheduler.type=sha", "name=other");
        (await _box.Asha("plot", _box.In($"first/{Path.GetFileName(first)}"), _box.Run, "--out", "out", "--only", "compare,best", "--width", "800")).Exits(0);
        Assert.Equal(
            new[] { "compare.png", "compare.svg", $"{Path.GetFileName(first)}-best.png", $"{Path.GetFileName(first)}-best.svg", $"{Path.GetFileName(_box.Run)}-best.png", $"{Path.GetFileName(_box.Run)}-best.svg" }.Order(StringComparer.Ordinal),
            Directory.GetFiles(_box.In("out")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        var texts = SvgText.In(XDocument.Load(_box.In("out/compare.svg"))).Select(text => text.Text).ToList();
        Assert.Contains("ASHA and SHA: what each slot did", texts);
        Assert.Single(texts, text => text.StartsWith("ASHA: slots ") && text.Contains(" % busy · 9 trials in "));
        Assert.Single(texts, text => text.StartsWith("SHA: slots ") && text.Contains(" % busy · 9 trials in "));
        Assert.Equal(800, PngSize(File.ReadAllBytes(_box.In("out/compare.png"))).Width);
    }

    [Theory]
    [InlineData("--only curve", "asha: --only curve: there is no picture 'curve'; there are timeline, curves, best, parallel, compare")]
    [InlineData("--only ,", "asha: --only: it names no picture; there are timeline")]
    [InlineData("--only compare", "asha: --only compare: it takes several runs")]
    [InlineData("--format jpg", "asha: --format jpg: there is no format 'jpg'; there are png, svg")]
    [InlineData("--width 12", "asha: --width 12: wants whole pixels, 400 to 10000.")]
    [InlineData("--height high", "asha: --height high: wants whole pixels, 400 to 10000.")]
    [InlineData("--out tiny.yaml", "tiny.yaml/timeline.png: cannot be written: ")]
    [InlineData("--out /proc/pictures", "asha: /proc/pictures/timeline.png: cannot be written: ")]
    [InlineData("--out -x", "asha: There is no option '-x'")]
    public async Task A_mistake_is_told_and_exits_2(string options, string problem)
    {
        await Record("scheduler.trials=1");
        var told = (await _box.Asha(["plot", _box.Run, .. options.Split(' ')])).Exits(2);
        Assert.Equal("", told.Out);
        Assert.Contains(problem, told.Error);
        Assert.False(Directory.Exists(Plots));
    }

    [Theory]
    [InlineData("nowhere", "asha: nowhere: this is not the folder of a run")]
    [InlineData("tiny.yaml", "asha: tiny.yaml: this is not the folder of a run")]
    [InlineData("", "asha: A path is empty.")]
    public async Task A_folder_that_is_no_run(string folder, string problem)
        => Assert.Contains(problem, (await _box.Asha("plot", folder)).Exits(2).Error);

    [Fact]
    public async Task A_run_that_ended_before_its_first_trial_has_pictures_too()
    {
        _box.Write("prepare.sh", "exit 1");
        (await _box.Tune("trial.prepare=[bash, prepare.sh]")).Exits(1);
        (await _box.Asha("plot", _box.Run)).Exits(0);
        Assert.Equal(8, Directory.GetFiles(Plots).Length);
    }

    private string Plots => Path.Combine(_box.Run, "plots");

    private async Task Record(params string[] set) => (await _box.Tune(["trial.max-attempts=1", .. set])).Exits(0);

    private XDocument Svg(string name) => XDocument.Load(Path.Combine(Plots, $"{name}.svg"));

    private void Has(string name, params string[] texts)
    {
        // Those that are turned as well.
        var all = Svg(name).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value.Trim()).ToList();
        Assert.All(texts, text => Assert.True(all.Any(own => own.Contains(text, StringComparison.Ordinal)), string.Create(CultureInfo.InvariantCulture, $"{name}: no '{text}' in\n{string.Join('\n', all)}")));
    }

    /// <summary>Reads signature and size as the format says.</summary>
    private static (int Width, int Height) PngSize(byte[] png)
    {
        Assert.Equal([0x89, .. "PNG\r\n\u001a\n"u8], png[..8]);
        Assert.Equal("IHDR"u8, png.AsSpan(12, 4));
        return (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }
}
