using System.Diagnostics;
using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Untrusted;
using CsCheck;

namespace Asha.Actors.Tests.Untrusted;

/// <summary>A checkpoint's manifest lies where the trial can write: whatever is in it, the checkpoint is used, or it is corrupt.</summary>
public sealed class ManifestBytesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-manifests-").FullName;
    private readonly CheckpointStore _store;
    private readonly string _manifest;
    private readonly byte[] _valid;

    public ManifestBytesTests()
    {
        _store = new CheckpointStore(Path.Combine(_folder, "run"));
        Directory.CreateDirectory(Path.Combine(_store.FolderOf(7, 1), "epoch-4"));
        File.WriteAllText(Path.Combine(_store.FolderOf(7, 1), "epoch-4", "weights"), "0123456789");
        File.CreateSymbolicLink(Path.Combine(_store.FolderOf(7, 1), "epoch-4", "link"), "weights");
        Assert.Null(_store.Publish(7, 1, "epoch-4", 4, out _));
        _manifest = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_store.FolderOf(7, 1))!));
        _valid = File.ReadAllBytes(_manifest);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Whatever_a_manifest_says_the_checkpoint_is_used_or_it_is_corrupt()
    {
        var used = 0;
        Gen.OneOf(Mutations.OfBytes([_valid]), Mutations.OfJson([_valid])).Sample(bytes =>
        {
            File.WriteAllBytes(_manifest, bytes);
            Fuzz.Bounded(bytes.Length, () =>
            {
                var found = Look();
                used += found.Fault is null ? 1 : 0;
                Assert.True(found.Fault is null or EndingCause.CheckpointCorrupt, found.Detail);
            }, fixedBytes: 4 << 20, perByte: 2000);
        }, iter: Fuzz.Cases(2000), threads: 1);
        Assert.NotEqual(0, used);
    }

    [Fact]
    public void A_pipe_or_a_link_in_its_place_is_not_read()
    {
        File.Delete(_manifest);
        using (var made = Process.Start("mkfifo", _manifest))
            made.WaitForExit();
        Fuzz.Bounded(0, () => Assert.Equal(EndingCause.CheckpointCorrupt, Look().Fault));
        File.Delete(_manifest);
        File.WriteAllBytes(Path.Combine(_folder, "outside.json"), _valid);
        File.CreateSymbolicLink(_manifest, Path.Combine(_folder, "outside.json"));
        Assert.Equal(EndingCause.CheckpointCorrupt, Look().Fault);
        File.Delete(_manifest);
        File.CreateSymbolicLink(_manifest, "/dev/zero");
        Fuzz.Bounded(0, () => Assert.Equal(EndingCause.CheckpointCorrupt, Look().Fault));
    }

    [Theory]
    [InlineData("epoch-4\0/../../../..")]
    [InlineData("/etc/passwd")]
    [InlineData("../attempt-1/epoch-4")]
    [InlineData("")]
    public void A_path_that_no_trial_may_report_is_not_looked_for_if_a_journal_has_it(string path)
    {
        var checkpoint = new CheckpointRef(1, path, 4);
        Assert.Null(_store.Find(7, checkpoint));
        Assert.Equal(EndingCause.CheckpointMissing, _store.Verify(7, checkpoint, CancellationToken.None).Fault);
        Assert.NotNull(_store.Publish(7, 1, path, 4, out _));
    }

    [Fact]
    public void Folders_in_folders_and_names_that_are_no_text_are_an_error_at_most()
    {
        var deep = Path.Combine(_store.FolderOf(7, 1), "deep");
        // As deep as a path can be long.
        Directory.CreateDirectory(deep + string.Concat(Enumerable.Repeat("/d", (4000 - deep.Length) / 2)));
        Shell($"mkdir -p '{_store.FolderOf(7, 1)}/name' && touch \"{_store.FolderOf(7, 1)}/name/$(printf 'a\\377b')\"");
        Fuzz.Bounded(0, () =>
        {
            Assert.StartsWith("checkpoint ", _store.Publish(7, 1, "name", 5, out _) ?? "checkpoint ", StringComparison.Ordinal);
            Assert.StartsWith("checkpoint ", _store.Publish(7, 1, "deep", 6, out _) ?? "checkpoint ", StringComparison.Ordinal);
            _store.Prune(7, new CheckpointRef(1, "epoch-4", 4));
            _store.Discard(7);
        }, fixedBytes: 512 << 20);
        Shell($"rm -rf '{_store.FolderOf(7, 1)}'");
    }

    private CheckpointFinding Look() => _store.Verify(7, new CheckpointRef(1, "epoch-4", 4), CancellationToken.None);

    private static void Shell(string line)
    {
        using var shell = Process.Start("bash", ["-c", line]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
