using System.Diagnostics;
using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

/// <summary>What of a checkpoint others may read, and what is made here of what others send: no path, and no link, leads anywhere else.</summary>
public sealed class CheckpointTravelTests : IDisposable
{
    private static readonly CheckpointRef _epoch = new(1, "epoch-4", 4);

    private readonly string _there = Directory.CreateTempSubdirectory("asha-there-").FullName, _here = Directory.CreateTempSubdirectory("asha-here-").FullName;
    private readonly CheckpointStore _from, _to;
    private readonly string _folder;

    public CheckpointTravelTests()
    {
        (_from, _to) = (new CheckpointStore(_there), new CheckpointStore(_here));
        _folder = _from.MakeFolder(7, 1);
        File.WriteAllText(Path.Combine(_there, "secret"), "secret");
        Directory.CreateDirectory(Path.Combine(_folder, "epoch-4", "deep"));
        File.WriteAllText(Path.Combine(_folder, "epoch-4", "weights"), "weights");
        File.WriteAllText(Path.Combine(_folder, "epoch-4", "deep", "more"), "more");
        File.CreateSymbolicLink(Path.Combine(_folder, "epoch-4", "inside"), "weights");
        File.CreateSymbolicLink(Path.Combine(_folder, "epoch-4", "outside"), Path.Combine(_there, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "epoch-4", "up"), "../../../..");
        Assert.Null(_from.Publish(7, 1, "epoch-4", 4, out _));
    }

    public void Dispose()
    {
        Directory.Delete(_there, recursive: true);
        Directory.Delete(_here, recursive: true);
    }

    [Theory]
    [InlineData("weights", "weights")]
    [InlineData("deep/more", "more")]
    public void Its_files_are_handed_out(string file, string text)
    {
        using var opened = _from.OpenFile(7, 1, "epoch-4", file);
        Assert.Equal(text, new StreamReader(opened!).ReadToEnd());
    }

    [Theory]
    [InlineData("epoch-4", "inside")] // A link is told of in the manifest, and not followed.
    [InlineData("epoch-4", "outside")]
    [InlineData("epoch-4", "up/secret")]
    [InlineData("epoch-4", "../../../../secret")]
    [InlineData("epoch-4", "/etc/hostname")]
    [InlineData("epoch-4", "deep/../weights")]
    [InlineData("epoch-4", "deep//more")]
    [InlineData("epoch-4", "./weights")]
    [InlineData("epoch-4", "deep")]
    [InlineData("epoch-4", "")]
    [InlineData("epoch-4", "nothing")]
    [InlineData("epoch-4/weights", "")] // Not published under this name.
    [InlineData("../../../secret", "")]
    [InlineData("epoch-4/up/secret", "")]
    [InlineData("/etc/hostname", "")]
    [InlineData("", "")]
    [InlineData("epoch-4", "a\0b")]
    public void Nothing_else_is(string path, string file) => Assert.Null(_from.OpenFile(7, 1, path, file));

    [Fact]
    public void A_pipe_is_not_waited_for_and_a_folder_that_became_a_link_is_not_followed()
    {
        using (var make = Process.Start("mkfifo", [Path.Combine(_folder, "epoch-4", "pipe")]))
            make.WaitForExit();
        Assert.Null(_from.OpenFile(7, 1, "epoch-4", "pipe"));
        Directory.Move(Path.Combine(_folder, "epoch-4", "deep"), Path.Combine(_there, "moved"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "epoch-4", "deep"), Path.Combine(_there, "moved"));
        Assert.Null(_from.OpenFile(7, 1, "epoch-4", "deep/more"));
        Directory.Move(_folder, Path.Combine(_there, "attempt"));
        Directory.CreateSymbolicLink(_folder, Path.Combine(_there, "attempt"));
        Assert.Null(_from.OpenFile(7, 1, "epoch-4", "weights"));
        Assert.Null(_from.OpenManifest(7, 1, "epoch-4"));
    }

    [Theory]
    [InlineData(7, 1, "epoch-5")]
    [InlineData(7, 2, "epoch-4")]
    [InlineData(8, 1, "epoch-4")]
    [InlineData(7, 1, "../attempt-1/epoch-4")]
    public void Only_what_was_published_has_a_manifest(int trial, int attempt, string path) => Assert.Null(_from.OpenManifest(trial, attempt, path));

    [Fact]
    public void What_came_is_published_as_it_was_and_as_often_as_it_comes()
    {
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(time > 0, _to.Has(7, _epoch));
            Take(_from.OpenManifest(7, 1, "epoch-4")!, file => new StreamReader(_from.OpenFile(7, 1, "epoch-4", file)!).ReadToEnd());
            Assert.NotNull(_to.Verify(7, _epoch, CancellationToken.None).Path);
        }
        var place = Path.Combine(_to.FolderOf(7, 1), "epoch-4");
        Assert.Equal("more", File.ReadAllText(Path.Combine(place, "deep", "more")));
        Assert.Equal("weights", new FileInfo(Path.Combine(place, "inside")).LinkTarget);
        Assert.Equal("../../../..", new FileInfo(Path.Combine(place, "up")).LinkTarget);
        Assert.Empty(Directory.EnumerateFileSystemEntries(CheckpointIntake.FolderOf(_here)));
    }

    [Fact]
    public void A_checkpoint_that_is_one_file_travels_too()
    {
        File.WriteAllText(Path.Combine(_folder, "a file: ünïcode %2e?&"), "one");
        var one = new CheckpointRef(1, "a file: ünïcode %2e?&", 5);
        Assert.Null(_from.Publish(7, 1, one.Path, 5, out _));
        Take(_from.OpenManifest(7, 1, one.Path)!, file => new StreamReader(_from.OpenFile(7, 1, one.Path, file)!).ReadToEnd(), one);
        Assert.Equal("one", File.ReadAllText(_to.Find(7, one)!));
    }

    [Fact]
    public void What_differs_from_its_manifest_is_not_published()
    {
        Assert.Throws<CheckpointDiffersException>(() => Take(_from.OpenManifest(7, 1, "epoch-4")!, file => file == "weights" ? "WEIGHTS" : "more"));
        Assert.False(_to.Has(7, _epoch));
        Assert.Null(_to.Find(7, _epoch));
    }

    private static string Manifest(string files, string checkpoint = "epoch-4") => $$"""{"version":1,"checkpoint":"{{checkpoint}}","resource":4,"hash":"xxh128","files":[{{files}}]}""";

    [Theory]
    [InlineData("""{"path":"../../x","size":1,"hash":"aa"}""")]
    [InlineData("""{"path":"/tmp/x","size":1,"hash":"aa"}""")]
    [InlineData("""{"path":"a/../../x","size":1,"hash":"aa"}""")]
    [InlineData("""{"path":"a//x","size":1,"hash":"aa"}""")]
    [InlineData("""{"path":"./x","size":1,"hash":"aa"}""")]
    [InlineData("""{"path":"","link":"/etc"}""")]
    [InlineData("""{"path":"","size":1,"hash":"aa"},{"path":"x","size":1,"hash":"aa"}""")]
    [InlineData("""{"path":"a","link":"/tmp"},{"path":"a/x","size":1,"hash":"aa"}""")] // It would be written to /tmp.
    [InlineData("""{"path":"a","size":1,"hash":"aa"},{"path":"a","link":"/tmp"}""")]
    [InlineData("""{"path":"a","size":-1,"hash":"aa"}""")]
    [InlineData("""{"path":"a"}""")]
    [InlineData("""{"path":"a","size":1,"hash":"aa","link":"b"}""")]
    public void A_manifest_that_leads_elsewhere_is_not_believed(string files)
    {
        using var intake = new CheckpointIntake(_to, _here, 7, _epoch, 2);
        intake.Begin();
        using (var to = intake.CreateManifest())
            to.Write(System.Text.Encoding.UTF8.GetBytes(Manifest(files)));
        // Before anything is written where it says.
        Assert.Throws<CheckpointDiffersException>(intake.ReadManifest);
    }

    [Fact]
    public void Neither_is_one_of_another_checkpoint_nor_something_else()
    {
        Assert.Throws<CheckpointDiffersException>(() => Take(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Manifest("", "epoch-5"))), _ => "x"));
        Assert.Throws<CheckpointDiffersException>(() => Take(new MemoryStream("<html>"u8.ToArray()), _ => "x"));
        Assert.False(_to.Has(7, _epoch));
    }

    private void Take(Stream manifest, Func<string, string> content, CheckpointRef? checkpoint = null)
    {
        using var intake = new CheckpointIntake(_to, _here, 7, checkpoint ?? _epoch, 2);
        intake.Begin();
        using (var to = intake.CreateManifest())
        using (manifest)
            manifest.CopyTo(to);
        foreach (var (path, _) in intake.ReadManifest())
        {
            using var to = new StreamWriter(intake.Create(path));
            to.Write(content(path));
        }
        intake.Publish();
    }
}
