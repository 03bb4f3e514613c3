using Asha.Cluster.Tests.Harness;

namespace Asha.Cluster.Tests;

/// <summary>The deliberate bugs, by which whoever changes something sees which test or which law of the torture notices, still fit the sources. Whether they are noticed takes hours: tests/README.md says what did.</summary>
public sealed class DeliberateBugsTests
{
    [CheckedFact]
    public void Each_law_that_can_be_broken_stands_where_it_is_broken() => Tool.Run("python3", "-B", Path.Combine(Checker.Scripts, "..", "break_laws.py"), "--check");

    [CheckedFact]
    public void Each_bug_that_the_torture_hunts_can_be_put_in() => Tool.Run("python3", "-B", Path.Combine(Checker.Scripts, "..", "bugs", "hunt.py"), "--check");
}
