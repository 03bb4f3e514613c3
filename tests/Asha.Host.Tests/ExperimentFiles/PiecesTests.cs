using Asha.Host.ExperimentFiles;
using CsCheck;

namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>Spelling, durations and names of peers.</summary>
public class PiecesTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("seed", "seed", 0)]
    [InlineData("sede", "seed", 1)]
    [InlineData("ahsa", "asha", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_what_must_be_changed(string from, string to, int distance)
    {
        Assert.Equal(distance, Spelling.Distance(from, to));
        Assert.Equal(distance, Spelling.Distance(to, from));
    }

    [Theory]
    [InlineData("reduction_factor", "reduction-factor")]
    [InlineData("Seed", "seed")]
    [InlineData("rediction-fator", "reduction-factor")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void Only_a_near_word_is_suggested(string word, string? expected)
        => Assert.Equal(expected, Spelling.Nearest(word, ["seed", "reduction-factor", "slots"]));

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("1h30m", 5400)]
    [InlineData("1m5ms", 60.005)]
    public void Durations_are_read(string text, double seconds) => Assert.Equal(TimeSpan.FromMilliseconds(seconds * 1000), Durations.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("1.5h")]
    [InlineData("-1s")]
    [InlineData("1 h")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("1S")]
    [InlineData("1h\n")]
    [InlineData("9999999999999s")]
    public void Other_texts_are_no_durations(string text) => Assert.Null(Durations.Parse(text));

    [Theory]
    [InlineData("0B", 0)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("3kB", 3000)]
    [InlineData("3KiB", 3072)]
    [InlineData("2gib", 2L << 30)]
    [InlineData("1000PB", 1_000_000_000_000_000_000)]
    public void Sizes_are_read(string text, long bytes) => Assert.Equal(bytes, Sizes.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("1.5GB")]
    [InlineData("-1GB")]
    [InlineData("1 GB")]
    [InlineData("1G")]
    [InlineData("1GB\n")]
    [InlineData("1001PB")]
    [InlineData("9999999999999999999B")]
    public void Other_texts_are_no_sizes(string text) => Assert.Null(Sizes.Parse(text));

    [Fact]
    public void A_size_is_written_so_that_it_reads_back() => Gen.Long[0, 1_000_000_000_000_000_000].Sample(size => Sizes.Parse(Sizes.Format(size)) == size && Sizes.Parse(Sizes.Format(size / 1024 * 1024)) == size / 1024 * 1024);

    [Fact]
    public void A_duration_is_written_so_that_it_reads_back()
        => Gen.Long[1, (long)Durations.Longest.TotalMilliseconds].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))
            .Sample(duration => Durations.Parse(Durations.Format(duration)) == duration);

    [Theory]
    [InlineData("resource", "max_t", "max")]
    [InlineData("scheduler", "maxT", "resource.max")]
    [InlineData("resource", "r", "min")]
    [InlineData("resource", "R", "max")]
    [InlineData("space.momentum", "low", "min")]
    [InlineData("space", "low", null)]
    [InlineData("", "num_samples", "scheduler.trials")]
    [InlineData("", "nonsense", null)]
    public void Names_of_peers_lead_to_ours(string map, string key, string? expected) => Assert.Equal(expected, PeerNames.Keys.Find(map, key));
}
