using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Api;

/// <summary>
/// Reads an experiment for a cluster: the file of <c>asha tune</c>, by the same reader, but for what is of a machine. Its trials run elsewhere: so <c>trial.directory</c> is an absolute path, which the nodes have; values of <c>trial.env</c>, which may be
/// secrets, do not travel; and <c>slots</c> says nothing.
/// </summary>
internal static class SubmissionReader
{
    private const int MostGpus = 1024;

    /// <summary>Reads and checks all of it.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">How problems name it.</param>
    /// <param name="overrides">Values that take the place of the file's, in turn.</param>
    public static ExperimentReading Read(string text, string fileName, IReadOnlyList<Override> overrides)
    {
        var reading = new Reading(PeerNames.Keys);
        ExperimentSpec? spec = null;
        if (YamlTree.OfFile(text, fileName, reading) is { } root)
        {
            string? directory = null;
            if (root is MapNode map)
            {
                Overrides.Apply(map, overrides, reading);
                directory = TakeWhatIsOfAMachine(map, reading);
            }
            // Which programs, cores and GPUs there are, each node knows of itself.
            if (new Field(root, "", reading).Map("name: digits") is { } file && ExperimentReader.Read(file, Path.GetPathRoot(Environment.CurrentDirectory)!, new Machine(1, MostGpus), reading) is { } read && directory is not null)
                spec = read with { Trial = read.Trial with { Directory = directory } };
        }
        return new ExperimentReading(reading.Failed ? null : spec, reading.Problems, reading.WarningLines);
    }

    /// <returns>The trials' folder; <c>null</c>: it is wrong, which was said.</returns>
    private static string? TakeWhatIsOfAMachine(MapNode file, Reading reading)
    {
        if (Take(file, "slots") is { } slots)
            reading.Warn(slots.Place, "slots", "is for one machine; in a cluster, max-concurrent says how many trials run at a time at most");
        if (file.Entries.Find(entry => entry.Key.Text == "trial").Value is not MapNode trial)
            return null; // Its reader says so.
        if (trial.Entries.Find(entry => entry.Key.Text == "env").Value is MapNode env)
            TakeValues(env, reading);
        switch (Take(trial, "directory"))
        {
            case null:
                reading.Missing(trial.Place, "trial.directory", "is missing: the folder, as an absolute path, where trials run on every node ('asha submit' says its own)");
                return null;
            case ScalarNode { IsNull: false } scalar when Path.IsPathRooted(scalar.Text) && YamlText.CanBePassed(scalar.Text):
                return Path.GetFullPath(scalar.Text);
            case var other:
                reading.Wrong(other.Place, "trial.directory", "must be an absolute path, of a folder that every node has: trials run there");
                return null;
        }
    }

    /// <summary>Only names cross. A value says where it is not to be: it might be a secret, so no message shows it.</summary>
    private static void TakeValues(MapNode env, Reading reading)
    {
        for (var index = 0; index < env.Entries.Count; index++)
        {
            var (key, value) = env.Entries[index];
            if (value is not ScalarNode { IsNull: true } and not ScalarNode { Text: EnvironmentReader.NotRecorded })
                reading.Wrong(value.Place, $"trial.env.{YamlText.Shown(key.Text)}", $"has a value, and values do not travel: they may be secrets, and would be kept in the journal. Leave it empty ('{YamlText.Shown(key.Text)}:'), and each node takes the one of its own environment; one that is no secret can stand in trial.command: [env, {YamlText.Shown(key.Text)}=…, …]");
            env.Entries[index] = new MapEntry(key, new ScalarNode(value.Place, "", Plain: false));
        }
    }

    private static YamlNode? Take(MapNode map, string key)
    {
        var index = map.Entries.FindIndex(entry => entry.Key.Text == key);
        if (index < 0)
            return null;
        var value = map.Entries[index].Value;
        map.Entries.RemoveAt(index);
        return value;
    }
}
