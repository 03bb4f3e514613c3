using System.Globalization;
using System.Text.RegularExpressions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>What <c>/metrics</c> answered, series by series, as Prometheus reads it.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _series = [];

    private Scrape(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                Types.Add(line.Split(' ')[2], line.Split(' ')[3]);
            if (line[0] == '#')
                continue;
            var series = Line().Match(line);
            Assert.True(series.Success, line);
            var labels = Label().Matches(series.Groups["labels"].Value).ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value);
            _series.Add((series.Groups["name"].Value, labels, double.Parse(series.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>The kind of each metric; one that is there twice is a mistake.</summary>
    public Dictionary<string, string> Types { get; } = [];

    public static async Task<Scrape> OfAsync(HttpClient client, string url) => new(await client.GetStringAsync(url));

    /// <summary>The values of a metric by one of its labels, of those series that have all of the others.</summary>
    public Dictionary<string, double> By(string label, string name, params (string Label, string Value)[] others)
        => _series.Where(series => series.Name == name && others.All(other => series.Labels.GetValueOrDefault(other.Label) == other.Value)).ToDictionary(series => series.Labels[label], series => series.Value);

    /// <summary>The value of the one series of a metric that has all of these labels.</summary>
    public double Of(string name, params (string Label, string Value)[] labels)
    {
        var found = _series.Where(series => series.Name == name && labels.All(label => series.Labels.GetValueOrDefault(label.Label) == label.Value)).ToArray();
        Assert.True(found.Length == 1, $"{name} with {string.Join(", ", labels)}: {found.Length} of {string.Join(", ", _series.Select(series => series.Name).Distinct())}");
        return found[0].Value;
    }

    /// <summary>All series.</summary>
    public IEnumerable<(string Name, IReadOnlyDictionary<string, string> Labels)> Series => _series.Select(series => (series.Name, (IReadOnlyDictionary<string, string>)series.Labels));

    public bool Has(string name) => _series.Any(series => series.Name == name);

    [GeneratedRegex("^(?<name>[a-z_]+)(\\{(?<labels>.*)\\})? (?<value>[^ ]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Label();
}
