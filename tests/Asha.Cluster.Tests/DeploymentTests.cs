using System.Text.RegularExpressions;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Host.ClusterSettings;
using YamlDotNet.RepresentationModel;

namespace Asha.Cluster.Tests;

/// <summary>deploy/ fits the sources, and itself.</summary>
public sealed partial class DeploymentTests
{
    private static readonly YamlMappingNode _services = (YamlMappingNode)Deployment.Yaml("compose.yaml")["services"];

    /// <summary>The image restores before it has the sources; a project that is not named there fails its build.</summary>
    [Fact]
    public void The_image_is_built_of_each_project_that_the_program_rests_on_and_of_no_other()
    {
        var needed = new HashSet<string>();
        Add("Asha.Host");
        var file = File.ReadAllText(Deployment.Of("Dockerfile"));
        Assert.Equal(needed.Order().Select(project => $"COPY src/{project}/{project}.csproj src/{project}/packages.lock.json {Imported(project)}src/{project}/"), file.Split('\n').Where(line => line.StartsWith("COPY src/", StringComparison.Ordinal)));

        static string Imported(string project) => string.Concat(Import().Matches(Text(project)).Select(import => $"src/{project}/{import.Groups["file"].Value} "));

        static string Text(string project) => File.ReadAllText(Path.Combine(Deployment.Sources, project, $"{project}.csproj"));

        void Add(string project)
        {
            if (!needed.Add(project))
                return;
            foreach (Match reference in Reference().Matches(Text(project)))
                Add(reference.Groups["project"].Value);
        }
    }

    [Theory]
    [InlineData("coordinator-1")]
    [InlineData("coordinator-2")]
    [InlineData("coordinator-3")]
    public void A_coordinator_is_told_what_it_takes(string service)
    {
        var settings = Read(service, "serve", file => SettingsReader.Coordinator(file, "Host=postgres"));
        Assert.Equal((new HostPort(service, 7600), new HostPort(service, 7610), 3), (settings.Listen, settings.Api, settings.Join.Count));
        Assert.Contains($"./secrets/{service}:/run/asha:ro", Texts(_services[service]["volumes"]));
        Assert.Equal($"https://{service}:7610/health/ready", $"{_services[service]["environment"]["ASHA_HEALTH"]}");
    }

    /// <summary>Its folder for checkpoints is in the image alone; that is the one thing that is missing here.</summary>
    [Fact]
    public void A_node_is_told_what_it_takes()
    {
        var shell = Texts(_services["node"]["entrypoint"]).ElementAt(2).Replace("$$HOSTNAME", "abc", StringComparison.Ordinal);
        var said = Assert.Throws<Tuning.UserErrorException>(() => SettingsFile.Read(Deployment.Of("node.yaml"), Options(Option().Matches(shell).Select(match => match.Value.Replace("\"", "", StringComparison.Ordinal).Split(' ')).SelectMany(words => words)), SettingsReader.Node)).Message;
        var health = new Uri($"{_services["node"]["environment"]["ASHA_HEALTH"]}".Replace("@HOST", "abc", StringComparison.Ordinal));
        Assert.Equal("/health/live", health.AbsolutePath);
        Assert.Contains($"--metrics \"{health.Authority}\"", shell, StringComparison.Ordinal);
        Assert.EndsWith("checkpoints: /var/lib/asha-checkpoints: there is no such folder; it is the one that all nodes share, and is not made here", said, StringComparison.Ordinal);
        Assert.Contains("install -d -o \"$APP_UID\" -g \"$APP_UID\" -m 0700 /var/lib/asha /var/lib/asha-checkpoints", File.ReadAllText(Deployment.Of("Dockerfile")), StringComparison.Ordinal);
    }

    /// <summary>Each file that is mounted is there, but secrets, which are made.</summary>
    [Fact]
    public void What_is_mounted_is_there()
    {
        var mounted = _services.Children.Values.OfType<YamlMappingNode>().Where(service => service.Children.ContainsKey("volumes")).SelectMany(service => Texts(service["volumes"])).Select(volume => volume.Split(':')[0]).Where(path => path.StartsWith("./", StringComparison.Ordinal) && !path.StartsWith("./secrets", StringComparison.Ordinal)).ToHashSet();
        Assert.NotEmpty(mounted);
        Assert.All(mounted, path => Assert.True(Path.Exists(Deployment.Of(path[2..])), path));
    }

    /// <summary>Whoever is published is published on loopback, and no password is written down.</summary>
    [Fact]
    public void Nothing_is_published_beyond_the_machine_and_no_secret_stands_in_the_file()
    {
        Assert.All(_services.Children.Values.OfType<YamlMappingNode>().Where(service => service.Children.ContainsKey("ports")).SelectMany(service => Texts(service["ports"])), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        var text = File.ReadAllText(Deployment.Of("compose.yaml"));
        Assert.All(Secret().Matches(text), match => Assert.StartsWith("/run/asha/", match.Groups["value"].Value, StringComparison.Ordinal));
        Assert.True(Secret().Count(text) >= 3);
    }

    private static T Read<T>(string service, string command, Func<Host.ExperimentFiles.MapReader, T?> read) where T : MemberSettings
    {
        string[] words = [.. Texts(_services[service]["command"])];
        Assert.Equal([command, "--config", "/etc/asha/coordinator.yaml"], words[..3]);
        return SettingsFile.Read(Deployment.Of("coordinator.yaml"), Options(words[3..]), read);
    }

    private static (string, IReadOnlyList<string>)[] Options(IEnumerable<string> words) => [.. words.Chunk(2).Select(pair => (pair[0][2..], (IReadOnlyList<string>)[pair[1]]))];

    private static IEnumerable<string> Texts(YamlNode list) => ((YamlSequenceNode)list).Select(element => $"{element}");

    [GeneratedRegex("ProjectReference Include=\"\\.\\./[^\"]*/(?<project>[^\"/]*)\\.csproj\"")]
    private static partial Regex Reference();

    [GeneratedRegex("Import Project=\"(?<file>[^\"/]*)\"")]
    private static partial Regex Import();

    [GeneratedRegex("--(listen|files|metrics) \"[^\"]*\"")]
    private static partial Regex Option();

    [GeneratedRegex("(PASSWORD\\w*: |TOKEN\\w*: |Passfile=|head -1 )(?<value>[^;\\s)]*)")]
    private static partial Regex Secret();
}
