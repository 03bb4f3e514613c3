using System.Reflection;

namespace Asha.TestKit.Tests;

/// <summary>docs/testkit.md, and where this repository is.</summary>
internal static class Document
{
    public static string Repository { get; } = Metadata("Repository");

    public static string Configuration { get; } = Metadata("Configuration");

    public static string Version { get; } = Metadata("Version");

    public static string Text { get; } = File.ReadAllText(Path.Combine(Repository, "docs", "testkit.md"));

    /// <summary>The first block of a language that holds a text; the language may be empty.</summary>
    public static string Block(string language, string with)
        => Text.Split("\n```").Where((_, index) => index % 2 == 1).Where(block => block.StartsWith($"{language}\n", StringComparison.Ordinal)).Select(block => block[(language.Length + 1)..]).First(block => block.Contains(with));

    private static string Metadata(string key) => typeof(Document).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
