using System.Text.RegularExpressions;
using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>deploy/grafana and deploy/prometheus ask for nothing that a coordinator and a node with a run at work do not export, and get an answer.</summary>
[Collection(SharedClusters.Lone)]
public sealed partial class DashboardTests(ITestOutputHelper print, LoneCluster lone)
{
    /// <summary>What Prometheus adds itself.</summary>
    private const string Up = "up";
    private static readonly string[] _ofTarget = ["job", "instance"];

    /// <summary>Short jobs, one after the other, until somebody says that it is enough.</summary>
    private const string Short = """
        sleep 0.2
        echo "@asha {\"resource\": $ASHA_TARGET_RESOURCE, \"metric\": $ASHA_PARAM_X}"
        """;

    [Fact]
    public async Task Every_query_names_metrics_labels_and_values_that_real_processes_export()
    {
        await WithRunAsync(async client =>
        {
            var series = (await Scrape.OfAsync(client, $"{lone.Coordinator.Api}/metrics")).Series.Concat((await Scrape.OfAsync(client, lone.NodeMetrics)).Series).ToArray();
            var panels = Deployment.Panels("1m");
            Assert.All(panels.Select(panel => panel.Query).Concat(Deployment.Rules.Select(rule => rule.Query)), query => IsExported(query, series));
            // Words beside them name labels that come out of the query.
            Assert.All(panels, panel => Assert.Subset(panel.Query.GroupedBy.ToHashSet(), LegendLabel().Matches(panel.Legend).Select(label => label.Groups[1].Value).ToHashSet()));
            Assert.All(Deployment.Rules, rule => Assert.Subset(rule.Query.GroupedBy.Concat(rule.Query.Selectors.Any(selector => selector.Name == Up) ? _ofTarget : []).ToHashSet(), WordLabel().Matches(rule.Words).Select(label => label.Groups[1].Value).ToHashSet()));
            // And the list of runs to choose from.
            var variable = LabelValues().Match(Deployment.Dashboard["templating"]!["list"]![0]!["query"]!["query"]!.GetValue<string>());
            Assert.Contains(series, one => one.Name == variable.Groups["metric"].Value && one.Labels.ContainsKey(variable.Groups["label"].Value));
            // All that is measured is looked at by somebody.
            Assert.All(Actors.Metrics.MetricInfo.All, metric => Assert.Contains(panels, panel => panel.Query.Text.Contains(metric.Exported, StringComparison.Ordinal)));
        });
    }

    [PrometheusFact]
    public Task Prometheus_has_an_answer_to_every_query_and_takes_the_rules() => WithRunAsync(async client =>
    {
        await using var prometheus = new PrometheusServer((Deployment.Jobs[0], new Uri(lone.Coordinator.Api).Authority), (Deployment.Jobs[1], new Uri(lone.NodeMetrics).Authority));
        await prometheus.StartsAsync();
        // NaN: the share of what did not happen. Between two jobs of one run something always does.
        foreach (var (query, _) in Deployment.Panels("20s"))
            await Waiting.UntilAsync($"an answer to {query}", async () => await prometheus.AskAsync(query) is { Length: > 0 } values && values.Any(double.IsFinite));
        var rules = await prometheus.RulesAsync();
        Assert.Equal(Deployment.Rules.Select(rule => rule.Query.Where).Order(), rules.Keys.Order());
        Assert.All(rules, rule => Assert.Equal((rule.Key, "inactive", "ok"), (rule.Key, rule.Value.State, rule.Value.Health)));
    });

    /// <summary>Rules that are never true are worth nothing: without a coordinator, those that say so wait to fire.</summary>
    [PrometheusFact]
    public async Task Without_a_coordinator_the_alerts_say_so()
    {
        await using var prometheus = new PrometheusServer((Deployment.Jobs[0], $"127.0.0.1:{FreePorts.Some(1).Single()}"));
        await prometheus.StartsAsync();
        await Waiting.UntilAsync("both alerts wait to fire", async () => (await prometheus.RulesAsync()).Where(rule => rule.Value.State != "inactive").Select(rule => rule.Key).Order().SequenceEqual(["AshaCoordinatorDown", "AshaNoRegistry"]));
    }

    [PrometheusFact]
    public void Promtool_takes_configuration_and_rules()
    {
        print.WriteLine(Tool.Run("promtool", "check", "config", "--syntax-only", Deployment.Of("prometheus", "prometheus.yml")));
        print.WriteLine(Tool.Run("promtool", "check", "rules", Deployment.Of("prometheus", "rules.yaml")));
    }

    private static void IsExported(Query query, IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Labels)> exported)
    {
        var selectors = query.Selectors.ToArray();
        Assert.True(selectors.Length > 0, $"{query}: no metric was found in it");
        foreach (var (name, matchers) in selectors)
        {
            if (name == Up)
            {
                Assert.All(matchers, matcher => Assert.True(matcher.Label == "job" && Deployment.Jobs.Contains(matcher.Value), $"{query}: no job of prometheus.yml is called {matcher.Value}"));
                continue;
            }
            var series = exported.Where(one => one.Name == name).ToArray();
            Assert.True(series.Length > 0, $"{query}: nobody exports {name}");
            // Each value of a choice by itself: one that nothing has is a mistake, though the others are there.
            foreach (var (label, _, value) in matchers)
                Assert.All(value == ".*" ? [value] : value.Split('|'), choice => Assert.True(series.Any(one => one.Labels.TryGetValue(label, out var has) && (choice == ".*" || has == choice)), $"{query}: no series of {name} has {label}=\"{choice}\""));
        }
        var labels = exported.Where(one => selectors.Any(selector => selector.Name == one.Name)).SelectMany(one => one.Labels.Keys).Concat(_ofTarget).ToHashSet();
        Assert.All(query.GroupedBy, label => Assert.True(labels.Contains(label), $"{query}: nothing in it has the label {label}"));
    }

    /// <summary>Does it while a run has the slots, and its jobs end one after the other.</summary>
    private async Task WithRunAsync(Func<HttpClient, Task> look)
    {
        lone.PrintTo(print);
        using var client = new HttpClient();
        var cluster = lone.Cluster;
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("looked-at", cluster.Experiment("looked-at", 5000, Short)))).Run;
        try
        {
            await Waiting.UntilAsync("some jobs have ended", async () => (await Scrape.OfAsync(client, $"{lone.Coordinator.Api}/metrics")).By("outcome", "asha_jobs_total", ("experiment", run)).GetValueOrDefault("completed") > 5);
            await look(client);
        }
        finally
        {
            await client.PostAsync($"{lone.Coordinator.Api}/v1/experiments/{run}/cancel", null);
        }
        await cluster.EndAsync(run, 60);
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();

    [GeneratedRegex(@"\$labels\.(\w+)")]
    private static partial Regex WordLabel();

    [GeneratedRegex(@"^label_values\((?<metric>\w+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
