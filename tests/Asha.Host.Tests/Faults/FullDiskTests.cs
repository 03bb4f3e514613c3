using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.Faults;

/// <summary>The disk that a run is on is full for a while: a real one, small.</summary>
public sealed class FullDiskTests
{
    [RootFact]
    public async Task A_run_on_a_disk_that_is_full_waits_and_goes_on_and_nothing_is_lost_or_counted_twice()
    {
        // A trial that cannot write its checkpoint fails, as any trial does that stumbles over its disk; it is tried again.
        using var box = SlowTrials.Sandbox("""
            echo "begins $trial $attempt $start $target" >> "$LEDGER"
            sleep .15
            for line in 1 2 3; do echo "line $line of $trial, so long that the log is felt on a small disk ........................................................................................................................................................................................................................................................................................................................"; done
            echo $target > "$ASHA_CHECKPOINT_DIR/state" || exit 3
            echo "ends $trial $attempt $start $target" >> "$LEDGER"
            echo "@asha {\"resource\": $target, \"metric\": 0.$((trial * 7919 % 1000 + 1000)), \"checkpoint\": \"state\"}"
            """);
        using var disk = new SmallDisk(box.Runs, "3m");
        using var asha = box.StartTune("scheduler.trials=40", "slots=3", "trial.max-attempts=9");
        await asha.Until(() => SlowTrials.Lines(box, "ends") >= 6, "six trials have ended");
        var begun = SlowTrials.Lines(box, "begins");
        disk.Fill();
        await asha.Until(() => asha.Error.Contains("journal.db) cannot be written: SQLite Error 13: 'database or disk is full'. Nothing is started"), "the run says that the disk is full");
        await Task.Delay(1500);
        var still = (SlowTrials.Lines(box, "begins"), SlowTrials.Events(box));
        // Until the journal's own room was used up, it could go on.
        Assert.InRange(still.Item1 - begun, 0, 12);
        await Task.Delay(1000);
        Assert.Equal(still, (SlowTrials.Lines(box, "begins"), SlowTrials.Events(box)));
        disk.Free();
        await asha.Until(() => asha.Error.Contains("journal.db) is written again; nothing was lost"), "the run goes on");
        var result = (await asha.EndAsync()).Exits(0);
        var events = await RunAudit.Check(box);
        Assert.Equal(40, events.Count(happened => CliSandbox.KindOf(happened) == "trial-sampled.1"));
        Assert.Equal("completed", result.Json().GetProperty("outcome").GetString());
        // Whatever failed meanwhile was a trial's checkpoint, or a file that its start needs, and was made up for.
        Assert.DoesNotContain(box.Events("attempt-failed"), failed => failed.GetProperty("last").GetBoolean());
        Assert.All(box.Events("attempt-failed"), failed => Assert.Contains(failed.GetProperty("cause").GetString(), new[] { "exit", "start-failed" }));
        Assert.DoesNotContain("nhandled", File.ReadAllText(Path.Combine(box.Run, "asha.log")));
    }
}
