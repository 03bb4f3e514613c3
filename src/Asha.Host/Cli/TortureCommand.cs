using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Asha.Host.Tuning;
using Asha.Torture.Campaign;
using Asha.Torture.Faults;
using Asha.Torture.World;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary><c>asha torture</c>: whole experiments in virtual time, with faults that are drawn from a seed.</summary>
internal static class TortureCommand
{
    public static Command Create()
    {
        var seeds = new Option<string>("--seeds") { Description = "Which seeds: 0..999, or one.", HelpName = "A..B", DefaultValueFactory = _ => "0..99" };
        var jobs = new Option<int>("--jobs") { Description = "How many seeds at a time.", DefaultValueFactory = _ => Math.Min(2, Environment.ProcessorCount) };
        var experiment = new Option<int?>("--experiment") { Description = "Of a seed's experiments only this one, counted from 1. Without it a seed has as many as it takes to come to 2,000 events; with --nodes, --trials or --fire one." };
        var nodes = new Option<int?>("--nodes") { Description = "At most so many nodes at the beginning." };
        var trials = new Option<int?>("--trials") { Description = "At most so many trials." };
        var without = new Option<string[]>("--without") { Description = $"A kind of fault that does not happen; may be given more than once. Kinds: {string.Join(", ", KindNames.All)}.", HelpName = "kind" };
        var only = new Option<string[]>("--only") { Description = $"A kind of fault that may happen, and no other; may be given more than once. {TortureFailures.None}: none at all.", HelpName = "kind" };
        var fire = new Option<double>("--fire") { Description = "The share of its time for which messages, nodes, coordinator, journal and checkpoints have faults, 0 to 1. Trials keep their bad habits, and mailboxes their order.", DefaultValueFactory = _ => 1 };
        var trace = new Option<bool>("--trace") { Description = "Prints everything that happens, of a single seed, and nothing else." };
        var command = new Command("torture", "Runs whole experiments of the real actors in virtual time, with faults drawn from a seed, and judges what they do.") { seeds, jobs, experiment, nodes, trials, without, only, fire, trace };
        command.SetAction(parsed =>
        {
            var (first, last) = Seeds(parsed.GetRequiredValue(seeds));
            var model = new TortureCase(first)
            {
                Experiment = Least(parsed.GetValue(experiment), "--experiment"),
                Nodes = Least(parsed.GetValue(nodes), "--nodes"),
                Trials = Least(parsed.GetValue(trials), "--trials"),
                Without = Without(parsed.GetValue(without) ?? [], parsed.GetValue(only) ?? []),
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
        var result = TortureRun.Of(one, line => Console.Out.WriteLine(line));
        Console.Out.WriteLine($"{(result.Broken is { } broken ? broken.Message : string.Join(", ", result.Outcomes))}; hash {result.Hash:x16}");
        return result.Broken is null ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Run(TortureCase model, long last, int jobs)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new InterruptSignals(stop, Console.Error.WriteLine, () => { }, "ending: first what is under way, then what was seen; once more to end at once");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seeds {model.Seed} to {last}, {jobs} at a time; Ctrl-C or SIGTERM tells what was seen until then"));
        // Nobody waits for an answer: all the time is for the seeds.
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        var since = Stopwatch.StartNew();
        var failures = new TortureFailures(Console.Out);
        var campaign = new TortureCampaign(Cases(model, last), jobs, failures.Tell);
        var totals = campaign.Run(stop.Token);
        var silent = EffectLaw.Broken(model, totals);
        TortureReport.Write(totals, silent, since.Elapsed, Output.To(Console.Out));
        if (totals.Seeds > 0 && EffectLaw.WhyNotJudged(model, totals) is { } why)
            Console.Out.WriteLine($"not judged: {why}");
        failures.TellMore();
        if (campaign.Hung is { } hung)
            failures.TellHung(hung);
        return totals.Broken.Count > 0 || totals.Foreign > 0 || silent.Count > 0 || campaign.Hung is not null ? ExitCode.Failed : stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static IEnumerable<TortureCase> Cases(TortureCase model, long last)
    {
        for (var seed = model.Seed; seed < last; seed++)
            yield return model with { Seed = seed };
        yield return model with { Seed = last }; // There may be no number after it.
    }

    private static (long First, long Last) Seeds(string text)
    {
        var parts = text.Split("..");
        if (parts.Length <= 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last)
            return (first, last);
        throw new UserErrorException($"--seeds {text}: not a seed, and not a range of seeds such as 0..999");
    }

    private static int? Least(int? value, string option) => value is < 1 ? throw new UserErrorException($"{option} {value}: at least 1") : value;

    private static IReadOnlyList<Fault> Without(string[] without, string[] only)
    {
        if (only.Length == 0)
            return [.. without.Select(name => Kind("--without", name))];
        if (without.Length > 0)
            throw new UserErrorException("--only and --without: either says which kinds of faults happen");
        return [.. Enum.GetValues<Fault>().Except(only.Where(name => name != TortureFailures.None).Select(name => Kind("--only", name)))];
    }

    private static Fault Kind(string option, string name) => KindNames.KindOf(name) ?? throw new UserErrorException($"{option} {name}: there is no such kind of fault. Kinds: {string.Join(", ", KindNames.All)}");
}
