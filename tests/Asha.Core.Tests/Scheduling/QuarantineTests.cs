using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>What runs say of nodes, and which nodes are given to nobody.</summary>
public class QuarantineTests
{
    private static string Shut(int nodes, (string Run, string Nodes)[] words, params (string Node, string Runs)[] holders)
        => string.Join("", Quarantine.Of(
            words.ToDictionary(word => word.Run, word => (IReadOnlySet<string>)word.Nodes.Select(node => $"{node}").ToHashSet()),
            node => holders.Where(held => held.Node == node).SelectMany(held => held.Runs.Select(run => $"{run}")), nodes).Order());

    [Fact]
    public void One_word_shuts_a_node_that_nobody_else_is_at_work_on() => Assert.Equal("a", Shut(3, [("1", "a")], ("a", "1"), ("b", "2")));

    [Fact]
    public void One_that_is_at_work_there_is_a_witness_for_it() => Assert.Equal("", Shut(3, [("1", "a")], ("a", "12")));

    [Fact]
    public void Unless_it_says_so_too() => Assert.Equal("a", Shut(3, [("1", "a"), ("2", "a")], ("a", "12")));

    [Theory]
    [InlineData(4, "ab")]
    [InlineData(3, "")]
    public void More_than_half_of_the_nodes_are_no_nodes_fault(int nodes, string shut) => Assert.Equal(shut, Shut(nodes, [("1", "a"), ("2", "b")]));

    [Fact]
    public void One_node_alone_is_never_shut() => Assert.Equal("", Shut(1, [("1", "a")]));
}
