using System.CommandLine;
using Asha.Cluster.Client;
using Asha.Cluster.Security;
using Asha.Tuning;

namespace Asha.Host.Cli;

/// <summary>To which cluster a command goes: <c>--to</c>, or the environment. Without either, most are about the runs of this machine.</summary>
internal sealed class ServerOptions
{
    public const string Variable = "ASHA_SERVER", TokenVariable = "ASHA_TOKEN", Local = "http://127.0.0.1:7610";

    private readonly Option<string?> _to = new("--to") { Description = $"A cluster: the API of a coordinator, such as {Local}, or of several, with commas; {Variable} in the environment.", HelpName = "url" };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = $"The file with the cluster's token; or {TokenVariable} in the environment has the token.", HelpName = "file" };
    private readonly Option<string?> _ca = new("--ca") { Description = "The CA of the coordinators' certificates (PEM).", HelpName = "file" };

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _to, _tokenFile, _ca })
            command.Options.Add(option);
    }

    /// <summary>Whether it goes to a cluster.</summary>
    /// <param name="local">What it needs only on this machine: where one of these was given, that is meant.</param>
    public bool IsMeant(ParseResult parsed, params Option[] local)
    {
        if (parsed.GetValue(_to) is null && Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } && new Option[] { _tokenFile, _ca }.FirstOrDefault(option => IsGiven(parsed, option)) is { } given)
            throw new UserErrorException($"{given.Name}: is of a cluster: say which with --to, or with {Variable} in the environment");
        if (parsed.GetValue(_to) is null)
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } && !local.Any(option => IsGiven(parsed, option));
        foreach (var option in local.Where(option => IsGiven(parsed, option)))
            throw new UserErrorException($"{option.Name}: is of a run on this machine, and --to of a cluster; leave one of them out");
        return true;
    }

    /// <summary>A client of the cluster; of this machine's, where none was said.</summary>
    public AshaClient Client(ParseResult parsed)
    {
        if (SecretFile.Warning(parsed.GetValue(_tokenFile), "--token-file") is { } warning)
            Console.Error.WriteLine(Output.Clean($"asha: warning: {warning}"));
        var environment = Environment.GetEnvironmentVariable(Variable);
        var (servers, source) = parsed.GetValue(_to) is { } given ? (given, "--to") : environment is { Length: > 0 } ? (environment, Variable) : (Local, "--to");
        return new AshaClient(ServerAddresses.Read(servers, source, Environment.GetEnvironmentVariable(TokenVariable), parsed.GetValue(_tokenFile), parsed.GetValue(_ca)));
    }

    /// <summary>What the same cluster is named with on the next command line: it begins with a space, if it is anything.</summary>
    public string Again(ParseResult parsed) => string.Concat(new Option<string?>[] { _to, _tokenFile, _ca }.Where(option => IsGiven(parsed, option)).Select(option => $" {option.Name} {parsed.GetValue(option)}"));

    /// <summary>Asks the cluster; where no coordinator answers, says why.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<AshaClient, Task<int>> ask)
    {
        using var client = Client(parsed);
        try
        {
            return await ask(client);
        }
        catch (ClusterUnreachableException silent)
        {
            foreach (var reason in silent.Reasons)
                Console.Error.WriteLine(Output.Clean($"asha: {reason}"));
            Console.Error.WriteLine(silent.Reasons.Count > 1 ? "None of the coordinators answers." : "Is a coordinator up there ('asha serve')? Several can be named with --to, with commas.");
            return ExitCode.Failed;
        }
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
