using Asha.Core.Utilization;
using Xunit.Sdk;

namespace Asha.TestKit.Tests;

/// <summary>docs/testkit.md says what is.</summary>
public sealed class DocumentTests : AshaTestKit
{
    [Theory]
    [InlineData("StragglerTests")]
    [InlineData("RecordedRunTests")]
    public void Its_tests_are_those_that_are_compiled_and_run(string name)
        => Assert.Equal(File.ReadAllText(Path.Combine(Document.Repository, "examples", "testkit-replay", $"{name}.cs")).TrimEnd(), Document.Block("csharp", $"class {name}"));

    [Fact]
    public void Its_probe_is_one_that_is_tested()
    {
        var tests = string.Join('\n', File.ReadAllLines(Path.Combine(Document.Repository, "tests", "Asha.TestKit.Tests", "StandInTests.cs")).Select(line => line.Trim()));
        Assert.Contains(string.Join('\n', Document.Block("csharp", "new StandIns").Split('\n').Skip(1)), tests);
    }

    [Fact]
    public void Its_failure_is_what_a_test_prints()
    {
        var run = Run(Scenario.Sha(trials: 16, reductionFactor: 4).Resource(min: 1, max: 16).Nodes(new Node(), new Node(), new Node(), new Node().SlowAtRung(1, times: 20)));
        var failure = Assert.Throws<XunitException>(() => run.AssertIdleTime(IdleCause.RungBarrier, slotSeconds: 0));
        Assert.Equal(Document.Block("", "expected: 0 slot-seconds"), failure.Message.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_method_of_a_scenario_and_every_assertion_is_in_it()
    {
        var methods = typeof(Scenario).GetMethods().Concat(typeof(Node).GetMethods()).Where(method => method.ReturnType == method.DeclaringType && !method.IsSpecialName && method.Name != "<Clone>$")
            .Concat(typeof(RunUnderTest).GetMethods().Where(method => method.Name.StartsWith("Assert"))).Select(method => method.Name).Distinct().ToList();
        Assert.True(methods.Count > 40, $"{methods.Count}");
        Assert.All(methods, name => Assert.Contains(name, Document.Text));
    }
}
