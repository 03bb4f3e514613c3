using Xunit.Abstractions;

namespace Asha.TestKit.Tests;

/// <summary>Somebody with nothing but the packages and docs/testkit.md: a project outside of this repository, made of the document's own blocks, with a packages folder of its own, so that nothing of an earlier build is in it.</summary>
public sealed class ConsumerTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asha-consumer-");

    [Fact]
    public async Task A_project_with_the_packages_builds_and_a_test_passes_and_one_fails_with_the_timeline()
    {
        var feed = _folder.CreateSubdirectory("feed").FullName;
        foreach (var project in (string[])["Asha.Core", "Asha.Actors", "Asha.TestKit"])
            await Dotnet.RunAsync(Document.Repository, TimeSpan.FromMinutes(1), 0, "pack", Path.Combine("src", project), "-c", Document.Configuration, "--no-build", "-o", feed, "-v", "q");
        Assert.Equal(3, Directory.GetFiles(feed, "*.nupkg").Length);

        var tests = _folder.CreateSubdirectory("tests").FullName;
        // The machine's own sources are added to these.
        Write("NuGet.config", """
            <configuration>
              <config><add key="globalPackagesFolder" value="../packages" /></config>
              <packageSources><add key="asha" value="../feed" /></packageSources>
            </configuration>
            """);
        Write("MyProject.Tests.csproj", Document.Block("xml", "Asha.TestKit"));
        Write("StragglerTests.cs", Document.Block("csharp", "class StragglerTests"));
        Write("ShaTests.cs", Document.Block("csharp", "class ShaTests"));
        var printed = await Dotnet.RunAsync(tests, TimeSpan.FromMinutes(4), 1, "test", "--logger", "console;verbosity=normal", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        output.WriteLine(printed);

        Assert.Contains("Passed MyProject.Tests.StragglerTests.Sha_waits_behind_the_slow_node", printed);
        Assert.Contains("Passed MyProject.Tests.StragglerTests.Asha_does_not", printed);
        Assert.Contains("Failed MyProject.Tests.ShaTests.Sha_never_waits", printed);
        var lines = printed.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).ToList();
        Assert.All(Document.Block("", "expected: 0 slot-seconds").Split('\n'), line => Assert.Contains(line.Trim(), lines));
        // What was run is what was packed.
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "packages", "asha.testkit", Document.Version, "lib", "net10.0", "Asha.TestKit.dll")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, "tests", name), text);
}
