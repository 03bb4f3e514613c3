using System.CommandLine;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary>A run, as commands that tell of one take it: its folder, or with <c>--to</c> its name in a cluster; and <c>--json</c>.</summary>
/// <param name="json">Whether there is <c>--json</c>.</param>
internal sealed class RunOptions(bool json = true)
{
    private readonly Argument<string> _folder = PathArgument.Create("dir", "The run's folder, or its name below --runs.");
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object on standard output, and nothing else." };

    /// <summary>Where runs of this machine are.</summary>
    public Option<string> Runs { get; } = TuneCommand.RunsOption();

    /// <summary>The run as it was given.</summary>
    public string Name(ParseResult parsed) => parsed.GetRequiredValue(_folder);

    /// <summary>A record that keeps what the report shows.</summary>
    public static RunRecord NewRecord() => new() { Curves = new(), Standings = new() };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(Runs);
        if (json)
            command.Options.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Opens the folder, and ends what an Asha that was killed left running in it.</summary>
    public RunFolder Open(ParseResult parsed)
    {
        var folder = Find(parsed);
        folder.EndOrphans(Console.Error);
        return folder;
    }

    /// <summary>The cluster, for commands that are about one of its runs as well.</summary>
    public ServerOptions Server { get; } = new();

    /// <summary>Tells of a run, wherever it is.</summary>
    public async Task<int> TellAsync(ParseResult parsed, Func<RunSource, int> tell, CancellationToken cancel) => Server.IsMeant(parsed, Runs)
        ? await Server.RunAsync(parsed, async client => tell(await RunSource.OfAsync(client, Name(parsed), cancel)))
        : tell(RunSource.Of(Open(parsed)));

    /// <summary>Opens the folder, and leaves everything as it is.</summary>
    public RunFolder Find(ParseResult parsed) => RunFolder.Open(parsed.GetRequiredValue(_folder), parsed.GetRequiredValue(Runs));
}
