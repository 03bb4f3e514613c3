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

    [Theory]
    [InlineData("0,1,2,4", "0|1|2|4")]
    [InlineData(" GPU-8f6c-11, MIG-77 ,3", "GPU-8f6c-11|MIG-77|3")]
    [InlineData("", "")]
    [InlineData("-1", "")]
    [InlineData("1,-1,2", "1")]
    [InlineData("NoDevFiles", "")]
    public void A_mask_is_taken_as_CUDA_reads_it(string mask, string ids) => Assert.Equal(ids, string.Join('|', GpuDetector.FromMask(mask)));

    [Theory]
    [InlineData("[ \"$*\" = '--query-gpu=index --format=csv,noheader' ] && printf '0\\n1\\n10\\n'", "0|1|10")]
    [InlineData("echo 'NVIDIA-SMI has failed because it could not communicate with the driver'; exit 9", "")]
    [InlineData("echo 'No devices were found'", "")]
    public void Without_a_mask_nvidia_smi_is_asked(string answer, string ids)
    {
        using var box = new TrialSandbox();
        Assert.Equal(ids, string.Join('|', GpuDetector.FromNvidiaSmi(box.Script("#!/bin/sh\n" + answer + "\n", "nvidia-smi"))));
    }

    [Fact]
    public void A_machine_without_nvidia_smi_has_no_GPUs() => Assert.Empty(GpuDetector.FromNvidiaSmi("/no/such/nvidia-smi"));
}
