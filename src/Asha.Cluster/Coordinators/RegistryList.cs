using Asha.Actors.Messages;
using Asha.Actors.Persistence;

namespace Asha.Cluster.Coordinators;

/// <summary>What the registry answers to whoever asks which experiments there are: a page, one run, or, as earlier versions ask, all.</summary>
internal static class RegistryList
{
    public static object Answer(ListExperiments asked, Registry registry, RunHosts hosts, KnownNodes nodes)
    {
        var all = new ExperimentList([], registry.Epoch, registry.Where, nodes.All);
        if (asked.Run is { } run)
            return all with { Experiments = registry.Find(run) is { } found ? [Listed(found)] : [], IsPage = true, Total = registry.Entries.Count };
        if (asked.Limit <= 0)
            return all with { Experiments = [.. registry.Entries.Select(Listed)] };
        var older = registry.Entries.Count;
        if (asked.After is { } after)
        {
            if (registry.Find(after) is not { } last)
                return ExperimentPage.Unknown(after);
            older = last.Number;
        }
        var (page, next) = ExperimentPage.Of(registry.Entries, older, asked, entry => entry.Phase, Listed);
        return all with { Experiments = page, IsPage = true, Next = next, Total = registry.Entries.Count };

        ListedExperiment Listed(Registry.Entry entry) => new(
            entry.Run, entry.Admitted.Spec.Name, entry.Phase, entry.Admitted.Origin.StartedAt, entry.Admitted.Weight, entry.Admitted.Priority, entry.Admitted.MostSlots,
            entry.IsAwake ? hosts.HostOf(entry.Run) : null, entry.Outcome, entry.Reason, hosts.ProblemOf(entry.Run),
            entry.Phase == RunPhase.Open ? nodes.ShortageOf(entry.Admitted.Spec.Trial, entry.Run) : null, entry.Opening, entry.Figures);
    }
}
