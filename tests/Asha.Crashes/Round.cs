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
    private readonly string _place = Path.Combine(setup.Work, $"round-{round}");

    public Workload Work => work;

    public int Number => round;

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

    private string Runs => Path.Combine(_place, "runs");

    /// <summary>The trials' own.</summary>
    public string Logs => Path.Combine(_place, "logs");

    /// <summary>For copies of the journal.</summary>
    public string Scratch => Path.Combine(_place, "scratch");

    /// <summary>Runs it to its end.</summary>
    /// <param name="seed">The experiment's.</param>
    public async Task RunAsync(int seed)
    {
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Scratch);
        File.WriteAllText(Path.Combine(_place, "crashes.yaml"), work.Text(setup.Trials, seed));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "trial.sh"), Path.Combine(_place, "trial.sh"));
        using var disk = work.OnSmallDisk ? Disk = new SmallDisk(Runs) : null;
        var tormentors = new Stack<Tormentor>();
        try
        {
            for (var engine = 1; ; engine++)
            {
                if (engine > 20 * (kills + 5))
                    throw new InvalidOperationException($"round {round} does not come to an end");
                tormentors.Push(new Tormentor(this, engine, LifePlan.Draws(setup.Seed, round, engine, 1)));
                if (await LiveAsync(engine, tormentors.Peek(), LifePlan.Draws(setup.Seed, round, engine, 0)))
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
        Testimony.Entries = JournalSight.Read(Folder, Scratch);
        Testimony.Events = File.ReadAllBytes(Path.Combine(Folder, "events.jsonl"));
        Testimony.Lines = TrialLogs.Read(Logs);
        Testimony.Hurts = Hurts;
        Testimony.Replay = await Engine.RunAsync(setup.Asha, _place, "replay", Folder);
    }

    /// <summary>One engine, from its start to its death. Returns whether the run is over.</summary>
    private async Task<bool> LiveAsync(int number, Tormentor tormentor, Random random)
    {
        // By the journal: events.jsonl may lag behind it, until this engine puts it right. By both, as the copy may lack what SQLite moves from the log to the database while it is made: then the engine before would be taken for this one, and its trials for orphans.
        var starts = Folder.Length == 0 ? 0 : Math.Max(Starts(), Happened.Read(JournalSight.Read(Folder, Scratch)).Count(happened => happened.IsStart));
        string[] command = Folder.Length == 0 ? ["tune", "crashes.yaml", "--plain", "--runs", Runs] : ["resume", Folder, "--plain", "--runs", Runs];
        (string, string)[] environment = [.. Processes.MarksOf(number), ("CRASH_LOGS", Logs), ("CRASH_PACE", ".02")];
        using var engine = new Engine(setup.Asha, _place, Path.Combine(_place, $"said-{number}.txt"), environment, command);
        var isKilled = Testimony.Kills.Count < kills;
        var (aim, wait, planned) = LifePlan.Of(random, work, IsLeftAlone);
        if (aim == Aim.FromStart)
            Plan();
        if (aim != Aim.FromStart || !isKilled)
        {
            if (await BeginsAsync(engine, starts))
                Testimony.Orphans.AddRange(Processes.Descendants().Where(process => process.Engine < number));
            Plan();
        }
        if (isKilled && aim == Aim.Locked)
            tormentor.Lock(wait + LifePlan.Seconds(random, 1.5));
        if (isKilled && !await engine.EndsWithin(wait)
            && await new Executioner(this, engine, number, starts).KillAsync(aim, random))
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
        return Departure.IsLast(this, engine, number);

        void Plan()
        {
            for (; planned > 0; planned--)
                tormentor.Plan();
        }
    }

    /// <summary>There is nothing in its folder to go on with: the next engine begins anew.</summary>
    public void Forget()
    {
        if (Folder.Length > 0)
            Directory.Delete(Folder, recursive: true);
        Folder = "";
    }

    /// <summary>Waits until the engine writes. Returns whether it does.</summary>
    private async Task<bool> BeginsAsync(Engine engine, int starts)
    {
        while (!engine.HasEnded)
        {
            Find();
            if (Starts() > starts)
                return true;
            await Task.Delay(10);
        }
        return false;
    }

    /// <summary>How many engines have begun to write, by events.jsonl: it never says what the journal does not.</summary>
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

    /// <summary>The run's folder, as soon as it is there.</summary>
    public void Find()
    {
        if (Folder.Length == 0 && Directory.Exists(Runs))
            Folder = Directory.GetDirectories(Runs).SingleOrDefault() ?? "";
    }
}
