using System.Text.RegularExpressions;
using Asha.Cluster.Logs;
using Asha.Cluster.Settings;
using Asha.Host.Cli;
using Asha.Host.ClusterSettings;
using Asha.Host.ExperimentFiles;
using Microsoft.Extensions.Logging;
using Serilog.Extensions.Logging;

namespace Asha.Cluster.Tests;

/// <summary>docs/cluster.md says which settings there are: those that are read, and no others.</summary>
public sealed partial class SettingsTableTests
{
    private static readonly string _document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cluster.md"));

    private static readonly (string Key, string Of, string Default)[] _rows = [.. Row().Matches(_document).Select(row => (row.Groups["key"].Value, row.Groups["of"].Value, row.Groups["default"].Value))];

    [Fact]
    public void Every_key_that_is_read_stands_in_the_table_and_no_other()
    {
        Assert.Equal(Documented("coordinator"), Read(file => SettingsReader.Coordinator(file, null)));
        Assert.Equal(Documented("node"), Read(SettingsReader.Node));
        // And each is an option.
        Assert.Equal(Documented("coordinator").Select(Option), ServeCommand.Create().Options.Select(option => option.Name).Where(name => name != "--config").Order(StringComparer.Ordinal));
        Assert.Equal(Documented("node").Select(Option), NodeCommand.Create().Options.Select(option => option.Name).Where(name => name != "--config").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_defaults_are_those_that_the_table_says()
    {
        var coordinator = SettingsFile.Read(null, [("insecure", ["true"])], file => SettingsReader.Coordinator(file, null));
        var node = SettingsFile.Read(null, [("insecure", ["true"]), ("join", ["127.0.0.1:7600"])], SettingsReader.Node);
        Assert.Equal($"`{coordinator.Listen}`; node: `{node.Listen}`", Default("listen"));
        Assert.Equal($"`{coordinator.Api}`", Default("api"));
        Assert.Equal([coordinator.Listen], coordinator.Join);
        Assert.Equal($"`{Path.GetFileName(node.Data)}`", Default("data"));
        Assert.Equal($"`{node.Gpus.Count}`", Default("gpus"));
        Assert.Equal((node.Cpus, Environment.MachineName, true), (node.Slots, node.Name, node.Memory > 0));
        Assert.Equal(($"`{node.Log.Level.ToString().ToLowerInvariant()}`", $"`{(node.Log.IsJson ? "json" : "text")}`", $"`{MemberLog.FileName}` in `data`"), (Default("log-level"), Default("log-format"), Default("log-to")));
        Assert.Equal((new LogSettings(), new LogSettings()), (coordinator.Log, node.Log));
        Assert.Equal((null, null, null, 0), (coordinator.TokenFile, node.Files, node.Checkpoints, node.Labels.Count));
    }

    [Fact]
    public void The_log_rolls_within_its_bound()
    {
        Assert.Contains($"below {MemberLog.Bytes >> 20} MiB", _document, StringComparison.Ordinal);
        Assert.Contains($"{MemberLog.Files * MemberLog.Bytes >> 20} MiB in all", _document, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("asha-log-").FullName;
        for (var start = 0; start < 2; start++)
        {
            using var log = MemberLog.Open(new NodeSettings { Listen = new HostPort("127.0.0.1", 0), Join = [], Data = folder, Name = "n", Slots = 1, Cpus = 1 }, bytes: 2000);
            using var loggers = new SerilogLoggerFactory(log);
            for (var line = 0; line < 500; line++)
                LogLine(loggers.CreateLogger("test"), line);
        }
        FileInfo[] files = [.. new DirectoryInfo(folder).GetFiles("asha*.log").OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)];
        Assert.Equal(MemberLog.Files, files.Length);
        Assert.All(files, file => Assert.InRange(file.Length, 1, 2200));
        Assert.Contains("number 499", File.ReadAllText(files[^1].FullName), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static string[] Documented(string member) => [.. _rows.Where(row => row.Of == "both" || row.Of == member).Select(row => row.Key).Order(StringComparer.Ordinal)];

    private static string Default(string key) => _rows.Single(row => row.Key == key).Default;

    private static string Option(string key) => $"--{key.Replace('.', '-')}";

    /// <summary>What the reader asks for, given nothing; of <c>tls</c>, what it misses there.</summary>
    private static string[] Read<T>(Func<MapReader, T?> read)
    {
        var reading = new Reading(new KeyHints([]));
        var file = new MapReader((MapNode)YamlTree.OfFile("tls: {}", "test", reading)!, "", reading);
        read(file);
        return [.. file.Known.Where(key => key != "tls").Concat(reading.Problems.Select(problem => problem.Path).Where(path => path.StartsWith("tls.", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A line, number {Number}")]
    private static partial void LogLine(Microsoft.Extensions.Logging.ILogger log, int number);

    [GeneratedRegex("^\\| `(?<key>[a-z.-]+)` \\| (?<of>both|coordinator|node) \\| (?<default>[^|]*) \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
