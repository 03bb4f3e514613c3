using System.Text.Json.Nodes;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

/// <summary>Whatever happens to a checkpoint on the disk after it was published is seen before it is used.</summary>
public sealed class CheckpointManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-checkpoints-").FullName;
    private readonly CheckpointStore _store;

    public CheckpointManifestTests() => _store = new CheckpointStore(Path.Combine(_folder, "run"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string path, int attempt = 1) => Path.Combine(_store.FolderOf(7, attempt), path);

    private void Write(string path, string content, int attempt = 1)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path, attempt))!);
        File.WriteAllText(In(path, attempt), content);
    }

    private long Publish(string path, double resource = 4, int attempt = 1)
    {
        Assert.Null(_store.Publish(7, attempt, path, resource, out var bytes));
        return bytes;
    }

    private (EndingCause? Fault, string Detail) Look(string path, int attempt = 1)
    {
        var found = _store.Verify(7, new CheckpointRef(attempt, path, 4), CancellationToken.None);
        Assert.Equal(found.Fault is null ? In(path, attempt) : null, found.Path);
        return (found.Fault, found.Detail);
    }

    private string[] Manifests() => [.. Directory.EnumerateFiles(Path.Combine(_folder, "run", "checkpoints", "trial-000007")).Select(path => Path.GetFileName(path)!)];

    private string Manifest() => Path.Combine(_folder, "run", "checkpoints", "trial-000007", Assert.Single(Manifests()));

    [Theory]
    [InlineData("truncated", "it has 9 bytes, its manifest says 10")]
    [InlineData("longer", "it has 11 bytes, its manifest says 10")]
    [InlineData("flipped", "it has 10 bytes as its manifest says, but others")]
    [InlineData("folder", "it is no file")]
    public void A_file_that_was_changed_is_corrupt(string how, string detail)
    {
        Write("state", "0123456789");
        Publish("state");
        Assert.Equal((null, ""), Look("state"));
        switch (how)
        {
            case "truncated":
                File.WriteAllText(In("state"), "012345678");
                break;
            case "longer":
                File.AppendAllText(In("state"), "0");
                break;
            case "flipped":
                var bytes = File.ReadAllBytes(In("state"));
                bytes[5] ^= 1;
                File.WriteAllBytes(In("state"), bytes);
                break;
            case "folder":
                File.Delete(In("state"));
                Directory.CreateDirectory(In("state"));
                break;
        }
        Assert.Equal((EndingCause.CheckpointCorrupt, detail), Look("state"));
    }

    [Fact]
    public void One_that_was_deleted_is_missing()
    {
        Write("state", "0123456789");
        Publish("state");
        File.Delete(In("state"));
        Assert.Equal((EndingCause.CheckpointMissing, "it is gone"), Look("state"));
    }

    [Fact]
    public void One_without_a_manifest_is_of_a_version_that_wrote_none_and_is_used()
    {
        Write("state", "0123456789");
        Assert.Equal((null, ""), Look("state"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1,\"checkpoint\":\"sta")]
    [InlineData("[]")]
    [InlineData("null")]
    public void A_manifest_that_cannot_be_understood_fits_nothing(string text)
    {
        Write("state", "0123456789");
        Publish("state");
        File.WriteAllText(Manifest(), text);
        Assert.Equal((EndingCause.CheckpointCorrupt, "its manifest cannot be understood"), Look("state"));
    }

    [Theory]
    [InlineData("version", "2")]
    [InlineData("hash", "\"md5\"")]
    [InlineData("checkpoint", "\"another\"")]
    public void A_manifest_of_something_else_fits_nothing(string key, string value)
    {
        Write("state", "0123456789");
        Publish("state");
        var manifest = JsonNode.Parse(File.ReadAllText(Manifest()))!.AsObject();
        manifest[key] = JsonNode.Parse(value);
        File.WriteAllText(Manifest(), manifest.ToJsonString());
        Assert.Equal((EndingCause.CheckpointCorrupt, "its manifest cannot be understood"), Look("state"));
    }

    [Fact]
    public void A_crash_before_the_manifest_has_its_name_leaves_none_and_the_next_one_counts()
    {
        Write("state", "0123456789");
        Publish("state");
        // As a crash between the two would leave it: all written, not renamed, and what it is of replaced meanwhile.
        File.Move(Manifest(), Manifest() + CheckpointStore.Unfinished);
        Write("state", "another");
        Assert.Equal((null, ""), Look("state"));
        Publish("state");
        Assert.Equal((null, ""), Look("state"));
        Assert.DoesNotContain(Manifests(), name => name.EndsWith(CheckpointStore.Unfinished, StringComparison.Ordinal));
        Assert.True(_store.Discard(7));
        Assert.False(Directory.Exists(In("..")));
    }

    [Fact]
    public void In_a_folder_every_file_counts_and_what_lies_there_besides_does_not()
    {
        Write("epoch-4/weights.bin", new string('w', 5_000_000));
        Write("epoch-4/deep/er/optimizer.bin", "o");
        Write("epoch-4/empty", "");
        Publish("epoch-4");
        Write("epoch-4/later", "");
        Assert.Equal((null, ""), Look("epoch-4"));

        File.Delete(In("epoch-4/deep/er/optimizer.bin"));
        Assert.Equal((EndingCause.CheckpointCorrupt, "deep/er/optimizer.bin is gone"), Look("epoch-4"));
        Write("epoch-4/deep/er/optimizer.bin", "o");
        Assert.Equal((null, ""), Look("epoch-4"));
        using (var weights = new FileStream(In("epoch-4/weights.bin"), FileMode.Open))
        {
            weights.Position = 4_999_999;
            weights.WriteByte((byte)'v');
        }
        Assert.Equal((EndingCause.CheckpointCorrupt, "weights.bin has 5000000 bytes as its manifest says, but others"), Look("epoch-4"));
    }

    [Fact]
    public void Links_are_taken_as_links_and_nothing_outside_is_read()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "secret"), "one");
        Write("epoch-4/weights.bin", "w");
        File.CreateSymbolicLink(In("epoch-4/secret"), Path.Combine(outside, "secret"));
        Directory.CreateSymbolicLink(In("epoch-4/data"), outside);
        Directory.CreateSymbolicLink(In("epoch-4/self"), ".");
        File.CreateSymbolicLink(In("epoch-4/dangling"), "nowhere");
        Publish("epoch-4");

        var files = JsonNode.Parse(File.ReadAllText(Manifest()))!["files"]!.AsArray().Select(file => $"{file!["path"]} {file["link"] ?? file["size"]}");
        Assert.Equal([$"dangling nowhere", $"data {outside}", $"secret {Path.Combine(outside, "secret")}", "self .", "weights.bin 1"], files.Order(StringComparer.Ordinal));
        File.WriteAllText(Path.Combine(outside, "secret"), "changed");
        Assert.Equal((null, ""), Look("epoch-4"));

        File.Delete(In("epoch-4/secret"));
        File.CreateSymbolicLink(In("epoch-4/secret"), "/etc/passwd");
        Assert.Equal((EndingCause.CheckpointCorrupt, "secret is not the link that its manifest says"), Look("epoch-4"));

        Assert.Equal("checkpoint leaves its folder", _store.Publish(7, 1, "epoch-4/data", 5, out _));
        Directory.Delete(In("epoch-4"), recursive: true);
        Directory.CreateSymbolicLink(In("epoch-4"), outside);
        Assert.Equal((EndingCause.CheckpointMissing, "checkpoint leaves its folder"), Look("epoch-4"));
    }

    [Fact]
    public void A_link_to_a_checkpoint_beside_it_is_that_checkpoint()
    {
        Write("epoch-4", "four");
        File.CreateSymbolicLink(In("last"), "epoch-4");
        Publish("last");
        Assert.Equal((null, ""), Look("last"));
        File.WriteAllText(In("epoch-4"), "five");
        Assert.Equal((EndingCause.CheckpointCorrupt, "it has 4 bytes as its manifest says, but others"), Look("last"));
    }

    [Fact]
    public void A_manifest_that_leads_elsewhere_is_not_followed()
    {
        Write("state", "0123456789");
        Publish("state");
        var manifest = JsonNode.Parse(File.ReadAllText(Manifest()))!.AsObject();
        manifest["files"]![0]!["path"] = "../../../../../etc/passwd";
        File.WriteAllText(Manifest(), manifest.ToJsonString());
        Assert.Equal((EndingCause.CheckpointCorrupt, "../../../../../etc/passwd is gone"), Look("state"));
    }

    [Fact]
    public void A_pipe_is_no_checkpoint_and_nobody_waits_for_it()
    {
        Write("epoch-4/weights.bin", "w");
        using var made = System.Diagnostics.Process.Start("mkfifo", In("epoch-4/pipe"));
        made.WaitForExit();
        Assert.Equal("checkpoint cannot be kept: 'pipe' is no file, but a pipe or a device", _store.Publish(7, 1, "epoch-4", 4, out _));
        Assert.Empty(Manifests());
    }

    [Fact]
    public void What_it_takes_is_what_stays_when_the_ones_before_are_gone()
    {
        Write("epoch-2", new string('2', 100_000));
        Write("epoch-4/weights.bin", new string('4', 300_000));
        Write("notes", new string('n', 10_000));
        Publish("epoch-2", 2);
        var bytes = Publish("epoch-4");
        Assert.InRange(bytes, 300_000 + 10_000 + 3 * 4096, 400_000);
        Assert.True(_store.Prune(7, new CheckpointRef(1, "epoch-4", 4)));
        Assert.Equal(bytes, CheckpointFiles.Allocated(Path.GetDirectoryName(_store.FolderOf(7, 1))!));
        Assert.False(File.Exists(In("epoch-2")));
        Assert.True(File.Exists(In("notes")));
    }

    [Fact]
    public void Pruning_keeps_what_is_asked_for_what_came_later_and_what_holds_it()
    {
        foreach (var (attempt, path, resource) in new[] { (1, "a", 1), (1, "b", 2), (2, "c", 3), (3, "d", 4), (3, "e", 5), (3, "f", 6), (3, "g", 7), (4, "h", 8) })
        {
            Write(path, path, attempt);
            Publish(path, resource, attempt);
        }
        Publish(".", 3.5, 3); // All of the folder, the others included.
        Assert.True(_store.Prune(7, new CheckpointRef(3, "f", 6), [new CheckpointRef(3, "e", 5), new CheckpointRef(1, "b", 2)]));
        Assert.Equal(["1/b", "3/e", "3/f", "3/g", "4/h"],
            Enumerable.Range(1, 4).SelectMany<int, string>(attempt => !Directory.Exists(_store.FolderOf(7, attempt)) ? [] : Directory.GetFiles(_store.FolderOf(7, attempt)).Select(path => $"{attempt}/{Path.GetFileName(path)}").Order()));
        Assert.Equal((null, ""), Look("f", 3));
        Assert.Equal((null, ""), Look("e", 3));
        Assert.Equal((null, ""), Look("b"));
        Assert.Equal(EndingCause.CheckpointMissing, Look("a").Fault);
    }

    [Fact]
    public void One_that_is_gone_before_it_was_read_is_none()
    {
        Directory.CreateDirectory(_store.FolderOf(7, 1));
        Assert.Equal(CheckpointStore.Missing, _store.Publish(7, 1, "state", 4, out _));
        Assert.Empty(Manifests());
    }
}
