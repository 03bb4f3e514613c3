using System.Reflection;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Asha.Cluster.Tests.Harness;

/// <summary>The files of deploy/, as they were copied beside the tests.</summary>
internal static class Deployment
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "deploy");

    /// <summary>The sources, from which the image is built.</summary>
    public static string Sources { get; } = typeof(Deployment).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Sources").Value!;

    public static string Of(params string[] path) => Path.Combine([Folder, .. path]);

    /// <summary>The first document of a YAML file.</summary>
    public static YamlNode Yaml(params string[] path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Of(path));
        stream.Load(reader);
        return stream.Documents[0].RootNode;
    }

    public static JsonNode Dashboard { get; } = JsonNode.Parse(File.ReadAllText(Of("grafana", "asha.json")))!;

    /// <summary>Queries of the dashboard's panels, with what Grafana puts in the place of its variables: any run, and this range.</summary>
    public static IReadOnlyList<(Query Query, string Legend)> Panels(string range) => [.. Dashboard["panels"]!.AsArray().SelectMany(panel => (panel!["targets"]?.AsArray() ?? []).Select(target => (
        new Query($"{panel["title"]}", target!["expr"]!.GetValue<string>().Replace("$__rate_interval", range, StringComparison.Ordinal).Replace("$experiment", ".*", StringComparison.Ordinal)),
        target["legendFormat"]!.GetValue<string>())))];

    /// <summary>Queries of the rules, and the labels that their words name.</summary>
    public static IReadOnlyList<(Query Query, string Words)> Rules { get; } = [.. ((YamlSequenceNode)Yaml("prometheus", "rules.yaml")["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"])
        .Select(rule => (new Query($"{rule["alert"]}", $"{rule["expr"]}"), $"{rule["annotations"]["summary"]} {rule["annotations"]["description"]}"))];

    /// <summary>The names of the jobs of prometheus.yml.</summary>
    public static IReadOnlyList<string> Jobs { get; } = [.. ((YamlSequenceNode)Yaml("prometheus", "prometheus.yml")["scrape_configs"]).Select(job => $"{job["job_name"]}")];
}
