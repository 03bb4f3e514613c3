namespace Asha.Host.Tests.Cli;

/// <summary>
/// GPUs with the real executable; a stand-in for nvidia-smi lies on its PATH. A trial locks a file for each GPU that it was given. The kernel keeps such a lock until the
/// last process that inherited it is gone, so that a GPU shared for a moment shows.
/// </summary>
public sealed class GpuTests : IDisposable
{
    private const string Lock = """
        for id in ${CUDA_VISIBLE_DEVICES//,/ }; do exec {lock}> "gpu-$id"; flock -n $lock || echo "$id" >> shared; done
        echo "$trial $attempt ${CUDA_VISIBLE_DEVICES-unset} ${CUDA_DEVICE_ORDER-unset}" >> held

        """;

    private const string Four = """
        GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)
        GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-6d89852c-d268-c3f3-1b07-005d5ae1dc3f)
        GPU 2: NVIDIA A100-SXM4-40GB (UUID: GPU-7e89852c-d268-c3f3-1b07-005d5ae1dc3f)
        GPU 3: Tesla T4 (UUID: GPU-8f89852c-d268-c3f3-1b07-005d5ae1dc3f)
        """;

    private const string Split = """
        GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)
          MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
          MIG 3g.20gb     Device  1: (UUID: MIG-d7e4f1ef-42e4-5de3-91c7-45d71c87eb3f)
        """;

    private CliSandbox? _box;

    private CliSandbox Box => _box!;

    public void Dispose() => _box?.Dispose();

    [Theory]
    [InlineData("0,1,2,4", "1", "4", "0|1|2|4")]
    [InlineData("0,1,2,4,7", "2", "2", "0,1|2,4")]
    [InlineData("5,3,5,3,-1,0", "1", "2", "3|5")]
    [InlineData("GPU-5c89,GPU-6d89,MIG-7e89", "1", "3", "GPU-5c89|GPU-6d89|MIG-7e89")]
    public async Task A_GPU_of_the_mask_is_for_one_trial_at_a_time_and_keeps_its_name(string mask, string each, string slots, string sets)
    {
        // As many trials as there are slots must be seen to run at once. Every third fails at first, and is tried again where there is room.
        Sandbox(Lock + $$"""
            if ((trial < {{slots}})); then touch first-$trial; for ((other = 0; other < {{slots}}; other++)); do until [ -e first-$other ]; do read -r -t 0.02; done; done; fi
            read -r -t 0.03
            if ((trial % 3 == 1 && attempt == 1)); then exit 1; fi
            save $target $trial
            """, "asked too soon");
        Box.Environment["CUDA_VISIBLE_DEVICES"] = mask;
        var said = (await Box.Tune($"trial.gpus={each}", "scheduler.trials=12")).Exits(0).Json();

        Assert.False(File.Exists(Box.In("shared")));
        Assert.Equal(slots, said.GetProperty("slots").ToString());
        Assert.Equal(sets.Split('|'), Held().Select(held => held.Gpus).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(said.GetProperty("attempts").GetInt32(), Held().Count);
        Assert.True(said.GetProperty("attempts").GetInt32() >= 12 + 4, "four of the twelve were tried again");
        Assert.All(Held(), held => Assert.Equal("unset", held.Order)); // The mask is the user's, and so is what its numbers mean.
        Assert.Contains($", CUDA_VISIBLE_DEVICES={Held().First(held => held.Trial == "0").Gpus} ===", Box.Log(0));
        Assert.False(File.Exists(Box.In("asked")));
    }

    [Fact]
    public async Task What_does_not_want_to_end_keeps_its_GPU_from_the_next()
    {
        Sandbox(Lock + """
            if ((trial == 0 && attempt == 1)); then
              exec < /dev/null
              trap '' TERM INT HUP
              setsid sleep 1000 > /dev/null 2>&1 &
              while :; do sleep 1000; done
            fi
            save $target $trial
            """, Four);
        Box.Environment["CUDA_VISIBLE_DEVICES"] = "6";
        var said = (await Box.Tune("trial.gpus=1", "scheduler.trials=3", "trial.time-limit=1s")).Exits(0).Json();
        Box.NothingRuns();
        Assert.Equal(1, said.GetProperty("failures").GetProperty("time-limit").GetInt32());
        Assert.Equal("2", Held().First(held => held.Trial == "0" && held != Held()[0]).Attempt);
        Assert.All(Held(), held => Assert.Equal("6", held.Gpus));
        Assert.False(File.Exists(Box.In("shared")));
    }

    [Theory]
    [InlineData(null, "{}", "PCI_BUS_ID")]
    [InlineData("FASTEST_FIRST", "{}", "FASTEST_FIRST")]
    [InlineData(null, "{CUDA_DEVICE_ORDER: FASTEST_FIRST}", "FASTEST_FIRST")]
    public async Task Numbers_of_nvidia_smi_come_with_its_order_unless_the_user_has_one(string? order, string env, string expected)
    {
        Sandbox(Lock + "save $target $trial", Four);
        Box.Environment["CUDA_DEVICE_ORDER"] = order;
        var said = (await Box.Tune("trial.gpus=2", $"trial.env={env}")).Exits(0);
        Assert.Contains("\nGPUs: 4 (nvidia-smi lists them), for 2 slots with 2 each: 0,1 | 2,3\n", said.Error);
        Assert.All(Held(), held => Assert.Contains(held.Gpus, (string[])["0,1", "2,3"]));
        Assert.All(Held(), held => Assert.Equal(expected, held.Order));
        Assert.False(File.Exists(Box.In("shared")));
        Assert.Equal("-L\n", File.ReadAllText(Box.In("asked"))); // Once: what was checked is what is used.
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0,x,0", "mine")]
    public async Task Trials_without_GPUs_find_the_variables_as_the_user_left_them(string? mask, string? order)
    {
        Sandbox(Lock.Split('\n')[1] + "\nsave $target $trial", Four);
        (Box.Environment["CUDA_VISIBLE_DEVICES"], Box.Environment["CUDA_DEVICE_ORDER"]) = (mask, order);
        var said = (await Box.Tune("slots=2")).Exits(0);
        Assert.All(Held(), held => Assert.Equal((mask ?? "unset", order ?? "unset"), (held.Gpus, held.Order)));
        Assert.DoesNotContain("GPU", said.Error);
        Assert.False(File.Exists(Box.In("asked")));
    }

    [Theory]
    [InlineData("0,1,2,4", "2", "slots=1", "GPUs: 4 (CUDA_VISIBLE_DEVICES is '0,1,2,4'), for 1 slot with 2 each: 0,1; not used: 2,4")]
    [InlineData("0,1,2,4,5", "2", "seed=1", "GPUs: 5 (CUDA_VISIBLE_DEVICES is '0,1,2,4,5'), for 2 slots with 2 each: 0,1 | 2,4; not used: 5")]
    [InlineData(null, "1", "seed=1",
        "GPUs: 2 (nvidia-smi lists them), for 2 slots with 1 each: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f | MIG-d7e4f1ef-42e4-5de3-91c7-45d71c87eb3f")]
    public async Task Check_shows_which_slot_gets_which_GPUs(string? mask, string each, string change, string line)
    {
        Sandbox("touch started", Split);
        Box.Environment["CUDA_VISIBLE_DEVICES"] = mask;
        var told = (await Box.Asha("check", "tiny.yaml", "--set", $"trial.gpus={each}", "--set", change)).Exits(0);
        Assert.EndsWith($"\n{line}\n", told.Out);
        Assert.False(File.Exists(Box.In("started")));
    }

    [Theory]
    [InlineData("", "slots=1", "there are none: CUDA_VISIBLE_DEVICES is empty, which hides all; name more there, such as 0,1, or unset it to use all that nvidia-smi lists")]
    [InlineData("-1", "seed=1", "there are none: CUDA_VISIBLE_DEVICES is '-1'; name")]
    [InlineData("NoDevFiles", "seed=1", "there are none: CUDA_VISIBLE_DEVICES is 'NoDevFiles'; name")]
    [InlineData("3", "trial.gpus=2", "a trial needs 2, but there is 1: CUDA_VISIBLE_DEVICES is '3'; name")]
    [InlineData("0,GPU-5c", "seed=1", "a number and a UUID may be the same GPU; name all by number or all by UUID")]
    [InlineData("0,4\u001b[31m", "trial.gpus=2", "CUDA_VISIBLE_DEVICES is '0,4\ufffd[31m'; name")]
    [InlineData("0,1,2,4", "slots=5", "--set slots: 5 trials at a time need 5 GPUs, but there are 4: CUDA_VISIBLE_DEVICES is '0,1,2,4'; name more there, such as 0,1, or unset it to use all that nvidia-smi lists; or set slots to 4")]
    public async Task Too_few_in_the_mask_is_a_mistake_of_the_user(string mask, string change, string problem)
    {
        Sandbox("touch started", Four);
        Box.Environment["CUDA_VISIBLE_DEVICES"] = mask;
        await Refuses(problem, "trial.gpus=1", change);
        Assert.False(File.Exists(Box.In("asked")));
    }

    [Theory]
    [InlineData("exit 0", "there are none: nvidia-smi lists none; where Asha does not see GPUs that are there, name them: CUDA_VISIBLE_DEVICES=0,1")]
    [InlineData("echo NVIDIA-SMI has failed; exit 9", "there are none: nvidia-smi failed with exit code 9 ('NVIDIA-SMI has failed'); where")]
    [InlineData("echo 'GPU 5: T4 (UUID: GPU-5c)'", "a trial needs 2, but there is 1: nvidia-smi lists them; where")]
    public async Task Too_few_listed_is_a_mistake_of_the_user(string script, string problem)
    {
        Sandbox("touch started", "");
        Smi(script);
        await Refuses(problem, "trial.gpus=2");
    }

    [Fact]
    public async Task No_driver_or_one_that_hangs_is_told()
    {
        Sandbox("touch started", "");
        Smi("sleep 1000");
        var hung = (await Box.Asha("check", "tiny.yaml", "--set", "trial.gpus=1")).Exits(2);
        Assert.Contains("there are none: nvidia-smi gave no answer within 20 s; where", hung.Error);
        await Box.NothingRunsWithin(TimeSpan.FromSeconds(10));
        Box.Environment["PATH"] = Box.Folder;
        await Refuses("there are none: there is no program 'nvidia-smi' on the PATH; where", "trial.gpus=1");
    }

    private void Sandbox(string script, string list)
    {
        _box = new CliSandbox(script);
        // One slot for each GPU, unless the test says otherwise.
        Box.Write("tiny.yaml", File.ReadAllText(Box.In("tiny.yaml")).Replace("slots: 2\n", "", StringComparison.Ordinal));
        Directory.CreateDirectory(Box.In("bin"));
        Smi($"cat <<'END'\n{list}\nEND");
        Box.Environment["PATH"] = $"{Box.In("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        Box.Environment["CUDA_VISIBLE_DEVICES"] = Box.Environment["CUDA_DEVICE_ORDER"] = null;
    }

    private void Smi(string script)
    {
        var path = Box.Write("bin/nvidia-smi", $"#!/bin/bash\necho \"$*\" >> '{Box.In("asked")}'\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    private IReadOnlyList<(string Trial, string Attempt, string Gpus, string Order)> Held()
        => [.. File.ReadLines(Box.In("held")).Select(line => line.Split(' ')).Select(words => (words[0], words[1], words[2], words[3]))];

    private async Task Refuses(string problem, params string[] set)
    {
        foreach (var command in new[] { "check", "tune" })
        {
            var told = (await Box.Asha([command, "tiny.yaml", .. set.SelectMany(change => new[] { "--set", change })])).Exits(2);
            Assert.Equal("", told.Out);
            Assert.Contains(problem, told.Error);
        }
        Assert.False(File.Exists(Box.In("started")));
        Assert.False(Directory.Exists(Box.Runs));
    }
}
