using Asha.Core.Worlds;
using Asha.Host.Cli;
using Asha.Host.Plots;
using Asha.Host.Scenarios;

namespace Asha.Host.Comparing;

/// <summary>What is said of schedulers that are compared in one scenario.</summary>
internal sealed class ScenarioWords(Scenario scenario) : IComparisonWords
{
    public string World(Comparison comparison)
    {
        var seeds = comparison.Seeds == 1 ? $"seed {comparison.FirstSeed}" : $"figures above: means of {comparison.Seeds} seeds; pictured: seed {comparison.FirstSeed}";
        var stragglers = scenario.Rules.Sigma > 0 ? $" · stragglers, σ {Output.Number(scenario.Rules.Sigma)}" : "";
        var drops = scenario.Rules.Drops > 0 ? $" · drops, {Output.Number(scenario.Rules.Drops)} a second" : "";
        var factors = $"reduction factor {string.Join(" or ", comparison.Sides.Select(side => side.Spec.Scheduler.ReductionFactor).Distinct())}";
        return $"Scenario {scenario.Spec.Name}, simulated · {PlottedRun.Count(comparison.Shown[0].Summary.Slots, "slot")} · {factors}, {Output.Number(scenario.Spec.Resource.Min)} to {Output.Number(scenario.Spec.Resource.Max)} {scenario.Spec.Resource.Name} · a promoted trial {(scenario.Rules.Cost == JobCost.Resume ? "resumes" : "starts again")}{stragglers}{drops} · {seeds}";
    }

    public (string Title, IReadOnlyList<string> Paragraphs) Notes(Comparison comparison) => ("Common random numbers",
    [
        $"The runs of a seed differ in the scheduler alone: an attempt of a trial on its way to a rung meets the same straggler and the same drop in each, and its trial has the same configuration and metric. {comparison.Draws.Sum(draws => draws.Shared):#,0} attempts are in the runs of more than one scheduler; all of these were compared, and are equal. --draws FILE lists them.",
        $"Simulated by the schedulers of a live run on a virtual clock: asha compare, with the file of the scenario {scenario.Spec.Name}, --seed {comparison.FirstSeed} --repetitions {comparison.Seeds}.",
    ]);
}
