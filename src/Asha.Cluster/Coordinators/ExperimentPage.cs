using Asha.Actors.Messages;
using Asha.Actors.Persistence;

namespace Asha.Cluster.Coordinators;

/// <summary>A page of the list of experiments: the newest first, as who looks wants the latest; the next one begins after the last run of this one, so that those that come meanwhile move nothing.</summary>
internal static class ExperimentPage
{
    /// <summary>How many there are on one, where it is not said, and at most.</summary>
    public const int Usual = 100, Most = 1000;

    /// <summary>Letters of a page: a message may have 4 MiB, and why a run has ended may be told at length.</summary>
    private const int MostLetters = 1 << 20;

    /// <summary>What the rest of a line takes, roughly: names of keys, dates, the host.</summary>
    private const int LettersBeside = 400;

    /// <summary>Takes it from all.</summary>
    /// <param name="all">All of them, oldest first.</param>
    /// <param name="older">Only so many of the oldest.</param>
    /// <param name="asked">How many, and of which phases.</param>
    /// <param name="phaseOf">Of one of them.</param>
    /// <param name="listed">What is told of one.</param>
    /// <returns>And what the next page comes after; <c>null</c>: there is none.</returns>
    public static (IReadOnlyList<ListedExperiment> Page, string? Next) Of<T>(IReadOnlyList<T> all, int older, ListExperiments asked, Func<T, RunPhase> phaseOf, Func<T, ListedExperiment> listed)
    {
        var (page, letters, most) = (new List<ListedExperiment>(), 0, Math.Min(asked.Limit, Most));
        for (var index = older - 1; index >= 0; index--)
        {
            if (asked.Phases is { } phases && !phases.Contains(phaseOf(all[index])))
                continue;
            if (page.Count == most || letters >= MostLetters)
                return (page, page[^1].Run);
            page.Add(listed(all[index]));
            letters += Letters(page[^1]);
        }
        return (page, null);
    }

    /// <summary>What was asked for, where the registry is of an earlier version, and tells all of them.</summary>
    /// <exception cref="Api.ApiProblemException">There is no such run to go on after.</exception>
    public static ExperimentList Of(ExperimentList told, ListExperiments asked)
    {
        if (told.IsPage)
            return told;
        if (asked.Run is { } run)
            return told with { Experiments = [.. told.Experiments.Where(listed => listed.Run == run)], IsPage = true, Total = told.Experiments.Count };
        var older = asked.After is { } after ? told.Experiments.TakeWhile(listed => listed.Run != after).Count() : told.Experiments.Count;
        if (asked.After is not null && older == told.Experiments.Count)
            throw new Api.ApiProblemException(System.Net.HttpStatusCode.NotFound, Unknown(asked.After).Reason);
        var (page, next) = Of(told.Experiments, older, asked, listed => listed.Phase, listed => listed);
        return told with { Experiments = page, IsPage = true, Next = next, Total = told.Experiments.Count };
    }

    public static RegistryRefused Unknown(string after) => new($"after: {after}: there is no such run", IsUnknown: true);

    private static int Letters(ListedExperiment listed)
        => LettersBeside + (2 * listed.Run.Length) + (listed.Reason?.Length ?? 0) + (listed.Problem?.Length ?? 0) + (listed.Shortage?.Length ?? 0);
}
