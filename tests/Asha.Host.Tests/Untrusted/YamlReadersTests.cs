using System.Text;
using Asha.Host.ExperimentFiles;
using Asha.Host.Scenarios;
using Asha.Host.Tests.ExperimentFiles;
using Asha.Untrusted;
using CsCheck;

namespace Asha.Host.Tests.Untrusted;

/// <summary>Each reader of YAML: the file of an experiment, of a scenario, of a comparison, of a sweep. The first has more of it in <see cref="ExperimentFiles.FuzzTests"/>.</summary>
public sealed class YamlReadersTests : IDisposable
{
    private const string World = """
        name: nodes
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 64}
        scheduler: {type: asha, reduction-factor: 4, trials: 256}
        space:
          layers: {type: int, min: 1, max: 4}
          width: {type: log-uniform, min: 1, max: 4}
        world:
          nodes:
            - {count: 2, slots: 4, speed: 2}
            - {slots: 4, slow: {from: 10m, factor: 3}}
            - {count: 4, failures: {mean-time-between: 15m, repair: 2m}, removed-after: 30s}
          curve: {type: power-law, noise: 0.01}
          seconds-per-unit: {base: 2, powers: {layers: 1, width: 1}}
          stragglers: {sigma: 0.56}
          drops: 0.0005
          start-up: 5s
          horizon: 24h
          repetitions: 3
        compare: [{type: sha, trials: 64, repeat: sequential}, {type: asha}]
        sweep: {world.drops: [0, 0.1], world.stragglers.sigma: [0.1, 0.5]}

        """;

    private const string Table = """
        name: table
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 4}
        scheduler: {reduction-factor: 4}
        stop: {after: 1h}
        compare: [{type: sha}, {type: asha}]
        sweep: {world.slots: [1, 2, 3]}
        world: {slots: 1, table: curves.csv}

        """;

    private static readonly byte[][] _valid = [Encoding.UTF8.GetBytes(World), Encoding.UTF8.GetBytes(Table)];

    /// <summary>Words and marks of YAML, and numbers that are too large for what they are for.</summary>
    private static readonly string[] _words =
    [
        "0", "-1", "1", "1e308", "1e999", "-1e999", ".nan", ".inf", "99999999999999999999999999", "2147483647", "0x7fffffffffffffff", "1_000", "9999999h", "1e9d", "-5s", "0s", "~", "[]", "{}", "[[]]", "[1, 2]", "{a: 1}", "&a", "*a", "!!binary x", "!<tag:x> y",
        "<<", "\t", "\u0007", "\u0085", "\u2029", "\ufeff", "'", "\"", "|", ">-", "? ", ": ", "/dev/zero", "../../../etc/passwd", "curves.csv", "x.csv.gz", "sha", "asha", "stopping", "world", "world.slots", "sweep", "compare", "''",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-yaml-").FullName;

    public YamlReadersTests() => File.WriteAllText(Path.Combine(_folder, "curves.csv"), "trial,resource,metric,seconds\n0,1,1,1\n0,4,1,1\n1,1,1,1\n1,4,1,1\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void ReadAll(byte[] bytes)
    {
        var path = Path.Combine(_folder, "file.yaml");
        File.WriteAllBytes(path, bytes);
        var experiment = ExperimentFile.Load(path, [], Files.Machine);
        Assert.Equal(experiment.Spec is null, experiment.Problems.Count > 0);
        var scenario = ScenarioFile.Load(path, []);
        Assert.Equal(scenario.Scenario is null, scenario.Problems.Count > 0);
        var comparison = ComparisonFile.Load(path, [], null);
        Assert.Equal(comparison.Contenders.Count == 0, comparison.Problems.Count > 0);
        var sweep = SweepFile.Load(path, [], [], null);
        Assert.True(sweep.Cells.Count > 0 || sweep.Problems.Count > 0);
        Assert.All(experiment.Problems.Concat(scenario.Problems).Concat(comparison.Problems).Concat(sweep.Problems), problem => Assert.NotEmpty(problem.Message));
    }

    [Fact]
    public void A_file_with_bytes_changed_is_read_or_refused()
        => Mutations.OfBytes(_valid).Sample(bytes => Fuzz.Bounded(bytes.Length, () => ReadAll(bytes), fixedBytes: 64 << 20), iter: Fuzz.Cases(250), threads: 1);

    [Fact]
    public void A_file_with_words_changed_is_read_or_refused()
        => Gen.Select(Gen.OneOfConst(World, Table), Gen.Select(Gen.Double[0, 1], Gen.OneOfConst(_words)).Array[1, 3]).Sample((text, changes) =>
        {
            var changed = changes.Aggregate(text, (now, change) =>
            {
                var words = System.Text.RegularExpressions.Regex.Matches(now, "[A-Za-z0-9][A-Za-z0-9.-]*");
                var word = words[(int)(change.Item1 * (words.Count - 1))];
                return now.Remove(word.Index, word.Length).Insert(word.Index, change.Item2);
            });
            Fuzz.Bounded(changed.Length, () => ReadAll(Encoding.UTF8.GetBytes(changed)), fixedBytes: 64 << 20);
        }, iter: Fuzz.Cases(500), threads: 1);

    public static TheoryData<string, string, string, int> Bombs() => new()
    {
        { "a: &a [x, x, x, x, x, x, x, x, x]\n", "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n", "", 1000 },
        { "", "[", "", 1_000_000 },
        { "a: ", "{a: ", "", 250_000 },
        { "", "- ", "", 500_000 },
        { "", "? ", "", 500_000 },
        { "", "!", "", 1_000_000 },
        { "", "&a ", "", 300_000 },
        { "", "- &a x\n", "", 100_000 },
        { "", "a: 1\n", "", 200_000 },
        { "a: [", "x, ", "]", 330_000 },
        { "a: {", "x, ", "}", 330_000 },
        { "a: \"", "\\x41", "\"", 250_000 },
        { "a: \"", "\n", "\"", 900_000 },
        { "a: |\n", " x\n", "", 300_000 },
        { "", "#\n", "", 500_000 },
        { "", "\n", "", 1_000_000 },
        { "", "---\n", "", 250_000 },
        { "", "%YAML 1.1\n", "", 90_000 },
        { "", "'", "", 1_000_000 },
        { "seed: ", "9", "", 1_000_000 },
        { "seed: 0.", "0", "1", 900_000 },
        { "", "x", ": 1", 1_000_000 },
        { "compare: [", "{type: sha}, ", "]", 80_000 },
        { "sweep: {", "world.slots: [1], ", "}", 55_000 },
        { "space: {", "x: {}, ", "}", 140_000 },
        { "initial: [", "{x: 1}, ", "]", 120_000 },
        { "world: {nodes: [", "{slots: 1}, ", "]}", 80_000 },
        { "a: 1", "\r", "", 1_000_000 },
        { "", "\u2028", "", 300_000 },
        { "name: ", "\ud83d\ude00", "", 250_000 },
        { "", "x", "", 3_000_000 },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_file_of_a_mebibyte_of_the_same_is_told_of_in_bounded_time_and_memory(string start, string repeated, string end, int times)
    {
        var bytes = Encoding.UTF8.GetBytes(start + string.Concat(Enumerable.Repeat(repeated, times)) + end);
        Fuzz.Bounded(bytes.Length, () => ReadAll(bytes), fixedBytes: 64 << 20, perByte: 4000);
    }
}
