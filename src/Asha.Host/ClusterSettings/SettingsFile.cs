using Asha.Cluster.Logs;
using Asha.Cluster.Settings;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.ClusterSettings;

/// <summary>The settings of a coordinator or a node: a file (YAML), or options of the same names, which count before the file's, or both.</summary>
internal static class SettingsFile
{
    /// <summary>Names that people bring along from elsewhere.</summary>
    private static readonly KeyHints _hints = new(
    [
        ("bind", "listen"), ("hostname", "listen"), ("address", "listen"), ("seed-nodes", "join"), ("seeds", "join"), ("coordinators", "join"), ("certificate", "tls.certificate"), ("cert", "tls.certificate"),
        ("key", "tls.key"), ("ca", "tls.ca"), ("data-dir", "data"), ("directory", "data"), ("token", "token-file"), ("suppress-validation", "insecure"), ("cores", "cpus"), ("tags", "labels"),
        ("verbosity", "log-level"), ("loglevel", "log-level"), ("logging", "log-level"), ("log", "log-to"), ("log-file", "log-to"),
    ]);

    /// <summary>Reads the file, where there is one, and the options over it.</summary>
    /// <param name="path">The file; <c>null</c>: none.</param>
    /// <param name="options">Paths of keys, with what was given for each.</param>
    /// <param name="read">Reads the keys; told the folder where the file's relative paths start from.</param>
    /// <exception cref="UserErrorException">Every mistake in it, together.</exception>
    public static T Read<T>(string? path, IReadOnlyList<(string Path, IReadOnlyList<string> Values)> options, Func<MapReader, T?> read) where T : MemberSettings
    {
        var reading = new Reading(_hints);
        var settings = path is null
            ? Read("", "", Directory.GetCurrentDirectory(), options, reading, read)
            : ExperimentFile.Load(path, (text, folder) => Read(text, path, folder, options, reading, read), problem => throw new UserErrorException(problem.ToString()));
        if (reading.Failed || settings is null)
            throw Mistakes(reading);
        string[] problems = [.. settings.Problems()];
        return problems.Length == 0 ? settings : throw new UserErrorException([.. problems.Select(problem => path is null ? problem : $"{path}: {problem}")]);
    }

    /// <summary>Reads what options say of the log.</summary>
    /// <exception cref="UserErrorException">Every mistake in it, together.</exception>
    public static LogSettings ReadLog(IReadOnlyList<(string Key, string Value)> options)
    {
        var reading = new Reading(_hints);
        var log = Read("", "", Directory.GetCurrentDirectory(), [.. options.Select(option => (option.Key, (IReadOnlyList<string>)[option.Value]))], reading, SettingsReader.Log);
        return reading.Failed ? throw Mistakes(reading) : log!;
    }

    private static UserErrorException Mistakes(Reading reading) => new([.. reading.Problems.Select(problem
        => problem.File == "" ? $"{problem.Path}: {problem.Message}" : problem.File == Option(problem.Path) ? $"{problem.File}: {problem.Message}" : problem.ToString())]);

    /// <summary>What a key is called on the command line.</summary>
    /// <param name="key">As in the file, with dots between its levels.</param>
    public static string Option(string key) => $"--{key.Replace('.', '-')}";

    private static T? Read<T>(string text, string name, string folder, IReadOnlyList<(string Path, IReadOnlyList<string> Values)> options, Reading reading, Func<MapReader, T?> read) where T : class
    {
        var root = text == "" ? new MapNode(new Place(name, 0, 0), []) : YamlTree.OfFile(text, name, reading);
        if (root is ScalarNode { IsNull: true })
            root = new MapNode(new Place(name, 0, 0), []); // Nothing but comments.
        if (root is null || new Field(root, "", reading).Map("listen: 10.0.0.5:7600") is null)
            return null;
        var map = (MapNode)root;
        MakeFull(map, folder);
        foreach (var (key, values) in options.Where(option => option.Values.Count > 0))
        {
            var place = new Place(Option(key), 0, 0);
            YamlNode value = values.Count == 1 ? new ScalarNode(place, values[0], Plain: true) : new ListNode(place, [.. values.Select(element => new ScalarNode(place, element, Plain: true))]);
            Overrides.Put(map, key, value);
        }
        MakeFull(map, Directory.GetCurrentDirectory());
        return read(new MapReader(map, "", reading));
    }

    /// <summary>A relative path starts where it was written: in the file's folder, or on the command line.</summary>
    private static void MakeFull(MapNode map, string folder)
    {
        for (var index = 0; index < map.Entries.Count; index++)
        {
            var (key, value) = map.Entries[index];
            if (key.Text == "tls" && value is MapNode tls)
                MakeFull(tls, folder);
            else if (key.Text is "data" or "checkpoints" or "token-file" or "log-to" or "certificate" or "key" or "ca" && value is ScalarNode { IsNull: false } path && !(key.Text == "log-to" && path.Text == LogSettings.Output))
                map.Entries[index] = new MapEntry(key, path with { Text = Path.Combine(folder, path.Text), Plain = false });
        }
    }
}
