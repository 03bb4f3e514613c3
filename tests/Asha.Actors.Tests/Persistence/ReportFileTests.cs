using Akka.Actor;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Persistence;

/// <summary>What a node's next process finds of what the one before had reported.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("asha-reports-").FullName, "reports");
    private readonly ActorSystem _system = ActorSystem.Create("reports");
    private readonly List<string> _warnings = [];

    public void Dispose()
    {
        _system.Terminate().Wait();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public void What_was_kept_and_not_dropped_is_read_also_where_the_process_was_killed_as_it_wrote()
    {
        var (one, two, three) = (Report(1), Report(2), Report(3));
        using (var file = Open())
        {
            file.Keep(one, [one]);
            file.Keep(two, [one, two]);
            file.Drop(new DroppedReport("run", 7, 1, 1), [two]);
        }
        File.AppendAllText(_path, "kept-report.1 {\"run\":\"run\",\"slo");
        using (var again = Open())
        {
            Assert.Equal([2], Read(again));
            // Behind what was cut off.
            again.Keep(three, [two, three]);
        }
        using var last = Open();
        Assert.Contains(2, Read(last));
        last.Rewrite([two, three]);
        Assert.Equal([2, 3], Read(last));
        last.Drop(new DroppedReport("run", 7, 1, 3), []);
        Assert.Equal(0, new FileInfo(_path).Length);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void It_stays_within_its_bound_and_is_of_use_again_when_half_is_gone()
    {
        var words = new string('x', 1 << 20);
        List<KeptReport> kept = [];
        using (var file = Open())
        {
            for (var number = 1; number <= 40; number++)
            {
                kept.Add(Report(number, words));
                file.Keep(kept[^1], kept);
                Assert.True(new FileInfo(_path).Length <= ReportFile.MostBytes);
            }
            Assert.Contains("MiB of reports wait", Assert.Single(_warnings), StringComparison.Ordinal);
            while (kept.Count > 10)
            {
                var dropped = kept[0].Report;
                kept.RemoveAt(0);
                file.Drop(new DroppedReport("run", dropped.Trial, dropped.Attempt, dropped.Message), kept);
            }
        }
        using var again = Open();
        // All that are still kept are there; of what was dropped when the file was full, it may not know.
        Assert.Subset(Read(again).ToHashSet(), kept.Select(report => report.Report.Message).ToHashSet());
    }

    private static int[] Read(ReportFile file) => [.. file.Read().Select(kept => kept.Report.Message)];

    private static KeptReport Report(int message, string words = "") => new("run", 0, 5, new JobReport(7, 1, message, [], new TrialEnding(EndingCause.Exit, words)));

    private ReportFile Open() => new(_path, new AshaFormat((ExtendedActorSystem)_system), _warnings.Add);
}
