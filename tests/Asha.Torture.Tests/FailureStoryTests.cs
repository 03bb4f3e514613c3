using Asha.Torture.Campaign;
using Asha.Torture.Invariants;
using Asha.Torture.World;

namespace Asha.Torture.Tests;

/// <summary>What is told of a failure is about the trial concerned.</summary>
public sealed class FailureStoryTests
{
    [Fact]
    public void A_story_is_of_its_trial_and_of_what_the_world_did_meanwhile()
    {
        var result = TortureRun.Of(new TortureCase(3) { Trials = 12 });
        Assert.Null(result.Broken);
        var lines = FailureStory.Of(result with { Broken = new ViolationException("a law", "") { Trial = 2 } }, most: 1000);
        Assert.Contains(lines, line => line.Text.StartsWith("journal: trial 2 starts on slot", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Text.Contains("< StartJob 2.1", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Trial == 2 || (line.Trial is null && line.IsOfNote), line.ToString()));
        Assert.Equal(lines.OrderBy(line => line.Time), lines);
        Assert.Equal(lines.TakeLast(5).Select(line => line.ToString()), FailureStory.Of(result with { Broken = new ViolationException("a law", "") { Trial = 2 } }, most: 5).Select(line => line.ToString()));
    }

    [Fact]
    public void One_of_a_slot_is_of_what_ran_there_and_not_of_other_slots()
    {
        // The first seed in which the slot had a report of a trial, and trial 2 was elsewhere.
        var result = Enumerable.Range(0, 50).Select(seed => TortureRun.Of(new TortureCase(seed) { Trials = 12 })).First(
            one => Story(one, null).Any(line => line.Text.Contains("< NodeReport", StringComparison.Ordinal)) && Story(one, 2).Any(line => line.Trial == 2 && !line.Slots.Contains(1)));
        var lines = Story(result, null);
        Assert.Contains(lines, line => line.Text.StartsWith("journal: slot 1 joins", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Text.Contains("starts on slot 1,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Text.Contains("< StartJob", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Text.Contains("< NodeReport", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Slots.Contains(1) || (line.Trial is null && line.Slots.Count == 0 && line.IsOfNote), line.ToString()));
        var both = Story(result, 2);
        Assert.Contains(both, line => line.Trial == 2 && !line.Slots.Contains(1));
        Assert.Contains(both, line => line.Trial != 2 && line.Slots.Contains(1));
        Assert.All(both, line => Assert.True(line.Trial == 2 || line.Slots.Contains(1) || (line.Trial is null && line.Slots.Count == 0 && line.IsOfNote), line.ToString()));
    }

    private static IReadOnlyList<TraceLine> Story(TortureResult result, int? trial)
        => FailureStory.Of(result with { Broken = new ViolationException("a law", "") { Trial = trial, Slot = 1 } }, most: 10_000);

    [Fact]
    public void It_is_told_in_words_without_types_and_numbers_of_actors()
    {
        var lines = new List<TraceLine>();
        for (var seed = 0; seed < 3; seed++)
            TortureRun.Of(new TortureCase(seed), lines.Add);
        Assert.All(lines, line => Assert.DoesNotMatch(@"akka://|#-?\d|System\.|Asha\.|Akka\.|`\d| \{ ", line.Text));
    }
}
