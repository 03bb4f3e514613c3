using Asha.Cluster.Tests.Harness;

namespace Asha.Cluster.Tests;

/// <summary>tests/break_laws.py, which breaks each law of the engine's, still knows where they stand; whether tests notice takes hours.</summary>
public sealed class BreakLawsTests
{
    [CheckedFact]
    public void Each_law_stands_where_it_is_to_be_broken() => Tool.Run("python3", "-B", Path.Combine(Checker.Scripts, "..", "break_laws.py"), "--check");
}
