using Asha.Core.Utilization;
using Asha.TestKit;
using Xunit;

namespace MyProject.Tests;

/// <summary>A recorded run: 64 trials on ten slots, η = 4, a second an epoch, ASHA.</summary>
public sealed class RecordedRunTests : AshaTestKit
{
    // Any run's events.jsonl; this one: asha simulate examples/scenarios/seed-note.yaml --set scheduler.type=asha --events night.jsonl
    private static readonly Recording _night = Recording.Read(Path.Combine(AppContext.BaseDirectory, "night.jsonl"));

    [Fact]
    public void This_version_decides_as_that_one_did() => _night.AssertDecidedAgain();

    [Fact]
    public void Run_again_it_takes_as_long()
    {
        var run = Run(Scenario.Of(_night));
        run.AssertEnd(at: 71);
        Assert.Equal(0, run.UnknownResults);
    }

    [Fact]
    public void Sha_would_have_waited_at_its_rungs()
    {
        var run = Run(Scenario.Sha(trials: 64).InWorldOf(_night));

        // Waves of ten: 64 jobs of 1 s take 7, 16 of 3 s take 2, then 4 of 12 s and 1 of 48 s: 7·1 + 2·3 + 12 + 48.
        run.AssertEnd(at: 73);
        // In the last wave of the first rung six slots wait 1 s; of the second rung, four wait 3 s; of the third, six wait 12 s. In the last rung there is nothing left to wait for.
        run.AssertIdleTime(IdleCause.RungBarrier, slotSeconds: 6 * 1 + 4 * 3 + 6 * 12);
        // ASHA has trained all that SHA would have.
        Assert.Equal(0, run.UnknownResults);
    }

    [Fact]
    public void With_a_slot_for_each_trial_it_would_have_taken_as_long_as_its_longest()
        => Run(Scenario.Sha(trials: 64).InWorldOf(_night).Slots(64)).AssertEnd(at: 64);
}
