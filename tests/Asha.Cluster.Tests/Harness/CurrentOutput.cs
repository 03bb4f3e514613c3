using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Where a cluster that several tests share prints: with the test that runs.</summary>
internal sealed class CurrentOutput : ITestOutputHelper
{
    public ITestOutputHelper? Test { get; set; }

    public void WriteLine(string message) => Test?.WriteLine(message);

    public void WriteLine(string format, params object[] args) => Test?.WriteLine(format, args);
}
