using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Asha.Host.Comparing;
using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.Comparing;

/// <summary>The report of <c>asha compare</c>: a file, and what a browser makes of it.</summary>
public sealed partial class ReportTests : IDisposable
{
    private const string Drawn = """
        name: drawn
        seed: 1
        metric: {name: "<img src=x onerror=alert(1)>&\"'", mode: min}
        resource: {name: "</script><b>epoch", min: 1, max: 16}
        scheduler: {reduction-factor: 4, trials: 16}
        trial: {max-attempts: 1}
        world: {slots: 5, curve: {type: power-law, noise: 0.01}, stragglers: {sigma: 0.56}, drops: 0.01, horizon: 40s}

        """;

    private readonly CliSandbox _box = new();

    public ReportTests() => _box.Write("world.yaml", Drawn);

    public void Dispose() => _box.Dispose();

    private async Task<string> Report(params string[] more)
    {
        (await _box.Asha(["compare", "world.yaml", "--report", "report.html", .. more])).Exits(0);
        return File.ReadAllText(_box.In("report.html"));
    }

    private static JsonElement Data(string page) => JsonDocument.Parse(DataOf().Match(page).Groups[1].Value).RootElement;

    [Fact]
    public async Task It_names_no_other_place_and_allows_none()
    {
        var page = await Report();
        Assert.DoesNotMatch(@"(?i)\b(https?|ftp|wss?):", page);
        Assert.DoesNotMatch("(?i)(src|href)=\"(?!data:,\")", page);
        Assert.Contains("default-src 'none'; script-src 'sha256-", page);
        Assert.DoesNotContain("unsafe", page);
        Assert.Contains("Copyright (c) 2022 Leon Sorokin", page);
        Assert.InRange(page.Length, 60_000, 400_000);
    }

    [Fact]
    public void Only_the_librarys_first_comment_is_taken_away()
    {
        Assert.Equal("var a=1;/* b */\n", ReportAssets.WithoutComment("/*! https://example.org (v1) */\nvar a=1;/* b */\n"));
        Assert.Equal("var a=1;", ReportAssets.WithoutComment("var a=1;"));
        Assert.Throws<InvalidDataException>(() => ReportAssets.WithoutComment("/*! b */\nvar a='http://www.w3.org/2000/svg';"));
        Assert.StartsWith("var uPlot=function(){\"use strict\";", ReportAssets.Script);
    }

    [Fact]
    public async Task The_files_texts_are_texts_and_no_markup()
    {
        var page = await Report("--target", "0.5");
        Assert.DoesNotContain("<img", page);
        Assert.DoesNotContain("<b>epoch", page);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;", page);
        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.Equal("<img src=x onerror=alert(1)>&\"'", Data(page).GetProperty("metric").GetString());
    }

    [Fact]
    public async Task The_same_runs_give_the_same_bytes() => Assert.Equal(await Report(), await Report());

    [Fact]
    public async Task The_bars_are_the_slots_whole_time()
    {
        var json = (await _box.Asha("compare", "world.yaml", "--report", "report.html", "--json")).Exits(0).Json();
        var data = Data(File.ReadAllText(_box.In("report.html")));
        var uses = data.GetProperty("uses").EnumerateArray().ToList();
        foreach (var timeline in data.GetProperty("timelines").EnumerateArray())
        {
            var run = json.GetProperty("runs").EnumerateArray().First(run => run.GetProperty("label").GetString() == timeline.GetProperty("label").GetString());
            var spans = timeline.GetProperty("spans").EnumerateArray().Select(span => span.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble()).ToArray()).ToList();
            Assert.Equal(5 * run.GetProperty("endTime").GetDouble(), spans.Sum(span => span[2] - span[1]), 1);
            Assert.Equal(run.GetProperty("busy").GetDouble(), spans.Where(span => uses[(int)span[3]].GetProperty("rung").ValueKind == JsonValueKind.Number).Sum(span => span[2] - span[1]), 1);
            Assert.All(spans, span => Assert.Equal(uses[(int)span[3]].GetProperty("rung").ValueKind == JsonValueKind.Number, span.Length > 4));
        }
    }

    [Fact]
    public async Task Many_slots_are_drawn_together_and_none_is_lost()
    {
        var json = (await _box.Asha("compare", "world.yaml", "--report", "report.html", "--json", "--repetitions", "1", "--set", "world.slots=500", "--set", "scheduler.trials=2000")).Exits(0).Json();
        var data = Data(File.ReadAllText(_box.In("report.html")));
        var until = data.GetProperty("until").GetDouble();
        foreach (var (timeline, run) in data.GetProperty("timelines").EnumerateArray().Zip(json.GetProperty("runs").EnumerateArray()))
        {
            Assert.Equal(JsonValueKind.Null, timeline.GetProperty("spans").ValueKind);
            var bins = timeline.GetProperty("bins").EnumerateArray().Select(use => use.EnumerateArray().Select(slots => slots.GetDouble()).ToList()).ToList();
            var seconds = until / bins[0].Count;
            var (present, busy) = (500 * run.GetProperty("endTime").GetDouble(), run.GetProperty("busy").GetDouble());
            Assert.Equal(1, bins.Sum(use => use.Sum()) * seconds / present, 3);
            var jobs = data.GetProperty("uses").EnumerateArray().Count(use => use.GetProperty("rung").ValueKind == JsonValueKind.Number);
            Assert.Equal(1, bins.Take(jobs).Sum(use => use.Sum()) * seconds / busy, 3);
        }
        Assert.True(new FileInfo(_box.In("report.html")).Length < 400_000);
    }

    [Fact]
    public async Task Only_a_report_is_written_over_without_being_asked()
    {
        _box.Write("drawn-compare.html", "my own notes");
        var refused = (await _box.Asha("compare", "world.yaml")).Exits(2);
        Assert.Equal("asha: drawn-compare.html: is there already, and is no report of a comparison\nChoose another name with --report, or --force.\n", refused.Error);
        Assert.Equal("my own notes", File.ReadAllText(_box.In("drawn-compare.html")));
        (await _box.Asha("compare", "world.yaml", "--force")).Exits(0);
        (await _box.Asha("compare", "world.yaml")).Exits(0);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(_box.In("drawn-compare.html")));
        Assert.Contains("there is no folder", (await _box.Asha("compare", "world.yaml", "--report", "none/report.html")).Exits(2).Error);
    }

    [ChromiumFact]
    public async Task A_browser_draws_all_charts_and_has_nothing_to_complain_of()
    {
        foreach (var slots in new[] { 5, 500 })
        {
            await Report("--set", $"world.slots={slots}");
            var (dom, console) = Chromium.Open(_box.Folder, _box.In("report.html"));
            Assert.Empty(console);
            Assert.Contains("data-drawn=\"5\"", dom);
            Assert.Equal(5, Regex.Count(dom, "<canvas"));
        }
    }

    [ChromiumFact]
    public async Task A_browser_lets_nothing_out_whatever_gets_into_the_page()
    {
        var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var calls = 0;
        var answering = Task.Run(Answer);
        var page = await Report();
        var address = $"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/seen";
        _box.Write("report.html", page.Replace("<main>", $"<main><img src=\"{address}\"><script>fetch('{address}')</script>"));
        var (dom, console) = Chromium.Open(_box.Folder, _box.In("report.html"));
        Assert.Equal(0, calls);
        Assert.Contains(console, line => line.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.Contains("data-drawn=\"5\"", dom);
        // It is the policy that keeps it in.
        _box.Write("report.html", PolicyOf().Replace(File.ReadAllText(_box.In("report.html")), ""));
        Chromium.Open(_box.Folder, _box.In("report.html"));
        elsewhere.Stop();
        await answering;
        Assert.True(calls > 0);

        async Task Answer()
        {
            try
            {
                while (true)
                {
                    using var call = await elsewhere.AcceptTcpClientAsync();
                    calls++;
                    await call.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray());
                }
            }
            catch (SocketException)
            {
                // It was stopped.
            }
        }
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex DataOf();

    [GeneratedRegex("<meta http-equiv=[^>]*>")]
    private static partial Regex PolicyOf();
}
