using Asha.Cluster.Tests.Harness;

namespace Asha.Cluster.Tests;

/// <summary>What the external checker looks for, it finds: tests/cluster/test_laws.py breaks each law once.</summary>
public sealed class CheckerTests
{
    [CheckedFact]
    public void Each_law_that_is_broken_is_noticed() => Tool.Run("python3", "-B", Path.Combine(Checker.Scripts, "test_laws.py"));
}
