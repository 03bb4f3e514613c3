using Asha.Cluster.Tests.Harness;

namespace Asha.Cluster.Tests;

/// <summary>What the external checker looks for, it finds: tests/cluster/test_laws.py breaks each law once. And tests/break_laws.py, which breaks the engine's own, still knows where they stand; whether tests notice then takes hours.</summary>
public sealed class CheckerTests
{
    [CheckedFact]
    public void Each_law_that_is_broken_is_noticed() => Tool.Run("python3", "-B", Path.Combine(Checker.Scripts, "test_laws.py"));

    [CheckedFact]
    public void Each_law_that_can_be_broken_stands_where_it_is_broken() => Tool.Run("python3", "-B", Path.Combine(Checker.Scripts, "..", "break_laws.py"), "--check");
}
