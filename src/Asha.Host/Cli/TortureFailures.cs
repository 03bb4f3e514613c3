using System.Globalization;
using Asha.Torture.Campaign;
using Asha.Torture.Faults;
using Asha.Torture.Invariants;
using Asha.Torture.World;

namespace Asha.Host.Cli;

/// <summary>What is told of cases that broke a law: at once in a line or two, and in the end, of the first of each law, what happened before, in the smallest case that was found.</summary>
/// <param name="target">Where it is told.</param>
internal sealed class TortureFailures(TextWriter target)
{
    /// <summary>So many failures of each law are told of one by one.</summary>
    private const int MostTold = 3;

    private readonly Dictionary<string, (TortureResult First, int Count)> _failures = [];

    public void Tell(TortureResult result)
    {
        if (result.Broken is not { } broken)
            return;
        var (first, count) = _failures.GetValueOrDefault(broken.Law, (result, 0));
        _failures[broken.Law] = (first, count + 1);
        if (count >= MostTold)
            return;
        target.WriteLine($"seed {result.Case.Seed}: {broken.Message}");
        target.WriteLine($"  again: {Command(result.Case)}");
    }

    /// <summary>A case that cannot be made smaller, as each that does not end costs a thread.</summary>
    public void TellHung(TortureCase hung)
    {
        target.WriteLine($"seed {hung.Seed}: each seed comes to its end: this one has not after {CaseWatch.Longest.TotalSeconds:0} seconds of real time. An actor's turn, or a law, does not end; --trace says what happened before");
        target.WriteLine($"  again: {Command(hung)}");
    }

    /// <summary>Runs the first case of each law again, smaller and smaller.</summary>
    public void TellMore()
    {
        foreach (var (law, (first, count)) in _failures)
        {
            var smallest = new Shrinker(one => CaseWatch.Run(one) ?? first with { Case = one, Broken = null }).Shrink(first);
            target.WriteLine();
            target.WriteLine($"{law}: broken with {count} of the seeds, first with {first.Case.Seed}. The smallest case that was found has {smallest.Events} events; seed {first.Case.Seed} had {first.Events}:");
            target.WriteLine($"  {Command(smallest.Case)}");
            target.WriteLine($"  {smallest.Broken!.Message}");
            target.WriteLine(Title(smallest.Broken));
            foreach (var line in FailureStory.Of(smallest))
                target.WriteLine($"  {line}");
        }
    }

    private static string Title(ViolationException broken) => (broken.Trial, broken.Slot) switch
    {
        (null, null) => "what happened before:",
        (null, var slot) => $"what befell slot {slot} before, and the world meanwhile:",
        (var trial, null) => $"what befell trial {trial} before, and the world meanwhile:",
        var (trial, slot) => $"what befell trial {trial} and slot {slot} before, and the world meanwhile:",
    };

    /// <summary>The command that runs the case again.</summary>
    public static string Command(TortureCase one)
    {
        var kinds = one.Without.Count == 0 ? "" : one.Without.Count <= KindNames.All.Count / 2
            ? string.Concat(one.Without.Select(kind => $" --without {KindNames.NameOf(kind)}"))
            : Enum.GetValues<Fault>().Except(one.Without).ToArray() is { Length: > 0 } left ? string.Concat(left.Select(kind => $" --only {KindNames.NameOf(kind)}")) : $" --only {None}";
        return string.Create(CultureInfo.InvariantCulture,
            $"asha torture --seeds {one.Seed}{(one.Experiment is { } number ? $" --experiment {number}" : "")}{(one.Nodes is { } nodes ? $" --nodes {nodes}" : "")}{(one.Trials is { } trials ? $" --trials {trials}" : "")}{kinds}{(one.Fire < 1 ? $" --fire {one.Fire:R}" : "")}");
    }

    /// <summary>In the place of a kind: there is to be none.</summary>
    public const string None = "none";
}
