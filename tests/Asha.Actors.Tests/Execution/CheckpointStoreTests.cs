using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task A_checkpoint_must_be_there_and_inside_its_folder_wherever_links_lead()
    {
        await _box.RunBash("""
            cd "$ASHA_CHECKPOINT_DIR"
            mkdir -p real/sub; touch file real/sub/file
            ln -s real inside; ln -s /etc outside; ln -s /etc/passwd passwd; ln -s nowhere dangling; ln -s loop loop
            ln -s "$ASHA_CHECKPOINT_DIR/../attempt-1-more" sibling; mkdir ../attempt-1-more
            n=0
            for path in file real inside/sub/file . outside/passwd passwd dangling loop missing sibling "$(printf '%05000d' 0)"; do
                echo "@asha {\"resource\": $((++n)), \"metric\": 1, \"checkpoint\": \"$path\"}"
            done
            """, TrialSandbox.Launch(target: 100));
        Assert.Equal(
            ["file", "real", "inside/sub/file", ".", "checkpoint leaves its folder", "checkpoint leaves its folder", null, null, null, "checkpoint leaves its folder", null],
            _box.Reports.Select(report => report.Checkpoint ?? report.Problem));
        Assert.Contains("=== checkpoint 'missing' does not exist ===", _box.Log());
    }

    [Fact]
    public async Task At_the_result_a_checkpoint_that_is_not_there_is_rejected()
    {
        await _box.RunBash("""echo '@asha {"resource": 9, "metric": 1, "checkpoint": "missing"}'""");
        Assert.Equal([TrialReport.Rejected("checkpoint does not exist")], _box.Reports);
    }

    [Fact]
    public void Pruning_deletes_what_is_older_than_the_newest_and_nothing_else()
    {
        var store = new CheckpointStore(_box.RunFolder);
        foreach (var (trial, attempt) in new[] { (1, 1), (1, 2), (1, 3), (1, 4), (2, 1) })
            Write(store.FolderOf(trial, attempt));

        Assert.True(store.Prune(1, new CheckpointRef(3, "a", 3)));
        Assert.Equal([false, false, true, true], Enumerable.Range(1, 4).Select(attempt => Directory.Exists(store.FolderOf(1, attempt))));
        Assert.True(store.DiscardFirst(1, 3));
        Assert.Equal([false, true], Enumerable.Range(3, 2).Select(attempt => Directory.Exists(store.FolderOf(1, attempt))));
        Assert.True(store.DiscardFirst(2, 1));
        Assert.False(Directory.Exists(Path.GetDirectoryName(store.FolderOf(2, 1))));
        Write(store.FolderOf(2, 1));
        Assert.True(store.Discard(1));
        Assert.True(store.Discard(1));
        Assert.False(Directory.Exists(Path.GetDirectoryName(store.FolderOf(1, 1))));
        Assert.True(Directory.Exists(store.FolderOf(2, 1)));
    }

    [Fact]
    public void Links_are_deleted_and_what_they_lead_to_is_not()
    {
        var store = new CheckpointStore(_box.RunFolder);
        var precious = Path.Combine(_box.Scripts, "precious");
        Write(precious);
        Write(store.FolderOf(1, 2));
        Directory.CreateSymbolicLink(Path.Combine(store.FolderOf(1, 2), "link"), precious);
        Directory.CreateSymbolicLink(store.FolderOf(1, 1), precious);

        Assert.True(store.Prune(1, new CheckpointRef(3, "a", 3)));
        Assert.False(Path.Exists(store.FolderOf(1, 1)) || Path.Exists(store.FolderOf(1, 2)));
        Assert.True(File.Exists(Path.Combine(precious, "file")));
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "file"), "");
    }
}
