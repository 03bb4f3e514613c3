using System.Text.Json;
using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>The logs of processes that tune an experiment, as a program reads them: each line an object, and one trial's story to be found in them by its name.</summary>
public sealed class StructuredLogTests(ITestOutputHelper print)
{
    /// <summary>The second trial's first attempt fails; what it prints is nobody else's.</summary>
    private const string FailsOnce = """
        if [ "$ASHA_TRIAL_ID" = 1 ] && [ "$ASHA_ATTEMPT" = 1 ]; then echo "a-secret-of-the-trial" >&2; exit 3; fi
        echo "@asha {\"resource\": $ASHA_TARGET_RESOURCE, \"metric\": $ASHA_PARAM_X}"
        """;

    [Fact]
    public async Task A_failed_attempt_is_found_on_its_node_and_its_coordinator_by_experiment_trial_and_attempt()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1, isPlain: true) { Settings = ["--log-format", "json", "--log-to", "stdout", "--log-level", "debug"] };
        var (coordinator, node) = (cluster.StartCoordinator(0), cluster.StartNode("node-a", 2));
        var run = await TuneAsync(cluster, coordinator);
        node.Signal("TERM");
        Assert.Equal(0, (await node.EndAsync(Member.Patience)).Code);
        coordinator.Signal("TERM");
        Assert.Equal(0, (await coordinator.EndAsync(Member.Patience)).Code);

        var (there, here) = (JsonLog.Read(node.Said), JsonLog.Read(coordinator.Said));
        Assert.All(there, happened => Assert.Equal(("node-a", "node"), Who(happened)));
        Assert.All(here, happened => Assert.Equal(($"127.0.0.1:{coordinator.Port}", "coordinator"), Who(happened)));
        Assert.All(there.Concat(here), happened => Assert.True(happened.GetProperty("@t").TryGetDateTimeOffset(out _)));
        (string, object)[] attempt = [("Experiment", run), ("Trial", 1), ("Attempt", 1)];
        // Where it ran: its start, and why it failed; what it printed is in its own log alone.
        Assert.Equal([("Debug", ""), ("Warning", "exit")], there.With(attempt).Select(happened => (happened.Level(), Cause(happened))));
        Assert.Equal($"{run}: trial 1, attempt 1 failed: exit (exit code 3)", there.With([.. attempt, ("Cause", "exit")])[0].Words());
        // Who decided about it: that it was given to the node, and that it is tried again.
        Assert.Equal([("Debug", ""), ("Warning", "exit")], here.With([.. attempt, ("OnNode", "node-a")]).Select(happened => (happened.Level(), Cause(happened))));
        Assert.Contains("it is tried again", here.With([.. attempt, ("Cause", "exit")])[0].Words(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-of-the-trial", node.Said + coordinator.Said, StringComparison.Ordinal);
        // The next one is another, and the run has a beginning and an end.
        Assert.Equal(["starts", "completed"], here.With(("Experiment", run), ("Trial", 1), ("Attempt", 2)).Select(happened => happened.Words().Contains("starts", StringComparison.Ordinal) ? "starts" : "completed"));
        Assert.Equal([$"{run}: begins (Asha)", $"{run}: ended: completed"], here.With(("Experiment", run), ("SourceContext", "Asha.Cluster.Coordinators.ExperimentHost")).Where(happened => happened.Level() == "Information" && !happened.TryGetProperty("Slot", out _)).Select(JsonLog.Words));
        // What people are told is in it, too.
        Assert.Contains(here, happened => happened.Words().StartsWith("API on http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(there, happened => happened.Words() == "in the cluster" && happened.GetProperty("SourceContext").GetString() == "Asha.Member");
    }

    [Fact]
    public async Task In_a_file_with_another_level_people_read_text_as_before_and_only_what_is_wrong_is_logged()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1) { Settings = ["--log-format", "json", "--log-level", "warning"] };
        var token = Path.Combine(cluster.Folder, "token");
        const string Token = "0123456789abcdef-\"-this-is-a-secret";
        await File.WriteAllTextAsync(token, Token);
        var file = Path.Combine(cluster.Folder, "elsewhere.log");
        var (coordinator, node) = (cluster.StartCoordinator(0, "--token-file", token), cluster.StartNode("node-a", 2, [], "--log-to", file));
        var run = await TuneAsync(cluster, coordinator);
        Assert.Contains("\nin the cluster\n", node.Said, StringComparison.Ordinal);
        var (there, here) = (JsonLog.Read(await File.ReadAllTextAsync(file)), JsonLog.Read(coordinator.Log));
        Assert.Equal("", node.Log);
        Assert.Single(there.With(("Experiment", run), ("Trial", 1), ("Attempt", 1)));
        Assert.Single(here.With(("Experiment", run), ("Trial", 1), ("Attempt", 1)));
        Assert.All(there.Concat(here), happened => Assert.Contains(happened.Level(), (string[])["Warning", "Error"]));
        Assert.DoesNotContain("this-is-a-secret", coordinator.Log + coordinator.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_the_settings_of_the_log_is_said_and_ends_with_exit_code_2()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1, isPlain: true);
        var config = Path.Combine(cluster.Folder, "node.yaml");
        await File.WriteAllTextAsync(config, "join: 127.0.0.1:7600\ninsecure: true\nlog-level: info\nlog-format: xml\n");
        await Task.WhenAll(
            SaysAsync(cluster, "level", ["--log-level", "loud"], "asha: --log-level: must be one of trace, debug, information, warning, error, but is 'loud'"),
            SaysAsync(cluster, "format", ["--log-format", "jsn"], "did you mean 'json'?"),
            SaysAsync(cluster, "folder", ["--log-to", "/nowhere/asha.log"], "log-to: /nowhere/asha.log: cannot be written: there is no such folder"),
            SaysAsync(cluster, "no-file", ["--log-to", cluster.Folder], "cannot be written"),
            SaysAsync(cluster, "config", ["--config", config], "node.yaml:3:12: log-level: must be one of trace, debug, information, warning, error, but is 'info'; in Asha this is 'information'"));
    }

    [Fact]
    public async Task Whoever_is_refused_for_its_certificate_reads_why_in_a_line_and_no_stack_trace()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1) { Settings = ["--log-format", "json", "--log-to", "stdout"] };
        var coordinator = cluster.StartCoordinator(0);
        await coordinator.SaysAsync("1 of 1 coordinators up", Member.Patience);
        var other = new TestAuthority(Path.Combine(cluster.Folder, "other"), "other").Issue("foreign");
        var both = Path.Combine(cluster.Folder, "both.pem");
        await File.WriteAllTextAsync(both, await File.ReadAllTextAsync(other.Ca) + "\n" + await File.ReadAllTextAsync(cluster.Authority.Ca));
        var refusing = cluster.StartOther("refusing", ["node", "--join", cluster.Join, .. ProcessCluster.Tls(other)]);
        var refused = cluster.StartOther("refused", ["node", "--join", cluster.Join, .. ProcessCluster.Tls(other with { Ca = both })]);
        await refusing.SaysAsync($"not let in: this process refuses {cluster.Join}: its certificate was not issued by the CA", Member.Patience);
        await refused.SaysAsync($"not let in: {cluster.Join} does not go on with the connection; most likely it does not take this process's certificate", Member.Patience);
        await coordinator.SaysAsync("its certificate was not issued by the CA: its issuer is CN=Asha test other", Member.Patience);
        foreach (var member in new[] { refusing, refused })
        {
            member.Signal("TERM");
            await member.EndAsync(Member.Patience);
            Assert.DoesNotContain("Exception", member.Said, StringComparison.Ordinal);
            Assert.DoesNotContain("no coordinator can be reached", member.Said, StringComparison.Ordinal); // It can; it is refused, or refuses.
            Assert.DoesNotContain("\n ", member.Said, StringComparison.Ordinal); // Whatever goes on over several lines.
        }
        Assert.All(JsonLog.Read(coordinator.Said), happened => Assert.False(happened.TryGetProperty("@x", out _), happened.Words()));
    }

    private async Task<string> TuneAsync(ProcessCluster cluster, Member coordinator)
    {
        await coordinator.SaysAsync("1 of 1 coordinators up, 1 node", Member.Patience);
        await cluster.KnowsAsync("node-a");
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("logged", cluster.Experiment("logged", 3, FailsOnce)))).Run;
        Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);
        print.WriteLine(run);
        return run;
    }

    private static async Task SaysAsync(ProcessCluster cluster, string name, string[] arguments, string reason)
    {
        var member = cluster.StartOther(name, ["node", "--insecure", "--join", cluster.Join, .. arguments]);
        Assert.Equal(2, (await member.EndAsync(TimeSpan.FromSeconds(60))).Code);
        Assert.Contains(reason, member.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", member.Said, StringComparison.Ordinal);
    }

    private static (string?, string?) Who(JsonElement happened) => (happened.GetProperty("Node").GetString(), happened.GetProperty("Role").GetString());

    private static string Cause(JsonElement happened) => happened.TryGetProperty("Cause", out var cause) ? cause.GetString()! : "";
}
