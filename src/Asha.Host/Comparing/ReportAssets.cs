using System.Security.Cryptography;
using System.Text;

namespace Asha.Host.Comparing;

/// <summary>What a report carries beside its data: the chart library, our script on it, and styles.</summary>
internal static class ReportAssets
{
    /// <summary>uPlot 1.6.32 (MIT), and what draws the report with it. The library begins with a comment that names its address, which the report must not; its licence stands beside it.</summary>
    public static string Script { get; } = WithoutComment(Resource("uPlot.iife.min.js")) + "\n" + Resource("report.js");

    public static string Styles { get; } = Resource("uPlot.min.css") + "\n" + Resource("report.css");

    /// <summary>The library's licence, which goes wherever it goes.</summary>
    public static string Licence { get; } = Resource("uPlot.LICENSE.txt");

    /// <summary>As a page's policy names a text that may be run or applied.</summary>
    public static string Source(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    /// <summary>A script without the comment that it begins with.</summary>
    /// <exception cref="InvalidDataException">An address is left: of a library that has others, somebody has to decide what becomes of them.</exception>
    public static string WithoutComment(string script)
    {
        var rest = script.StartsWith("/*", StringComparison.Ordinal) && script.IndexOf("*/", StringComparison.Ordinal) is > 0 and var end ? script[(end + 2)..].TrimStart('\n') : script;
        return rest.Contains("://", StringComparison.Ordinal) ? throw new InvalidDataException("The chart library names an address.") : rest;
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportAssets).Assembly.GetManifestResourceStream($"report/{name}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
