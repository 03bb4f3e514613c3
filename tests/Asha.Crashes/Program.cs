using System.CommandLine;
using System.Reflection;
using Asha.Crashes;

// Real crashes: the real asha with real trial processes, killed with -9 at seeded random instants; docs/reliability.md has what came of it.
var kills = new Option<int>("--kills") { Description = "So many kills of an engine.", DefaultValueFactory = _ => 200 };
var most = new Option<int>("--most") { Description = "So many of them in one run at most.", DefaultValueFactory = _ => 30 };
var seed = new Option<int>("--seed") { Description = "Of the instants, and of the experiments.", DefaultValueFactory = _ => 1 };
var trials = new Option<int>("--trials") { Description = "Trials of each run.", DefaultValueFactory = _ => 81 };
var asha = new Option<string>("--asha") { Description = "Another asha.dll than the one that was built with this.", DefaultValueFactory = _ => Built() };
var noDisk = new Option<bool>("--no-small-disk") { Description = "No run on a tmpfs: mounting one takes root, or: unshare --user --map-root-user --mount." };
var command = new RootCommand("Kills asha and its trials at seeded random instants, goes on, and checks from outside that nothing was lost.") { kills, most, seed, trials, asha, noDisk };
command.SetAction(async (parsed, cancel) =>
{
    var work = Directory.CreateTempSubdirectory("asha-crashes-").FullName;
    var setup = new Setup(Path.GetFullPath(parsed.GetRequiredValue(asha)), parsed.GetValue(kills), parsed.GetValue(most), parsed.GetValue(seed), parsed.GetValue(trials), work, !parsed.GetValue(noDisk));
    var campaign = new Campaign(setup);
    await using (cancel.Register(campaign.Abort))
        return await campaign.RunAsync();
});
return await command.Parse(args).InvokeAsync();

static string Built() => typeof(Campaign).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Asha").Value!;
