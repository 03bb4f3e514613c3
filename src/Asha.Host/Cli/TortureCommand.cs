using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Asha.Torture.Campaign;
using Asha.Torture.Faults;
using Asha.Torture.World;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha torture</c>: whole experiments in virtual time, with faults that are drawn from a seed.</summary>
internal static class TortureCommand
{
    /// <summary>From so many seeds on, a kind of fault that never took effect is a mistake.</summary>
    private const long ManySeeds = 1000;

    /// <summary>So many failures of each law are told of one by one.</summary>
    private const int MostTold = 3;

    private static readonly Dictionary<string, int> _told = [];

    public static Command Create()
    {
        var seeds = new Option<string>("--seeds") { Description = "Which seeds: 0..999, or one.", HelpName = "A..B", DefaultValueFactory = _ => "0..99" };
        var jobs = new Option<int>("--jobs") { Description = "How many seeds at a time.", DefaultValueFactory = _ => Math.Min(2, Environment.ProcessorCount) };
        var nodes = new Option<int?>("--nodes") { Description = "At most so many nodes at the beginning." };
        var trials = new Option<int?>("--trials") { Description = "At most so many trials." };
        var without = new Option<string[]>("--without") { Description = $"A kind of fault that does not happen; may be given more than once. Kinds: {string.Join(", ", KindNames.All)}.", HelpName = "kind" };
        var fire = new Option<double>("--fire") { Description = "The share of its time for which faults happen, 0 to 1.", DefaultValueFactory = _ => 1 };
        var trace = new Option<bool>("--trace") { Description = "Prints everything that happens, of a single seed, and nothing else." };
        var command = new Command("torture", "Runs whole experiments of the real actors in virtual time, with faults drawn from a seed, and judges what they do.") { seeds, jobs, nodes, trials, without, fire, trace };
        command.SetAction(parsed =>
        {
            var (first, last) = Seeds(parsed.GetRequiredValue(seeds));
            var model = new TortureCase(first)
            {
                Nodes = Least(parsed.GetValue(nodes), "--nodes"),
                Trials = Least(parsed.GetValue(trials), "--trials"),
                Without = [.. (parsed.GetValue(without) ?? []).Select(Kind)],
                Fire = parsed.GetValue(fire) is >= 0 and <= 1 and var share ? share : throw new UserErrorException("--fire is a share of the time, from 0 to 1"),
            };
            if (parsed.GetValue(trace))
                return first == last ? Trace(model) : throw new UserErrorException("--trace is for a single seed: --seeds 7");
            return Run(model, last, Least(parsed.GetValue(jobs), "--jobs")!.Value);
        });
        return command;
    }

    private static int Trace(TortureCase one)
    {
        var result = TortureRun.Of(one, (time, what) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000000} {what}")));
        Console.Out.WriteLine($"{(result.Broken is { } broken ? broken.Message : result.Outcome)}; hash {result.Hash:x16}");
        return result.Broken is null ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Run(TortureCase model, long last, int jobs)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler end = (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += end;
        var since = Stopwatch.StartNew();
        var totals = new TortureCampaign(Cases(model, last), jobs, result => Tell(result, model)).Run(stop.Token);
        Console.CancelKeyPress -= end;
        TortureReport.Write(totals, since.Elapsed, Output.To(Console.Out));
        var isSilent = totals.Seeds >= ManySeeds && totals.WithoutEffect.Except(model.Without).Any();
        return totals.Broken.Count > 0 || totals.Foreign > 0 || isSilent ? ExitCode.Failed : stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static IEnumerable<TortureCase> Cases(TortureCase model, long last)
    {
        for (var seed = model.Seed; seed <= last; seed++)
            yield return model with { Seed = seed };
    }

    private static void Tell(TortureResult result, TortureCase model)
    {
        if (result.Broken is not { } broken || (_told[broken.Law] = _told.GetValueOrDefault(broken.Law) + 1) > MostTold)
            return;
        Console.Out.WriteLine($"seed {result.Case.Seed}: {broken.Message}");
        Console.Out.WriteLine($"  again: asha torture --seeds {result.Case.Seed}{Options(model)}");
    }

    private static string Options(TortureCase model)
        => string.Create(CultureInfo.InvariantCulture, $"{(model.Nodes is { } nodes ? $" --nodes {nodes}" : "")}{(model.Trials is { } trials ? $" --trials {trials}" : "")}{string.Concat(model.Without.Select(kind => $" --without {KindNames.NameOf(kind)}"))}{(model.Fire < 1 ? $" --fire {model.Fire:R}" : "")}");

    private static (long First, long Last) Seeds(string text)
    {
        var parts = text.Split("..");
        if (parts.Length <= 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last)
            return (first, last);
        throw new UserErrorException($"--seeds {text}: not a seed, and not a range of seeds such as 0..999");
    }

    private static int? Least(int? value, string option) => value is < 1 ? throw new UserErrorException($"{option} {value}: at least 1") : value;

    private static Fault Kind(string name) => KindNames.KindOf(name) ?? throw new UserErrorException($"--without {name}: there is no such kind of fault. Kinds: {string.Join(", ", KindNames.All)}");
}
