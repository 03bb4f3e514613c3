using Asha.Actors.Execution;
using Asha.Actors.Tests.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Untrusted;

/// <summary>
/// A trial puts a link to a folder outside in the place of one of the engine's, before the engine writes, reads or deletes there: real processes and real links. What is outside stays as it was.
/// </summary>
public sealed class LinkedFolderTests : IDisposable
{
    private readonly TrialSandbox _box = new();
    private readonly string _outside;
    private readonly List<string> _before;

    public LinkedFolderTests()
    {
        _outside = Directory.CreateDirectory(Path.Combine(_box.Scripts, "outside")).FullName;
        // All that the engine would look for, in the form in which it would find it behind a link at any height.
        foreach (var path in new[] { "state", "attempt-1/state", "attempt-2/state", "trial-000000/attempt-1/state", "attempt-1.0123456789abcdef.json", "trial-000000.log", "trial-000000.json", "prepare.log" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_outside, path))!);
            File.WriteAllText(Path.Combine(_outside, path), "precious");
        }
        _before = Outside();
    }

    public void Dispose() => _box.Dispose();

    /// <summary>Every file outside, with what is in it.</summary>
    private List<string> Outside()
        => [.. Directory.EnumerateFileSystemEntries(_outside, "*", SearchOption.AllDirectories).Select(path => $"{path} {(File.Exists(path) ? File.ReadAllText(path) : "")}").Order(StringComparer.Ordinal)];

    private void OutsideIsAsItWas() => Assert.Equal(_before, Outside());

    [Theory]
    [InlineData("checkpoints/trial-000000/attempt-1")]
    [InlineData("checkpoints/trial-000000")]
    [InlineData("checkpoints")]
    public async Task Of_a_folder_behind_a_link_nothing_is_published_and_nothing_deleted(string replaced)
    {
        await _box.RunBash($$"""
            cd "$ASHA_CHECKPOINT_DIR/../../.."
            rm -rf {{replaced}}; ln -s "{{_outside}}" {{replaced}}
            echo '@asha {"resource": 1, "metric": 1, "checkpoint": "state"}'
            echo '@asha {"resource": 9, "metric": 1, "checkpoint": "state"}'
            """);
        Assert.All(_box.Reports, report => Assert.True(report is { Problem: "checkpoint leaves its folder", Checkpoint: null }));
        OutsideIsAsItWas();

        var store = new CheckpointStore(_box.RunFolder);
        var checkpoint = new CheckpointRef(1, "state", 1);
        Assert.Null(store.Find(0, checkpoint));
        Assert.NotNull(store.Verify(0, checkpoint, CancellationToken.None).Fault);
        Assert.NotNull(store.Publish(0, 1, "state", 1, out _));
        store.Prune(0, new CheckpointRef(1, "other", 9));
        store.Prune(0, new CheckpointRef(2, "state", 9));
        store.Discard(0, 1);
        OutsideIsAsItWas();
        store.Discard(0);
        OutsideIsAsItWas();
    }

    [Theory]
    [InlineData("checkpoints/trial-000000/attempt-2", "attempt-2' is a link where Asha keeps a folder")]
    [InlineData("checkpoints/trial-000000", "trial-000000' is a link where Asha keeps a folder")]
    [InlineData("checkpoints", "checkpoints' is a link where Asha keeps a folder")]
    [InlineData("params", "params' is a link where Asha keeps a folder")]
    [InlineData("logs", "logs' is a link where Asha keeps a folder")]
    [InlineData("logs/trial-000000.log", "trial-000000.log' is a link where Asha keeps a file")]
    public async Task No_attempt_is_started_into_a_link(string replaced, string says)
    {
        await _box.RunBash($$"""
            cd "$ASHA_CHECKPOINT_DIR/../../.."
            rm -rf {{replaced}}; ln -s "{{_outside}}{{(replaced.EndsWith(".log") ? "/state" : "")}}" {{replaced}}
            """);
        OutsideIsAsItWas();
        var ending = await _box.RunBash("echo never", TrialSandbox.Launch(attempt: 2));
        Assert.Equal(EndingCause.StartFailed, ending.Cause);
        Assert.Contains(says, ending.Detail);
        OutsideIsAsItWas();
    }

    [Fact]
    public async Task Parameters_are_written_in_the_place_of_a_link_and_not_through_it()
    {
        await _box.RunBash($$"""ln -sf "{{_outside}}/state" "$ASHA_PARAMS_FILE" """);
        Assert.NotNull(new FileInfo(ParamsFile).LinkTarget);
        await _box.RunBash("""echo "@asha {\"resource\": 9, \"metric\": 1}"; cat "$ASHA_PARAMS_FILE" """, TrialSandbox.Launch(attempt: 2));
        Assert.Null(new FileInfo(ParamsFile).LinkTarget);
        Assert.Single(_box.Reports);
        OutsideIsAsItWas();
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_log_is_not_waited_for()
    {
        await _box.RunBash("""cd "$ASHA_CHECKPOINT_DIR/../../../logs"; rm trial-000000.log; mkfifo trial-000000.log""");
        var ending = await _box.RunBash("echo never", TrialSandbox.Launch(attempt: 2));
        Assert.Equal(EndingCause.StartFailed, ending.Cause);
        Assert.Contains("is a pipe or a device where Asha keeps a file", ending.Detail);
    }

    [Fact]
    public async Task A_manifest_that_is_being_written_does_not_go_through_a_link()
    {
        await _box.RunBash($$"""
            cd "$ASHA_CHECKPOINT_DIR"; echo 1 > state
            # Its name is a hash of the path; here that of "state".
            ln -s "{{_outside}}/state" "../attempt-1.{{Convert.ToHexStringLower(System.IO.Hashing.XxHash64.Hash("state"u8))}}.json.unfinished"
            echo '@asha {"resource": 9, "metric": 1, "checkpoint": "state"}'
            """);
        Assert.Equal("state", Assert.Single(_box.Reports).Checkpoint);
        OutsideIsAsItWas();
    }

    /// <summary>A run's folder may lie behind a link itself: that is the user's.</summary>
    [Fact]
    public void A_run_behind_a_link_is_a_run()
    {
        var real = Directory.CreateDirectory(Path.Combine(_box.Scripts, "real")).FullName;
        var linked = Path.Combine(_box.Scripts, "linked");
        Directory.CreateSymbolicLink(linked, real);
        var store = new CheckpointStore(linked);
        File.WriteAllText(Path.Combine(store.MakeFolder(0, 1), "state"), "1");
        Assert.Null(store.Publish(0, 1, "state", 1, out _));
        Assert.Null(store.Verify(0, new CheckpointRef(1, "state", 1), CancellationToken.None).Fault);
        Assert.True(store.Discard(0));
        Assert.False(Directory.Exists(Path.Combine(real, "checkpoints", "trial-000000")));
    }

    private string ParamsFile => Path.Combine(_box.RunFolder, "params", "trial-000000.json");
}
