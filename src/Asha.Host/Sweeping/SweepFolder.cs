using System.Text;
using Asha.Host.Plots;
using Asha.Tuning;

namespace Asha.Host.Sweeping;

/// <summary>What a sweep leaves behind: <c>runs.csv</c>, <c>table.md</c>, and a picture of each figure as PNG and SVG.</summary>
internal static class SweepFolder
{
    private const string RunsName = "runs.csv";

    private const int Width = 1200;

    /// <summary>The path, if it may be written to: before anything is run.</summary>
    /// <exception cref="UserErrorException">There is something that is no sweep's folder.</exception>
    public static string Check(string path, bool isForced)
    {
        try
        {
            if (File.Exists(path))
                throw new UserErrorException($"--out {path}: is a file");
            if (!isForced && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !IsSweep(Path.Combine(path, RunsName)))
                throw new UserErrorException([$"{path}: is there already, and is no folder of a sweep"], "Choose another name with --out, or --force.");
            Directory.CreateDirectory(path);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"--out {path}: {error.Message}");
        }
    }

    /// <returns>The files.</returns>
    public static IReadOnlyList<string> Write(string folder, Sweep sweep)
    {
        var files = new List<string>();
        using (var runs = new StringWriter())
        {
            SweepCsv.Write(sweep, runs);
            Save(RunsName, Encoding.UTF8.GetBytes(runs.ToString()));
        }
        Save("table.md", Encoding.UTF8.GetBytes(SweepTable.Of(sweep).ToMarkdown(sweep.Axes.Count)));
        foreach (var figure in sweep.Figures)
        {
            if (SweepChart.Of(sweep, figure) is not { } chart)
                continue;
            var (picture, height) = (SweepPicture.Of(chart), SweepPicture.HeightOf(chart));
            Save($"{figure.Key}.png", picture.ToPng(Width, height));
            Save($"{figure.Key}.svg", picture.ToSvg(Width, height));
        }
        return files;

        void Save(string name, byte[] bytes)
        {
            var path = Path.Combine(folder, name);
            try
            {
                File.WriteAllBytes(path, bytes);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException($"{path}: cannot be written: {error.Message}", "Choose another folder with --out.");
            }
            files.Add(path);
        }
    }

    private static bool IsSweep(string runs)
    {
        if (!File.Exists(runs))
            return false;
        using var reader = new StreamReader(runs);
        return reader.ReadLine() is { } heads && heads.EndsWith(string.Join(',', SweepCsv.Figures), StringComparison.Ordinal);
    }
}
