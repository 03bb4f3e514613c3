using Asha.Actors.Execution;

namespace Asha.Actors.Tests.Execution;

/// <summary>What is taken from a mask, and from whatever nvidia-smi prints.</summary>
public sealed class GpuDetectorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("0,1,2,4", "0|1|2|4")]
    [InlineData(" 3 , 1", "3|1")]
    [InlineData(" GPU-8f6c-11, MIG-77", "GPU-8f6c-11|MIG-77")]
    [InlineData("MIG-GPU-8f6c-11/1/0,MIG-GPU-8f6c-11/2/0", "MIG-GPU-8f6c-11/1/0|MIG-GPU-8f6c-11/2/0")]
    [InlineData("2,2,0,2", "2|0")]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("-1", "")]
    [InlineData("1,-1,2", "1")]
    [InlineData("1,,2", "1")]
    [InlineData("NoDevFiles", "")]
    [InlineData("0-3", "")]
    [InlineData("0,GPU-8f6c-11", "")]
    public void A_mask_is_taken_as_CUDA_reads_it(string mask, string ids) => Assert.Equal(ids, string.Join('|', GpuDetector.FromMask(mask).Ids));

    [Theory]
    [InlineData("", "CUDA_VISIBLE_DEVICES is empty, which hides all")]
    [InlineData("0,-1", "CUDA_VISIBLE_DEVICES is '0,-1'")]
    [InlineData("0,GPU-8f", "CUDA_VISIBLE_DEVICES is '0,GPU-8f', in which a number and a UUID may be the same GPU")]
    public void A_mask_is_told(string mask, string source) => Assert.Equal(source, GpuDetector.FromMask(mask).Source);

    [Theory]
    [InlineData("""
        [ "$*" = -L ] || exit 1
        echo 'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)'
        echo 'GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-aa2ff5e6-4e3d-0d5f-1f5d-9f3b1f7d4a10)'
        echo 'GPU 10: Tesla T4 (UUID: GPU-00000000-4e3d-0d5f-1f5d-9f3b1f7d4a10)'
        """, "0|1|10")]
    [InlineData("""
        echo 'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)'
        echo '  MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)'
        echo '  MIG 1c.3g.20gb  Device  1: (UUID: MIG-GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f/2/0)'
        echo 'GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-aa2ff5e6-4e3d-0d5f-1f5d-9f3b1f7d4a10)'
        """, "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f|MIG-GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f/2/0|1")]
    [InlineData("""
        echo '  MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef)'
        echo 'WARNING: infoROM is corrupted at gpu 0000:3B:00.0'
        echo 'a warning' >&2
        printf 'GPU 0: NVIDIA T4 (UUID: GPU-11)\r\n\377\n  GPU 7: no\nGPU x: no\n3\nGPU 2: NVIDIA T4 (UUID: GPU-12)'
        """, "MIG-c6d4f1ef|0|2")]
    public void Without_a_mask_the_list_of_nvidia_smi_counts(string script, string ids)
    {
        using var box = new TrialSandbox();
        var found = Ask(box, script);
        Assert.Equal((ids, "nvidia-smi lists them"), (string.Join('|', found.Ids), found.Source));
    }

    [Theory]
    [InlineData("printf '\\n\\nNVIDIA-SMI has failed because it could not communicate with the driver.\\n\\n'; exit 9",
        "nvidia-smi failed with exit code 9 ('NVIDIA-SMI has failed because it could not communicate with the driver.')")]
    [InlineData("echo 'GPU 0: NVIDIA T4 (UUID: GPU-11)' >&2; exit 255", "nvidia-smi failed with exit code 255 ('GPU 0: NVIDIA T4 (UUID: GPU-11)')")]
    [InlineData("kill -SEGV $$", "nvidia-smi failed with exit code 139")]
    [InlineData("echo 'No devices were found'", "nvidia-smi lists none")]
    [InlineData("", "nvidia-smi lists none")]
    public void Where_it_lists_none_it_is_told_why(string script, string source)
    {
        using var box = new TrialSandbox();
        var found = Ask(box, script);
        Assert.Empty(found.Ids);
        Assert.Equal(source, found.Source);
    }

    [Theory]
    [InlineData("echo 'GPU 0: NVIDIA T4 (UUID: GPU-11)'; read -r wait < pipe")]
    [InlineData("read -r wait < pipe & echo 'GPU 0: NVIDIA T4 (UUID: GPU-11)'")]
    public async Task It_is_not_waited_for_for_ever(string script)
    {
        using var box = new TrialSandbox();
        var pipe = Path.Combine(box.Scripts, "pipe");
        Assert.Equal(0, await Tool("mkfifo", pipe));
        Assert.Equal("nvidia-smi gave no answer within 0.2 s", Ask(box, script.Replace("pipe", pipe), TimeSpan.FromSeconds(0.2)).Source);
        // Whatever still waits there is let go: opening a pipe without readers would block, both ways does not.
        await using var open = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        await open.WriteAsync("\n"u8.ToArray());
    }

    [Fact]
    public void It_is_looked_for_on_the_PATH_alone()
    {
        using var box = new TrialSandbox();
        Assert.Equal("there is no program 'nvidia-smi' on the PATH", GpuDetector.FromNvidiaSmi(box.Scripts, Patience).Source);
        File.WriteAllText(Path.Combine(box.Scripts, "nvidia-smi"), "not executable");
        Assert.Equal("there is no program 'nvidia-smi' on the PATH", GpuDetector.FromNvidiaSmi(box.Scripts, Patience).Source);
    }

    private static GpuInventory Ask(TrialSandbox box, string script, TimeSpan? patience = null)
    {
        box.Script($"#!/bin/bash\n{script}\n", "nvidia-smi");
        return GpuDetector.FromNvidiaSmi($"/no/such:{box.Scripts}", patience ?? Patience);
    }

    private static async Task<int> Tool(string program, string argument)
    {
        using var process = System.Diagnostics.Process.Start(program, argument);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
