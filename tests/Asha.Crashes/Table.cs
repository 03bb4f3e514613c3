using System.Globalization;

namespace Asha.Crashes;

/// <summary>What a campaign did, and what came of it, as tables in Markdown.</summary>
internal sealed class Table
{
    private readonly List<(Round Round, IReadOnlyList<string> Wrong)> _rounds = [];

    public int Kills => _rounds.Sum(round => round.Round.Testimony.Kills.Count);

    public int Wrong => _rounds.Sum(round => round.Wrong.Count);

    public void Add(Round round, IReadOnlyList<string> wrong) => _rounds.Add((round, wrong));

    public void Write(TextWriter target, TimeSpan took)
    {
        var kills = _rounds.SelectMany(round => round.Round.Testimony.Kills).ToList();
        target.WriteLine("\n| when the engine was killed | kills | of these aimed | with all its trials | database locked | disk full |\n|---|---|---|---|---|---|");
        foreach (var phase in Enum.GetValues<Phase>())
            Row(Name(phase), kills.Where(kill => kill.Kill.Phase == phase));
        Row("**between a report's arrival and its acknowledgement**", kills.Where(kill => kill.Sight.IsInWindow));
        Row("all", kills);
        target.WriteLine("\n| run | kills | trials killed, stopped | database locked, disk filled | entries, lines | attempts lost with an engine | starts | results | refused | began anew | wrong |\n|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (round, wrong) in _rounds)
        {
            var (seen, events) = (round.Testimony, Checks.Happened.Read(round.Testimony.Entries));
            target.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round.Work.Name} | {seen.Kills.Count} | {round.Hurts.Kills}, {round.Hurts.Stops} | {round.Hurts.Locks}, {round.Hurts.Fills} | {seen.Entries.Count}, {events.Count} | {Count("attempt-lost")} | {Count("job-started")} | {Count("job-completed")} | {seen.Refusals} | {seen.NeverBegan} | {wrong.Count} |"));

            int Count(string kind) => events.Count(happened => happened.Kind == kind);
        }
        target.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{Kills} kills in {took.TotalMinutes:0.0} minutes; {Wrong} things are wrong"));

        void Row(string name, IEnumerable<KillSight> some)
        {
            var of = some.Select(one => one.Kill).ToList();
            target.WriteLine($"| {name} | {of.Count} | {of.Count(kill => kill.Aim == Aim.Report)} | {of.Count(kill => kill.WithTrials)} | {of.Count(kill => kill.IsLocked)} | {of.Count(kill => kill.IsFull)} |");
        }
    }

    private static string Name(Phase phase) => phase switch
    {
        Phase.Starting => "it had written nothing yet",
        Phase.Quiet => "no report was on its way",
        Phase.InPipe => "a report was in the trial's pipe",
        Phase.Arrived => "a report had been read, and was not in the journal",
        Phase.ResultArrived => "a job's result had been read, and waited for its process's end",
        Phase.Committed => "a report was in the journal, and not acknowledged",
        _ => "the run's end was in the journal",
    };
}
