using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Where a cluster that several tests share prints: with the test that runs.</summary>
internal sealed class CurrentOutput : ITestOutputHelper
{
    public ITestOutputHelper? Test { get; set; }

    /// <summary>What ends after the last test has no test to print with: its first line says what it was, and its exit code.</summary>
    public void WriteLine(string message)
    {
        if (Test is { } test)
            test.WriteLine(message);
        else
            Console.WriteLine(message.Split('\n')[0]);
    }

    public void WriteLine(string format, params object[] args) => WriteLine(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));
}
