using System.Globalization;
using Asha.Crashes.Checks;
using Asha.Crashes.Faults;

namespace Asha.Crashes;

/// <summary>One run, killed again and again, gone on with after each kill, until it is over.</summary>
/// <param name="setup">What was asked for.</param>
/// <param name="work">What the run is.</param>
/// <param name="round">Its number, from 1.</param>
/// <param name="kills">So many at most.</param>
internal sealed class Round(Setup setup, Workload work, int round, int kills)
{
    private const int LooksAtMost = 40;

    private readonly string _place = Path.Combine(setup.Work, $"round-{round}");

    public Workload Work => work;

    /// <summary>Nobody disturbs it.</summary>
    public bool IsLeftAlone { get; init; }

    /// <summary>The run's.</summary>
    public string Folder { get; private set; } = "";

    public SmallDisk? Disk { get; private set; }

    public Processes Processes { get; } = new();

    public Hurts Hurts { get; } = new();

    /// <summary>Held by whoever stops processes, or lets them go on.</summary>
    public SemaphoreSlim Hand { get; } = new(1);

    /// <summary>What the checks are made from.</summary>
    public Testimony Testimony { get; } = new();

    private string Logs => Path.Combine(_place, "logs");

    private string Scratch => Path.Combine(_place, "scratch");

    /// <summary>Runs it to its end.</summary>
    /// <param name="seed">The experiment's.</param>
    public async Task RunAsync(int seed)
    {
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Scratch);
        File.WriteAllText(Path.Combine(_place, "crashes.yaml"), work.Text(setup.Trials, seed));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "trial.sh"), Path.Combine(_place, "trial.sh"));
        var runs = Path.Combine(_place, "runs");
        using var disk = work.OnSmallDisk ? Disk = new SmallDisk(runs) : null;
        var tormentors = new Stack<Tormentor>();
        try
        {
            for (var engine = 1; ; engine++)
            {
                if (engine > 20 * (kills + 5))
                    throw new InvalidOperationException($"round {round} does not come to an end");
                tormentors.Push(new Tormentor(this, engine, Draws(engine, 1)));
                if (await LiveAsync(engine, runs, tormentors.Peek(), Draws(engine, 0)))
                    break;
            }
        }
        finally
        {
            while (tormentors.TryPop(out var tormentor))
                tormentor.Dispose();
            Testimony.LeftAtEnd.AddRange(Processes.Descendants());
            foreach (var left in Testimony.LeftAtEnd)
                Libc.Signal(left.Pid, Libc.Kill);
        }
        Testimony.Entries = JournalCopy.Read(Folder, Scratch);
        Testimony.Events = File.ReadAllBytes(Path.Combine(Folder, "events.jsonl"));
        Testimony.Lines = TrialLogs.Read(Logs);
        Testimony.Hurts = Hurts;
        Testimony.MaxAttempts = work.MaxAttempts;
        Testimony.Replay = await Engine.RunAsync(setup.Asha, _place, "replay", Folder);
    }

    /// <summary>One engine, from its start to its death. Returns whether the run is over.</summary>
    private async Task<bool> LiveAsync(int number, string runs, Tormentor tormentor, Random random)
    {
        var starts = Starts();
        string[] command = Folder.Length == 0 ? ["tune", "crashes.yaml", "--plain", "--runs", runs] : ["resume", Folder, "--plain", "--runs", runs];
        (string, string)[] environment = [.. Processes.MarksOf(number), ("CRASH_LOGS", Logs), ("CRASH_PACE", ".02")];
        using var engine = new Engine(setup.Asha, _place, Path.Combine(_place, $"said-{number}.txt"), environment, command);
        var isKilled = Testimony.Kills.Count < kills;
        var aim = Choose(random.NextDouble());
        var wait = Seconds(aim == Aim.FromStart ? 1.6 : aim == Aim.Running ? 1.5 : .8);
        var planned = IsLeftAlone ? 0 : random.Next(3) + (work.HurtsTrials ? 2 : 0);
        if (aim == Aim.FromStart)
            Plan();
        if (aim != Aim.FromStart || !isKilled)
        {
            if (await BeginsAsync(engine, runs, starts))
                Testimony.Orphans.AddRange(Processes.Descendants().Where(process => process.Engine < number));
            Plan();
        }
        if (isKilled && aim == Aim.Locked)
            tormentor.Lock(wait + Seconds(1.5));
        if (isKilled && !await engine.EndsWithin(wait) && await KillAsync(engine, number, aim, starts, runs, random))
        {
            tormentor.End();
            return false;
        }
        if (!await engine.EndsWithin(TimeSpan.FromMinutes(3)))
        {
            Testimony.Failures.Add($"engine {number}: it did not come to an end in three minutes, and was killed; it said: {engine.Said}");
            engine.KillHard();
            return true;
        }
        tormentor.End();
        return Over(engine, number);

        void Plan()
        {
            for (; planned > 0; planned--)
                tormentor.Plan();
        }

        TimeSpan Seconds(double most) => TimeSpan.FromSeconds(random.NextDouble() * most);
    }

    /// <summary>What is random of one engine's life: each its own, whatever was drawn before.</summary>
    private Random Draws(int engine, int stream) => new(unchecked((((((setup.Seed * 1000003) + round) * 1009) + engine) * 31) + stream));

    private static Aim Choose(double chance) => chance switch
    {
        < .15 => Aim.FromStart,
        < .55 => Aim.Running,
        < .85 => Aim.Report,
        _ => Aim.Locked,
    };

    /// <summary>Waits until the engine writes. Returns whether it does.</summary>
    private async Task<bool> BeginsAsync(Engine engine, string runs, int starts)
    {
        while (!engine.HasEnded)
        {
            Find(runs);
            if (Starts() > starts)
                return true;
            await Task.Delay(10);
        }
        return false;
    }

    /// <summary>By events.jsonl: it never says what the journal does not.</summary>
    private int Starts()
    {
        var path = Path.Combine(Folder, "events.jsonl");
        if (Folder.Length == 0 || !File.Exists(path))
            return 0;
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var starts = 0;
        while (reader.ReadLine() is { } line)
            starts += line.StartsWith("{\"event\":\"experiment-started.", StringComparison.Ordinal) || line.StartsWith("{\"event\":\"experiment-resumed.", StringComparison.Ordinal) ? 1 : 0;
        return starts;
    }

    private void Find(string runs)
    {
        if (Folder.Length == 0 && Directory.Exists(runs))
            Folder = Directory.GetDirectories(runs).SingleOrDefault() ?? "";
    }

    /// <summary>Stops everything, looks, and kills the engine. Returns whether it was still there.</summary>
    private async Task<bool> KillAsync(Engine engine, int number, Aim aim, int starts, string runs, Random random)
    {
        for (var look = 1; ; look++)
        {
            await Hand.WaitAsync();
            var trials = new List<Descendant>();
            try
            {
                Processes.Freeze(engine.Pid);
                Freeze(trials, number);
                if (engine.HasEnded)
                    return false;
                Find(runs);
                var sight = Sight.Of(engine, number, Folder, Logs, Scratch, starts, trials, Disk?.IsFull == true);
                if (aim != Aim.Report || sight.IsInWindow || look == LooksAtMost)
                {
                    var withTrials = random.Next(4) == 0;
                    foreach (var trial in trials.Where(_ => withTrials))
                        Libc.Signal(trial.Pid, Libc.Kill);
                    engine.KillHard();
                    var kill = new Kill(round, number, aim, sight.Phase, sight.Entries.Count, Happened.Read(sight.Entries).Count, Volatile.Read(ref Hurts.Holders) > 0, Disk?.IsFull == true, withTrials);
                    Testimony.Kills.Add(new KillSight(kill, sight, engine.Said));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"round {kill.Round} engine {kill.Engine}: killed ({kill.Aim}) at entry {kill.Entry}, line {kill.Line}: {kill.Phase}{(kill.IsLocked ? ", database locked" : "")}{(kill.IsFull ? ", disk full" : "")}{(kill.WithTrials ? ", with its trials" : "")}"));
                    return true;
                }
                Libc.Signal(engine.Pid, Libc.Continue);
            }
            finally
            {
                foreach (var trial in trials.Where(trial => !Hurts.Stopped.ContainsKey(trial.Pid)))
                    Libc.Signal(trial.Pid, Libc.Continue);
                Hand.Release();
            }
            await Task.Delay(random.Next(5, 60));
        }
    }

    /// <summary>Whatever the engine runs, until a look finds nothing that is not stopped yet.</summary>
    private void Freeze(List<Descendant> frozen, int number)
    {
        for (var isNew = true; isNew;)
        {
            var found = Processes.Descendants().Where(process => process.Engine == number && frozen.All(known => known.Pid != process.Pid)).ToList();
            isNew = found.Count > 0;
            foreach (var process in found)
                Processes.Freeze(process.Pid);
            frozen.AddRange(found);
        }
    }

    /// <summary>The engine has ended by itself. Returns whether the run is over; if not, another goes on.</summary>
    private bool Over(Engine engine, int number)
    {
        var events = Folder.Length == 0 ? [] : Happened.Read(JournalCopy.Read(Folder, Scratch));
        if (events.Count > 0 && events[^1].Kind == "experiment-ended")
        {
            // The one before may have been killed after the end was written: then there is nothing to go on with.
            if (engine.Code != 0 && !engine.Said.Contains("the run is over", StringComparison.Ordinal))
                Testimony.Failures.Add($"engine {number}: the run has ended, and it ended with exit code {engine.Code}: {engine.Said}");
            return true;
        }
        if (engine.Said.Contains("Unhandled exception", StringComparison.Ordinal) || engine.Said.Contains("   at ", StringComparison.Ordinal))
            Testimony.Failures.Add($"engine {number}: a stack trace: {engine.Said}");
        if (events.Count == 0 && engine.Said.Contains("before it began", StringComparison.Ordinal))
        {
            // Nothing was lost: nothing had been written. It begins anew.
            if (Folder.Length > 0)
                Directory.Delete(Folder, recursive: true);
            Folder = "";
            Testimony.NeverBegan++;
        }
        else if (Volatile.Read(ref Hurts.Holders) == 0 && Disk?.IsFull != true && !Hurts.FreedAfter(engine.Started))
        {
            Testimony.Failures.Add($"engine {number}: it ended with exit code {engine.Code} before the run was over: {engine.Said}");
            return true; // The next one would fare no better.
        }
        else
        {
            Testimony.Refusals++;
            Thread.Sleep(200);
        }
        return false;
    }
}
