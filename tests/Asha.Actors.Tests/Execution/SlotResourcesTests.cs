using Asha.Actors.Execution;

namespace Asha.Actors.Tests.Execution;

public sealed class SlotResourcesTests
{
    [Theory]
    [InlineData(1, "0,1,2,3")]
    [InlineData(2, "0,1|2,3")]
    [InlineData(3, "0|1|2,3")]
    [InlineData(4, "0|1|2|3")]
    [InlineData(6, "0|1|2|3|0|1")]
    public void CPUs_are_divided_as_evenly_as_it_goes(int slots, string expected)
        => Assert.Equal(expected, string.Join('|', SlotResources.Divide(slots, [0, 1, 2, 3], [], 0).Select(slot => string.Join(',', slot.Cpus))));

    [Fact]
    public void GPUs_belong_to_one_slot_each()
    {
        var slots = SlotResources.Divide(2, [0], ["0", "1", "2", "GPU-4", "5"], 2);
        Assert.Equal([["0", "1"], ["2", "GPU-4"]], slots.Select(slot => slot.Gpus));
        Assert.Throws<ArgumentException>(() => SlotResources.Divide(3, [0], ["0", "1"], 1));
    }

    [Theory]
    [InlineData("0-3,8", "0,1,2,3,8")]
    [InlineData("\t5\n", "5")]
    [InlineData("", "")]
    public void The_kernels_lists_are_read(string list, string ids) => Assert.Equal(ids, string.Join(',', SlotResources.ParseList(list)));

    [Fact]
    public void There_are_as_many_CPUs_as_NET_counts() => Assert.Equal(Environment.ProcessorCount, SlotResources.DetectCpus().Count);
}
