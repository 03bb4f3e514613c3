using System.Globalization;
using Asha.Crashes.Checks;

namespace Asha.Crashes;

/// <summary>Kills an engine: stops it and all that it runs, looks where everything is, and then kills it, so that what was seen is what it died with.</summary>
/// <param name="round">Which run.</param>
/// <param name="engine">The engine.</param>
/// <param name="number">Its number.</param>
/// <param name="starts">How many engines had begun to write before it was started.</param>
internal sealed class Executioner(Round round, Engine engine, int number, int starts)
{
    private const int LooksAtMost = 40;

    private bool IsFull => round.Disk?.IsFull == true;

    /// <summary>Kills it; where a report is aimed at, as soon as a look finds one on its way. Returns whether it was still there.</summary>
    public async Task<bool> KillAsync(Aim aim, Random random)
    {
        for (var look = 1; ; look++)
        {
            await round.Hand.WaitAsync();
            var trials = new List<Descendant>();
            try
            {
                Processes.Freeze(engine.Pid);
                Freeze(trials);
                if (engine.HasEnded)
                    return false;
                round.Find();
                var sight = Sight.Of(engine, number, round.Folder, round.Logs, round.Scratch, starts, trials, IsFull);
                if (aim != Aim.Report || sight.IsInWindow || look == LooksAtMost)
                {
                    Kill(aim, sight, trials, withTrials: random.Next(4) == 0);
                    return true;
                }
                Libc.Signal(engine.Pid, Libc.Continue);
            }
            finally
            {
                foreach (var trial in trials.Where(trial => !round.Hurts.Stopped.ContainsKey(trial.Pid)))
                    Libc.Signal(trial.Pid, Libc.Continue);
                round.Hand.Release();
            }
            await Task.Delay(random.Next(5, 60));
        }
    }

    private void Kill(Aim aim, Sight sight, List<Descendant> trials, bool withTrials)
    {
        foreach (var trial in trials.Where(_ => withTrials))
            Libc.Signal(trial.Pid, Libc.Kill);
        engine.KillHard();
        var isLocked = Volatile.Read(ref round.Hurts.Holders) > 0;
        var kill = new Kill(round.Number, number, aim, sight.Phase, sight.Entries.Count, Happened.Read(sight.Entries).Count, isLocked, IsFull, withTrials);
        round.Testimony.Kills.Add(new KillSight(kill, sight, engine.Said));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"round {kill.Round} engine {number}: killed ({aim}) at entry {kill.Entry}, line {kill.Line}: {kill.Phase}{(isLocked ? ", database locked" : "")}{(kill.IsFull ? ", disk full" : "")}{(withTrials ? ", with its trials" : "")}"));
    }

    /// <summary>Whatever the engine runs, until a look finds nothing that is not stopped yet.</summary>
    private void Freeze(List<Descendant> frozen)
    {
        for (var isNew = true; isNew;)
        {
            var found = round.Processes.Descendants().Where(process => process.Engine == number && frozen.All(known => known.Pid != process.Pid)).ToList();
            isNew = found.Count > 0;
            foreach (var process in found)
                Processes.Freeze(process.Pid);
            frozen.AddRange(found);
        }
    }
}
