using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Tests.Execution;

/// <summary>The table "What a trial gets" of docs/trial-protocol.md.</summary>
public sealed class TrialContextTests : IDisposable
{
    private static readonly Configuration _configuration = new(
    [
        new("learning-rate", ParameterValue.Of(1e-05)), new("layers", ParameterValue.Of(3L)),
        new("opt", ParameterValue.Of("a \"b\" é")), new("bias", ParameterValue.Of(false)),
    ]);

    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    private string Params => Path.Combine(_box.RunFolder, "params", "trial-000012.json");

    private string Attempt(int attempt) => Path.Combine(_box.RunFolder, "checkpoints", "trial-000012", $"attempt-{attempt}");

    private static TrialLaunch Launch() => new()
    {
        Trial = 12, Attempt = 1, Seed = long.MaxValue, Configuration = _configuration, Start = 0, Target = 0.1 + 0.2,
        Cpus = [2, 3], Gpus = ["4", "GPU-8f6c"],
    };

    [Fact]
    public async Task The_environment_is_as_the_protocol_says()
    {
        var got = await Environment(Launch(), new TrialSpec { Command = [], Directory = "" });
        Assert.Equal(new SortedDictionary<string, string>
        {
            ["ASHA_PROTOCOL"] = "1",
            ["ASHA_EXPERIMENT_ID"] = "test-20261124-101500",
            ["ASHA_TRIAL_ID"] = "12",
            ["ASHA_ATTEMPT"] = "1",
            ["ASHA_RETRY_REASON"] = "",
            ["ASHA_SEED"] = "9223372036854775807",
            ["ASHA_PARAMS_FILE"] = Params,
            ["ASHA_PARAM_LEARNING_RATE"] = "1E-05",
            ["ASHA_PARAM_LAYERS"] = "3",
            ["ASHA_PARAM_OPT"] = "a \"b\" é",
            ["ASHA_PARAM_BIAS"] = "false",
            ["ASHA_START_RESOURCE"] = "0",
            ["ASHA_TARGET_RESOURCE"] = "0.30000000000000004",
            ["ASHA_CHECKPOINT_DIR"] = Attempt(1),
            ["ASHA_RESUME_FROM"] = "",
            ["ASHA_CPUS"] = "2,3",
            ["ASHA_TOKEN"] = $"{_box.Token}:12:1",
        }, got);
        Assert.Equal("""
            {
              "learning-rate": 1E-05,
              "layers": 3,
              "opt": "a \"b\" é",
              "bias": false
            }
            """, File.ReadAllText(Params));
        // Nothing was published as a checkpoint, so nothing of the folder is kept.
        Assert.False(Directory.Exists(Attempt(1)));
    }

    [Fact]
    public async Task A_retry_resumes_and_knows_why()
    {
        Directory.CreateDirectory(Attempt(1));
        File.WriteAllText(Path.Combine(Attempt(1), "epoch-3"), "");
        var got = await Environment(
            Launch() with { Attempt = 2, RetryReason = "crash", Resume = new CheckpointRef(1, "epoch-3", 3), Start = 3, Target = 9 },
            new TrialSpec { Command = [], Directory = "", Gpus = 2, Env = new Dictionary<string, string> { ["ASHA_TRIAL_ID"] = "no", ["ASHA_PARAM_X"] = "mine" } });
        Assert.Equal("crash", got["ASHA_RETRY_REASON"]);
        Assert.Equal("3", got["ASHA_START_RESOURCE"]);
        Assert.Equal(Path.Combine(Attempt(1), "epoch-3"), got["ASHA_RESUME_FROM"]);
        Assert.Equal(Attempt(2), got["ASHA_CHECKPOINT_DIR"]);
        Assert.Equal("4,GPU-8f6c", got["CUDA_VISIBLE_DEVICES"]);
        Assert.Equal("12", got["ASHA_TRIAL_ID"]);
        Assert.Equal("mine", got["ASHA_PARAM_X"]);
    }

    [Fact]
    public async Task The_command_has_its_placeholders_replaced_each_element_one_argument()
    {
        _box.Script("#!/bin/bash\nprintf '<%s>\\n' \"$@\"\npwd\n", "args.sh");
        await _box.Run(new TrialSpec
        {
            Command = ["./args.sh", "--lr={learning-rate}", "{opt}", "{momentum}", "-m={momentum}", "{{{layers}}}", "{bias} $HOME *",
                "{asha:trial}/{asha:attempt}/{asha:seed}/{asha:start}/{asha:target}", "{asha:checkpoint-dir}", "{asha:resume-from}", "{asha:params-file}"],
            Directory = _box.Scripts,
        }, Launch());
        Assert.Contains($$"""
            <--lr=1E-05>
            <a "b" é>
            <>
            <-m=>
            <{3}>
            <false $HOME *>
            <12/1/9223372036854775807/0/0.30000000000000004>
            <{{Attempt(1)}}>
            <>
            <{{Params}}>
            {{_box.Scripts}}

            """, _box.Log(12));
    }

    [Theory]
    [InlineData("{lr}", null)]
    [InlineData("a{{b}}c{{{lr}}}", null)]
    [InlineData("{asha:seed}", null)]
    [InlineData("{momentum}", "{momentum} names no parameter")]
    [InlineData("{asha:gpu}", "{asha:gpu} is no placeholder; there are asha:trial, asha:attempt, asha:seed, asha:start, asha:target, asha:checkpoint-dir, asha:resume-from, asha:params-file")]
    [InlineData("{", "a brace stands alone in '{'; write {{ or }} for a brace")]
    [InlineData("}", "a brace stands alone in '}'; write {{ or }} for a brace")]
    [InlineData("{}", "a brace stands alone in '{}'; write {{ or }} for a brace")]
    [InlineData("{lr}}", "a brace stands alone in '{lr}}'; write {{ or }} for a brace")]
    [InlineData("{lr{lr}", "a brace stands alone in '{lr{lr}'; write {{ or }} for a brace")]
    public void A_wrong_placeholder_is_found_before_anything_runs(string argument, string? problem)
        => Assert.Equal(problem, CommandTemplate.Problem(["train", argument], new HashSet<string> { "lr" }));

    private async Task<SortedDictionary<string, string>> Environment(TrialLaunch launch, TrialSpec spec)
    {
        var command = _box.Bash("env -0 > environment");
        Assert.Equal(EndingCause.Exited, (await _box.Run(spec with { Command = command.Command, Directory = command.Directory }, launch)).Cause);
        return new(File.ReadAllText(Path.Combine(_box.Scripts, "environment")).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('=', 2)).Where(entry => entry[0].StartsWith("ASHA_") || entry[0].StartsWith("CUDA_VISIBLE"))
            .ToDictionary(entry => entry[0], entry => entry[1]));
    }
}
