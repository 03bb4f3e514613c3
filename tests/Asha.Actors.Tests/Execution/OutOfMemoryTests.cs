using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

/// <summary>A trial that got no memory: by its own words, and by the kernel's counts. Asha's OOM test lets the kernel really kill one.</summary>
public sealed class OutOfMemoryTests : IDisposable
{
    private readonly TrialSandbox _box = new();
    private readonly string _root = Directory.CreateTempSubdirectory("asha-oom-").FullName;

    public void Dispose()
    {
        _box.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData("MemoryError")]
    [InlineData("numpy._core._exceptions._ArrayMemoryError: Unable to allocate 7.45 TiB for an array")]
    [InlineData("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of")]
    [InlineData("RuntimeError: MPS backend out of memory (MPS allocated: 9.05 GB)")]
    [InlineData("jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 8 bytes.")]
    [InlineData("ResourceExhaustedError: OOM when allocating tensor with shape[4096]")]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'")]
    [InlineData("Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space")]
    [InlineData("Unhandled exception. System.OutOfMemoryException: Array dimensions exceeded supported range.")]
    [InlineData("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory")]
    [InlineData("fatal error: runtime: out of memory")]
    [InlineData("memory allocation of 1099511627776 bytes failed")]
    [InlineData("Error: cannot allocate vector of size 74.5 Gb")]
    [InlineData("bash: fork: Cannot allocate memory")]
    public async Task The_usual_words_among_the_last_lines_of_one_that_failed(string line)
    {
        var ending = await _box.RunBash($"cat <<'END' >&2\n{line}\nEND\nexit 1");
        Assert.Equal(EndingCause.OutOfMemory, ending.Cause);
        Assert.Equal($"exit code 1\n{line}", ending.Detail.Length > line.Length + 12 ? ending.Detail[..(line.Length + 12)] : ending.Detail);
        Assert.EndsWith("=== ended: out-of-memory, exit code 1 ===\n", _box.Log());
    }

    [Theory]
    [InlineData("KeyError: 'memory'", 1)]
    [InlineData("the in-memory error rate is 3", 1)]
    [InlineData("I am out of luck", 1)]
    [InlineData("MemoryError, and went on with half of the batch", 0)]
    public async Task Other_words_or_a_good_end_are_none(string line, int code)
        => Assert.NotEqual(EndingCause.OutOfMemory, (await _box.RunBash($"cat <<'END'\n{line}\nEND\nexit {code}")).Cause);

    [Fact]
    public async Task A_time_out_stays_one_whatever_was_printed()
    {
        var run = _box.Run(_box.Bash("""
            echo MemoryError
            echo '@asha {"resource": 1, "metric": 1}'
            read -r
            """) with { TimeLimit = TimeSpan.FromMinutes(1) });
        await _box.NextReport();
        _box.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(EndingCause.TimeLimit, (await run).Cause);
    }

    [Theory]
    [InlineData("0::/user.slice/a.scope", "sys/fs/cgroup/user.slice/a.scope/memory.events", "low 0\nhigh 0\nmax 31\noom 2\noom_kill {0}\noom_group_kill 0\n")]
    [InlineData("0::/", "sys/fs/cgroup/memory.events", "oom 2\noom_kill {0}\n")]
    [InlineData("0::/a", "sys/fs/cgroup/unified/a/memory.events", "oom_kill {0}\n")]
    [InlineData("9:name=systemd:/\n4:cpu,memory:/job_3\n0::/", "sys/fs/cgroup/memory/job_3/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill {0}\n")]
    [InlineData("4:memory:/docker/0a1b", "sys/fs/cgroup/memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill {0}\n")]
    [InlineData("2:cpu:/", "proc/vmstat", "nr_free_pages 8\noom_kill {0}\ndrop_pagecache 4\n")]
    public void The_kernels_count_is_found_where_each_version_has_it(string cgroups, string file, string text)
    {
        Write("proc/self/cgroup", cgroups + "\n");
        Write("proc/vmstat", "oom_kill 1000\n");
        Write(file, string.Format(System.Globalization.CultureInfo.InvariantCulture, text, 7));
        var kills = new OomKills(_root);
        Assert.Equal(7, kills.Count());
        Write(file, string.Format(System.Globalization.CultureInfo.InvariantCulture, text, 8));
        Assert.Equal(8, kills.Count());
    }

    [Fact]
    public void Nothing_to_read_is_no_kill()
    {
        var kills = new OomKills(_root);
        Assert.Equal(0, kills.Count());
        Assert.False(kills.Claim(0));
    }

    [Fact]
    public void One_kill_is_one_attempts()
    {
        Write("proc/vmstat", "oom_kill 3\n");
        var kills = new OomKills(_root);
        var (one, other) = (kills.Count(), kills.Count());
        Assert.False(kills.Claim(one));
        Write("proc/vmstat", "oom_kill 4\n");
        Assert.True(kills.Claim(one));
        Assert.False(kills.Claim(other)); // Somebody else killed that one.
        var third = kills.Count();
        Assert.False(kills.Claim(third));
        Write("proc/vmstat", "oom_kill 6\n");
        Assert.True(kills.Claim(third));
        Assert.True(kills.Claim(other));
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
