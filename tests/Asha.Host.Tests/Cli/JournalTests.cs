using Asha.Host.Cli;
using Asha.Host.Runs;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Tests.Cli;

/// <summary>What commands make of a journal that was changed, cut off or written by a later Asha.</summary>
public sealed class JournalTests(JournalTests.OneRun one) : IClassFixture<JournalTests.OneRun>
{
    /// <summary>A run with nearly all kinds of events that one machine makes; each test changes a copy.</summary>
    public sealed class OneRun : IAsyncLifetime, IDisposable
    {
        private readonly CliSandbox _box = new("""
            case $trial in
              1) exit 3;;
              2) report $target NaN;;
              3) report 0.5 1; report 0.5 1;;
              4) read -r;;
            esac
            save $target $trial
            """);

        public IReadOnlyList<string> Lines { get; private set; } = [];

        public async Task InitializeAsync()
        {
            await _box.Tune("space.c={type: choice, values: [a, 1, true, 0.5]}", "scheduler.reduction-factor=2", "resource.max=8", "stop={trials: 6}", "trial.max-attempts=2");
            Lines = File.ReadAllLines(Path.Combine(_box.Run, "events.jsonl"));
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _box.Dispose();
    }

    [Fact]
    public async Task A_line_that_is_broken_is_named()
    {
        using var box = new CliSandbox();
        var path = Journal(box, [.. one.Lines.Take(3), one.Lines[3][..^9], .. one.Lines.Skip(4)]);
        foreach (var command in new[] { "show", "best" })
            Assert.StartsWith($"asha: {path}, line 4: ", (await box.Asha(command, Path.GetDirectoryName(path)!)).Exits(2).Error);
    }

    [Fact]
    public async Task A_line_that_does_not_follow_from_those_before_it_is_named()
    {
        using var box = new CliSandbox();
        var sampled = Enumerable.Range(0, one.Lines.Count).First(line => one.Lines[line].Contains("trial-sampled"));
        var path = Journal(box, [.. one.Lines.Where((_, line) => line != sampled)]);
        Assert.StartsWith($"asha: {path}, line {sampled + 1}: 'job-started.1' does not follow", (await box.Asha("show", "one")).Exits(2).Error);
    }

    [Fact]
    public async Task Events_of_a_later_version_are_named()
    {
        using var box = new CliSandbox();
        var path = Journal(box, [.. one.Lines.Take(4), one.Lines[4].Replace(".1\",\"time\"", ".9\",\"time\""), .. one.Lines.Skip(5)]);
        var told = (await box.Asha("show", "one", "--json")).Exits(2);
        var manifest = one.Lines[4].Split('"')[3].Replace(".1", ".9");
        Assert.Equal(("", $"asha: {path}, line 5: '{manifest}' is not known to this version of Asha.\n"), (told.Out, told.Error));
    }

    [Fact]
    public async Task A_last_line_that_is_torn_never_counted()
    {
        using var box = new CliSandbox();
        var path = Journal(box, one.Lines.Take(12));
        var whole = (await box.Asha("show", "one", "--json")).Exits(0).Out;
        File.AppendAllText(path, one.Lines[12][..^1]);
        Assert.Equal(whole, (await box.Asha("show", "one", "--json")).Exits(0).Out);
    }

    [Fact]
    public async Task One_broken_run_does_not_hide_the_others()
    {
        using var box = new CliSandbox();
        Journal(box, ["garbage \u001b[31m", .. one.Lines], "broken");
        Journal(box, [], "empty");
        Journal(box, one.Lines.Take(20), "half");
        Journal(box, one.Lines, "whole");
        var listed = (await box.Asha("ls")).Exits(0);
        var rows = listed.Out.Split('\n').Where(line => line.Contains("  ")).ToArray();
        Assert.Contains(rows, row => row.Contains(" broken ") && row.Contains("line 1: "));
        Assert.Contains(rows, row => row.Contains(" empty ") && row.Contains("broke off"));
        Assert.Contains(rows, row => row.Contains(" half ") && row.Contains("broken off"));
        Assert.Contains(rows, row => row.Contains(" whole ") && row.Contains(" stopped "));
        Assert.DoesNotContain('\u001b', listed.Out);
    }

    [Fact]
    public async Task Runs_are_listed_in_the_order_of_their_starts()
    {
        using var box = new CliSandbox();
        foreach (var (name, day) in new[] { ("a", "03"), ("b", "01"), ("c", "02") })
            Journal(box, [StartedOn(day), .. one.Lines.Skip(1)], name);
        var listed = (await box.Asha("ls")).Exits(0).Out.Split('\n').Select(line => line.Trim()).Where(line => line.Contains(" 2020-01-", StringComparison.Ordinal));
        Assert.Equal(["b", "c", "a"], listed.Select(line => line[..1]));

        string StartedOn(string day) => System.Text.RegularExpressions.Regex.Replace(one.Lines[0], "\"startedAt\":\"[^\"]*\"", $"\"startedAt\":\"2020-01-{day}T00:00:00+00:00\"");
    }

    [Fact]
    public async Task What_a_journal_says_cannot_reach_the_terminal_as_control_characters()
    {
        using var box = new CliSandbox();
        Journal(box, [.. one.Lines, """{"event":"\u001b[31mtrial-sampled.9","time":1}"""]);
        var told = (await box.Asha("show", "one")).Exits(2);
        Assert.Contains("trial-sampled.9", told.Error);
        Assert.DoesNotContain('\u001b', told.Error);
    }

    [Fact]
    public void However_it_is_damaged_it_is_shown_or_refused()
    {
        using var box = new CliSandbox();
        var random = new Random(7);
        var shown = 0;
        for (var turn = 0; turn < 2000; turn++)
        {
            var path = Journal(box, Damaged(random));
            try
            {
                var folder = RunFolder.Open(Path.GetDirectoryName(path)!, "runs");
                var record = folder.ReadRecord();
                RunSummary.Of(record).ToJson();
                RunReport.Write(record, Output.To(TextWriter.Null));
                TrialsCsv.Write(record.State, record.State.Trials, new StringWriter());
                shown++;
            }
            catch (UserErrorException error)
            {
                Assert.Contains("events.jsonl", Assert.Single(error.Problems));
            }
        }
        Assert.InRange(shown, 1, 1999);
    }

    private List<string> Damaged(Random random)
    {
        var lines = one.Lines.ToList();
        var at = random.Next(lines.Count);
        var line = lines[at];
        switch (random.Next(6))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, line);
                break;
            case 2:
                lines.Insert(random.Next(lines.Count), line);
                break;
            case 3:
                lines[at] = line[..random.Next(line.Length)];
                break;
            case 4:
                var place = random.Next(line.Length);
                lines[at] = $"{line[..place]}{(char)random.Next(32, 127)}{line[(place + 1)..]}";
                break;
            default:
                // A number that is another.
                var digits = Enumerable.Range(0, line.Length).Where(index => char.IsAsciiDigit(line[index])).ToArray();
                place = digits[random.Next(digits.Length)];
                lines[at] = $"{line[..place]}{random.Next(10)}{line[(place + 1)..]}";
                break;
        }
        return lines;
    }

    private static string Journal(CliSandbox box, IEnumerable<string> lines, string run = "one")
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(box.Runs, run)).FullName, "events.jsonl");
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
        return path;
    }
}
