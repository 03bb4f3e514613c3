using System.CommandLine;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Host.ClusterSettings;
using Asha.Host.ExperimentFiles;
using Asha.Host.Tuning;
using Asha.Tuning;
using Microsoft.Extensions.Logging;
using Serilog.Extensions.Logging;

namespace Asha.Host.Cli;

/// <summary>What <c>asha serve</c> and <c>asha node</c> have in common: a settings file, the same keys as options, and a life until somebody ends it.</summary>
internal sealed class MemberOptions
{
    private readonly Option<string?> _config = new("--config") { Description = "The settings, as a file (YAML); each can be given as an option, too.", HelpName = "file" };
    private readonly List<(string Path, Option<string[]> Option)> _keys;
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Plain text, on this machine alone: to try it out." };

    /// <param name="own">Keys that only this command has, with a word on each.</param>
    public MemberOptions(params (string Path, string Help, string Description)[] own)
    {
        (string Path, string Help, string Description)[] common =
        [
            ("listen", "host:port", "Where the others reach this process."),
            ("join", "host:port", "The coordinators: each, or all in one list with commas; the same everywhere."),
            ("data", "folder", "What this process keeps; a folder of its own (asha-data)."),
            ("tls.certificate", "file", "Its certificate (PEM)."),
            ("tls.key", "file", "The certificate's key (PEM)."),
            ("tls.ca", "file", "The CA that all certificates of this cluster come from (PEM)."),
            ("token-file", "file", "The token that whoever asks at its api or metrics has to show, where that is another machine."),
            ("log-level", "level", "What is logged: trace, debug, information, warning or error (information)."),
            ("log-format", "format", "How: text, or json, an object a line (text)."),
            ("log-to", "file", "Where: a file, or stdout (asha.log in data)."),
        ];
        _keys = [.. common.Concat(own).Select(key => (key.Path, new Option<string[]>(SettingsFile.Option(key.Path)) { Description = key.Description, HelpName = key.Help }))];
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        foreach (var (_, option) in _keys)
            command.Options.Add(option);
        command.Options.Add(_insecure);
    }

    /// <summary>Reads all of it.</summary>
    public T Read<T>(ParseResult parsed, Func<MapReader, T?> read) where T : MemberSettings
    {
        List<(string, IReadOnlyList<string>)> given = [.. _keys.Select(key => (key.Path, (IReadOnlyList<string>)[.. (parsed.GetValue(key.Option) ?? []).SelectMany(text => key.Path is "join" or "labels" ? text.Split(',') : [text])]))];
        if (parsed.GetValue(_insecure))
            given.Add(("insecure", ["true"]));
        return SettingsFile.Read(parsed.GetValue(_config), given, read);
    }

    /// <summary>How the warning of a member in plain text begins.</summary>
    public const string InsecureWords = "insecure: true: whoever can reach";

    /// <summary>Runs a member until it has left: Ctrl-C and SIGTERM have it leave in order.</summary>
    public static async Task<int> RunAsync(MemberSettings settings, Func<ILoggerFactory, Action<string>, CancellationToken, Task<bool>> run)
    {
        DataFolder.Make(settings.Data);
        using var log = MemberLog.Open(settings);
        using var loggers = new SerilogLoggerFactory(log);
        var voice = new MemberVoice(loggers, settings.Log.IsOnOutput);
        if (settings.Insecure)
            voice.Warn($"{InsecureWords} this machine's ports, every user of it included, can have it run anything; it listens on this machine alone");
        foreach (var warning in new[] { SecretFile.Warning(settings.Tls?.Key, "tls.key"), SecretFile.Warning(settings.TokenFile, "token-file") }.OfType<string>())
            voice.Warn(warning);
        using var interrupt = new CancellationTokenSource();
        using var signals = new InterruptSignals(interrupt, voice.Say, () => { }, "leaving the cluster; once more to leave at once (the others will notice)");
        try
        {
            return await run(loggers, voice.Say, interrupt.Token) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (UserErrorException error)
        {
            voice.LogEnd(error.Problems);
            throw;
        }
    }
}
