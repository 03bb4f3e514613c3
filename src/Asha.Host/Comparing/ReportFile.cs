using System.Text;
using Asha.Tuning;

namespace Asha.Host.Comparing;

/// <summary>The report's file.</summary>
internal static class ReportFile
{
    /// <summary>What every report begins with; a file that begins so may be written over.</summary>
    public const string Mark = "<!doctype html><!-- asha compare -->";

    /// <summary>The path, if it may be written to: before anything is run.</summary>
    /// <exception cref="UserErrorException">There is a file that is no report, or its folder is not there.</exception>
    public static string Check(string path, bool isForced)
    {
        if (Directory.Exists(path))
            throw new UserErrorException($"--report {path}: is a folder");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UserErrorException($"--report {path}: there is no folder {folder}");
        return isForced || !File.Exists(path) || IsReport(path) ? path : throw new UserErrorException([$"{path}: is there already, and is no report of a comparison"], "Choose another name with --report, or --force.");
    }

    /// <returns>Its size in bytes.</returns>
    public static long Write(string path, Comparison comparison)
    {
        try
        {
            File.WriteAllText(path, ReportPage.Of(comparison), new UTF8Encoding(false));
            return new FileInfo(path).Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be written: {error.Message}", "Choose another file with --report.");
        }
    }

    private static bool IsReport(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[Mark.Length];
            return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length && Encoding.UTF8.GetString(bytes) == Mark;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be read: {error.Message}", "Choose another file with --report.");
        }
    }
}
