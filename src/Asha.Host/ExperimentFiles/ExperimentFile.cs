using System.Text;
using Asha.Core.Experiments;

namespace Asha.Host.ExperimentFiles;

/// <summary>What came of reading a file: an experiment, or every mistake in it.</summary>
/// <param name="Spec"><c>null</c> where there are problems.</param>
/// <param name="Problems">Everything that must be put right, in the order of the file.</param>
/// <param name="Warnings">What is allowed but probably not meant, one line each.</param>
public sealed record ExperimentReading(ExperimentSpec? Spec, IReadOnlyList<FileProblem> Problems, IReadOnlyList<string> Warnings);

/// <summary>Experiment files (docs/experiment-file.md).</summary>
public static class ExperimentFile
{
    /// <summary>Reads a file from the disk. Its folder is where <c>trial.directory</c> starts from.</summary>
    public static ExperimentReading Load(string path, IReadOnlyList<Override> overrides, Machine machine)
        => Load(path, (text, folder) => Read(text, path, folder, overrides, machine), problem => new ExperimentReading(null, [problem], []));

    /// <summary>Reads the text of a file, or says why that cannot be done.</summary>
    internal static T Load<T>(string path, Func<string, string, T> read, Func<FileProblem, T> refuse)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (Directory.Exists(full))
                return refuse(new FileProblem(path, 0, 0, "", "is a folder, not a file"));
            using var stream = File.OpenRead(full);
            var bytes = new byte[YamlTree.MostBytes + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, count);
            return read(text, Path.GetDirectoryName(full)!);
        }
        catch (DecoderFallbackException)
        {
            return refuse(new FileProblem(path, 0, 0, "", "is not UTF-8, or larger than 1 MiB"));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return refuse(new FileProblem(path, 0, 0, "", $"cannot be read: {wrong.Message}"));
        }
    }

    /// <summary>Reads the text of a file and checks all of it.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">How problems name it.</param>
    /// <param name="folder">Full path of the folder where <c>trial.directory</c> starts from.</param>
    /// <param name="overrides">Values that take the place of the file's, in turn.</param>
    /// <param name="machine">What the default number of slots follows from.</param>
    public static ExperimentReading Read(
        string text, string fileName, string folder, IReadOnlyList<Override> overrides, Machine machine)
    {
        var (spec, reading) = ReadMap(text, fileName, overrides, "name: digits", (file, reading) => ExperimentReader.Read(file, folder, machine, reading));
        return new ExperimentReading(spec, reading.Problems, reading.WarningLines);
    }

    /// <summary>Reads a text as a map, the overrides in it; <c>null</c> where anything was wrong.</summary>
    /// <param name="example">For those who wrote something else than a map.</param>
    internal static (T? Value, Reading Reading) ReadMap<T>(string text, string fileName, IReadOnlyList<Override> overrides, string example, Func<MapReader, Reading, T?> read) where T : class
    {
        var reading = new Reading(PeerNames.Keys);
        T? value = null;
        if (YamlTree.OfFile(text, fileName, reading) is { } root)
        {
            if (root is MapNode map)
                Overrides.Apply(map, overrides, reading);
            if (new Field(root, "", reading).Map(example) is { } file)
                value = read(file, reading);
        }
        return (reading.Failed ? null : value, reading);
    }

    /// <summary>The resolved experiment as a file that reads back to the same, but for the values of <c>trial.env</c>, which may be secrets.</summary>
    public static string Write(ExperimentSpec spec) => ExperimentWriter.Write(spec);
}
