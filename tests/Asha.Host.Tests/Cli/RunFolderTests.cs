using Asha.Tuning.Runs;

namespace Asha.Host.Tests.Cli;

/// <summary>Who has a run's folder.</summary>
public sealed class RunFolderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 15, 0, TimeSpan.Zero);

    [Fact]
    public void Of_many_that_want_the_same_name_at_once_each_gets_a_folder_of_its_own()
    {
        using var box = new CliSandbox();
        var made = new List<(RunFolder Folder, FileStream Held)>();
        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            var one = RunFolder.Create(box.Runs, "tiny", Now);
            lock (made)
                made.Add(one);
        });
        made.ForEach(one => one.Held.Dispose());
        Assert.Equal(100, made.Select(one => one.Folder.Path).Distinct().Count());
        Assert.Contains(made, one => one.Folder.Name == "tiny-20261124-101500");
    }

    [Fact]
    public void It_is_held_until_its_holder_lets_go_however_many_ask()
    {
        using var box = new CliSandbox();
        var (folder, held) = RunFolder.Create(box.Runs, "tiny", Now);
        Parallel.For(0, 200, _ => Assert.True(folder.IsHeld()));
        held.Dispose();
        Parallel.For(0, 200, _ => Assert.False(folder.IsHeld()));
    }
}
