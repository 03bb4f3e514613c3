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
        Assert.Equal(lines.TakeLast(5), FailureStory.Of(result with { Broken = new ViolationException("a law", "") { Trial = 2 } }, most: 5));
    }
}
