using System.Text.RegularExpressions;
using Asha.Actors.Metrics;
using Asha.Cluster.Metrics;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>docs/operations.md says which metrics there are: those that are measured, and no others.</summary>
public sealed partial class MetricsTableTests
{
    [Fact]
    public void Every_metric_stands_in_the_table_with_its_kind_and_labels_and_no_other()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "operations.md"));
        Assert.Equal(
            MetricInfo.All.Select(metric => (metric.Name, metric.Exported, metric.Kind.ToString().ToLowerInvariant(), metric.Unit, string.Join(", ", metric.Labels.Select(label => $"`{label}`")))),
            Row().Matches(document).Select(row => (row.Groups["name"].Value, row.Groups["exported"].Value, row.Groups["kind"].Value, row.Groups["unit"].Value, row.Groups["labels"].Value)));
    }

    [Fact]
    public void Each_has_a_unit_and_a_sentence()
        => Assert.All(MetricInfo.All, metric => Assert.True(metric.Unit is "s" or "1" || (metric.Unit is ['{', .. { Length: > 0 }, '}'] && metric.Description.EndsWith('.')), metric.Name));

    /// <summary>An exporter keeps a place for each series that it has ever seen; with more of them than places it tells no run from another.</summary>
    [Fact]
    public async Task However_many_runs_come_and_go_those_that_are_open_have_their_series()
    {
        using var metrics = new EngineMetrics(TimeProvider.System);
        using var exported = MetricsExport.Of();
        var at = new HostPort("127.0.0.1", 0);
        await using var server = await MetricsServer.StartAsync(at, new NodeSettings { Listen = at, Join = [], Data = "/data", Name = "n", Slots = 1, Cpus = 1 }, null, NullLoggerFactory.Instance, exported, () => null);
        using var client = new HttpClient();
        for (var number = 0; number < 700; number++)
        {
            var run = metrics.Runs.Open($"run-{number}", new RunRecord { Outcomes = new() }, new ExperimentMetrics(metrics));
            Assert.Equal([$"run-{number}"], (await Scrape.OfAsync(client, $"{server.Address}/metrics")).By("experiment", MetricInfo.SlotTime.Exported, ("use", "busy")).Keys);
            metrics.Runs.Close(run);
        }
    }

    [GeneratedRegex("^\\| `(?<name>asha\\.[a-z.]+)` \\| `(?<exported>[a-z_]+)` \\| (?<kind>[a-z]+), (?<unit>[^ |]+) \\| (?<labels>[^|]*?) ?\\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
