using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;

namespace Asha.Cluster.Tests;

/// <summary>What the registry makes of a command, in each phase of a run.</summary>
public sealed class RunDecisionsTests
{
    private const string Run = "digits-20261126-120000";

    private static readonly DateTimeOffset _now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The phases, each by what led to it.</summary>
    private static readonly Dictionary<string, IRegistryEvent[]> _phases = new()
    {
        ["open"] = [],
        ["pausing"] = [new RunEndAsked(Run, FinalOutcome.Paused)],
        ["cancelling"] = [new RunEndAsked(Run, FinalOutcome.Cancelled)],
        ["paused"] = [new RunEndAsked(Run, FinalOutcome.Paused), new RunSettled(Run, FinalOutcome.Paused, "")],
        ["over"] = [new RunSettled(Run, "completed", "")],
    };

    [Theory]
    [InlineData("open", "pause", "ask")]
    [InlineData("open", "cancel", "ask")]
    [InlineData("open", "resume", "it is not paused")]
    [InlineData("open", "ended paused", "settle")]
    [InlineData("pausing", "pause", "done")]
    [InlineData("pausing", "cancel", "ask")]
    [InlineData("pausing", "resume", "it is not paused")]
    [InlineData("pausing", "ended paused", "settle")]
    [InlineData("cancelling", "cancel", "done")]
    [InlineData("cancelling", "pause", "it is being ended (cancelled)")]
    [InlineData("cancelling", "ended paused", "settle, reopen, ask")]
    [InlineData("cancelling", "ended cancelled", "settle")]
    [InlineData("paused", "pause", "it is paused already")]
    [InlineData("paused", "cancel", "reopen, ask")]
    [InlineData("paused", "resume", "reopen")]
    [InlineData("paused", "ended paused", "done")]
    [InlineData("over", "pause", "it is over (completed)")]
    [InlineData("over", "cancel", "it is over (completed)")]
    [InlineData("over", "resume", "it is over (completed), and cannot be gone on with")]
    [InlineData("over", "ended cancelled", "done")]
    [InlineData("none", "pause", "there is no such run")]
    [InlineData("none", "cancel", "there is no such run")]
    [InlineData("none", "resume", "there is no such run")]
    [InlineData("none", "ended paused", "done")]
    public void A_command_is_written_or_done_already_or_refused(string phase, string command, string comes)
    {
        var registry = new Registry();
        if (_phases.TryGetValue(phase, out var events))
            Apply(registry, [new RunAdmitted(Run, "request", RegistryKit.Spec, EngineOrigin(), 1, 0, null, null), .. events]);
        var decision = command switch
        {
            "pause" => RunDecisions.AskToEnd(registry, Run, FinalOutcome.Paused, _now),
            "cancel" => RunDecisions.AskToEnd(registry, Run, FinalOutcome.Cancelled, _now),
            "resume" => RunDecisions.Reopen(registry, Run, _now),
            _ => RunDecisions.Settle(registry, new RunEnded(Run, command[6..], ""), _now),
        };
        Assert.Equal(comes, decision switch
        {
            { Answer: RegistryRefused refused } => refused.Reason[(Run.Length + 2)..],
            { Events.Count: 0 } => "done",
            _ => string.Join(", ", decision.Events.Select(happened => happened switch { RunEndAsked => "ask", RunReopened => "reopen", RunSettled => "settle", _ => "?" })),
        });
        if (decision.Answer is RegistryRefused { IsUnknown: var isUnknown })
            Assert.Equal(phase == "none", isUnknown);
        Apply(registry, decision.Events); // Whatever is decided can be folded.
    }

    [Fact]
    public void An_end_of_the_opening_before_settles_nothing()
    {
        var registry = new Registry();
        Apply(registry, [new RunAdmitted(Run, "request", RegistryKit.Spec, EngineOrigin(), 1, 0, null, null), .. _phases["paused"], new RunReopened(Run, EngineOrigin())]);
        Assert.Empty(RunDecisions.Settle(registry, new RunEnded(Run, FinalOutcome.Paused, "", 1), _now).Events);
        Assert.Single(RunDecisions.Settle(registry, new RunEnded(Run, FinalOutcome.Paused, "", 2), _now).Events);
    }

    [Fact]
    public void How_far_a_run_came_is_kept_until_it_is_gone_on_with()
    {
        var (registry, figures) = (new Registry(), new RunFigures(62.5, 64, 85, 0.125));
        Apply(registry, [new RunAdmitted(Run, "request", RegistryKit.Spec, EngineOrigin(), 1, 0, null, null)]);
        Apply(registry, RunDecisions.Settle(registry, new RunEnded(Run, FinalOutcome.Paused, "", 1, figures), _now).Events);
        Assert.Equal(figures, registry.Find(Run)!.Figures);
        Apply(registry, [new RunReopened(Run, EngineOrigin())]);
        Assert.Null(registry.Find(Run)!.Figures);
    }

    private static void Apply(Registry registry, IEnumerable<IRegistryEvent> events)
    {
        foreach (var happened in events)
            registry.Apply(happened);
    }

    private static RunOrigin EngineOrigin() => new(Run, _now, "test", "test");
}
