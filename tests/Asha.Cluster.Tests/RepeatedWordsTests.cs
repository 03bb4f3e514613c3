using Asha.Cluster.Logs;

namespace Asha.Cluster.Tests;

/// <summary>What a log says again and again.</summary>
public sealed class RepeatedWordsTests
{
    [Fact]
    public void Words_are_said_once_a_minute_each_for_itself()
    {
        var (words, zero) = (new RepeatedWords(), DateTime.UnixEpoch);
        bool[] said = [.. new[] { 0, 1, 59, 60, 61, 119.9, 120 }.Select(at => words.IsNews("refused", zero.AddSeconds(at)))];
        Assert.Equal([true, false, false, true, false, false, true], said);
        Assert.True(words.IsNews("something else", zero.AddSeconds(120)));
        Assert.False(words.IsNews("refused", zero.AddSeconds(120)));
    }

    [Fact]
    public void Words_that_are_always_new_are_not_kept_for_ever_and_all_said()
    {
        var words = new RepeatedWords();
        Assert.All(Enumerable.Range(0, 5000), at => Assert.True(words.IsNews($"{at}", DateTime.UnixEpoch)));
        Assert.True(words.IsNews("0", DateTime.UnixEpoch));
    }
}
