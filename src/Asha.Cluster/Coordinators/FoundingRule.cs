namespace Asha.Cluster.Coordinators;

/// <summary>What one coordinator knows of another that is not in its own cluster.</summary>
internal enum Standing
{
    /// <summary>It does not answer.</summary>
    Silent,

    /// <summary>It answers, and is in no cluster.</summary>
    Alone,

    /// <summary>It is in a cluster that is not at work: too few have come.</summary>
    Joining,

    /// <summary>It is in a cluster at work.</summary>
    Up,
}

/// <summary>
/// Who begins a cluster. Akka leaves that to the first of the seed nodes alone, after one question to the others: where that machine is broken nobody ever begins, and where the answer is late it begins beside the others. Here it is the first of those that answer,
/// once they are a majority and none is in a cluster; everybody else joins whoever has one (Akka's own process of joining). Pure, so that it can be tried out.
/// </summary>
internal static class FoundingRule
{
    /// <summary>Not all answer: those that do may become more for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>All answer: one of them may just have begun, and not have said so.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <param name="seen">The coordinators, in the order in which all know them; the one that decides, being in no cluster, is <see cref="Standing.Alone"/>.</param>
    /// <param name="self">Which of them decides.</param>
    /// <param name="majority">So many have to be there.</param>
    /// <param name="unchanged">For how long they have been as they are.</param>
    public static bool Founds(IReadOnlyList<Standing> seen, int self, int majority, TimeSpan unchanged)
    {
        var answering = Enumerable.Range(0, seen.Count).Where(index => seen[index] != Standing.Silent).ToArray();
        return answering.Length >= majority && answering[0] == self && answering.All(index => seen[index] == Standing.Alone) && (seen.Count == 1 || unchanged >= (answering.Length == seen.Count ? Moment : Patience));
    }

    /// <summary>Whether a member has to begin anew for the sake of a cluster elsewhere. One that is not at work gives way to any that is; of two at work, the one without the first of all their coordinators.</summary>
    /// <param name="isUp">Whether the own cluster is at work.</param>
    /// <param name="own">Which of the coordinators are in it, this one included.</param>
    /// <param name="elsewhere">One that is in another cluster, which is at work.</param>
    public static bool GivesWay(bool isUp, IEnumerable<int> own, int elsewhere) => !isUp || elsewhere < own.Min();
}
