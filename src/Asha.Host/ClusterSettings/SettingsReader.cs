using Asha.Actors.Execution;
using Asha.Cluster.Logs;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;
using Microsoft.Extensions.Logging;

namespace Asha.Host.ClusterSettings;

/// <summary>Reads the keys of <c>asha serve</c>'s and <c>asha node</c>'s settings.</summary>
internal static class SettingsReader
{
    private const int LongestPath = 4096, MostMembers = 99;

    /// <summary>Keys that only one of the two has.</summary>
    private static readonly string[] _ofServe = ["api"], _ofNode = ["name", "slots", "cpus", "memory", "gpus", "labels", "files", "metrics", "checkpoints"];

    private static readonly Dictionary<string, LogLevel> _levels = new()
    {
        ["trace"] = LogLevel.Trace, ["debug"] = LogLevel.Debug, ["information"] = LogLevel.Information, ["warning"] = LogLevel.Warning, ["error"] = LogLevel.Error,
    };

    /// <summary>As others call them.</summary>
    private static readonly Dictionary<string, string> _otherLevels = new() { ["verbose"] = "trace", ["info"] = "information", ["warn"] = "warning", ["err"] = "error", ["fatal"] = "error", ["critical"] = "error" },
        _otherFormats = new() { ["plain"] = "text", ["jsonl"] = "json", ["ndjson"] = "json", ["clef"] = "json", ["structured"] = "json" };

    /// <param name="journalServer">As the environment says it.</param>
    public static CoordinatorSettings? Coordinator(MapReader file, string? journalServer)
    {
        Refuse(file, _ofNode, "asha node");
        var listen = Address(file.Take("listen"), 1) ?? new HostPort("127.0.0.1", 7600);
        var settings = new CoordinatorSettings
        {
            Listen = listen,
            Join = Addresses(file.Take("join")) ?? [listen],
            Data = Text(file.Take("data")) ?? Path.GetFullPath("asha-data"),
            Tls = Tls(file.Take("tls")),
            Insecure = file.Take("insecure")?.Flag() ?? false,
            Log = Log(file),
            Api = Address(file.Take("api"), 0) ?? new HostPort("127.0.0.1", 7610),
            TokenFile = Text(file.Take("token-file")),
            JournalServer = journalServer,
        };
        file.End();
        return settings;
    }

    public static NodeSettings? Node(MapReader file)
    {
        Refuse(file, _ofServe, "asha serve");
        var listen = Address(file.Take("listen"), 0) ?? new HostPort("127.0.0.1", 0);
        var cores = SlotResources.DetectCpus().Count;
        var cpus = file.Take("cpus")?.Count(1, cores) ?? cores;
        var slots = file.Take("slots")?.Count(1, ExperimentRules.MostSlots) ?? cpus;
        var gpus = file.Take("gpus")?.Count(0, 1024) ?? 0;
        var settings = new NodeSettings
        {
            Listen = listen,
            Join = Addresses(file.Require("join")) ?? [],
            Data = Text(file.Take("data")) ?? Path.GetFullPath("asha-data"),
            Tls = Tls(file.Take("tls")),
            Insecure = file.Take("insecure")?.Flag() ?? false,
            Log = Log(file),
            Name = Name(file.Take("name")) ?? Environment.MachineName,
            Slots = slots,
            Cpus = cpus,
            Memory = (file.Take("memory") is { } memory ? memory.SizeOrNone() : MachineMemory.Bytes) is { } bytes and not long.MaxValue ? bytes : null,
            Gpus = gpus == 0 ? [] : [.. Gpus(file, gpus)],
            Labels = file.Take("labels")?.OneOrMore(64) is { } labels ? [.. labels.Select(ExperimentReader.Label).OfType<string>()] : [],
            Files = Address(file.Take("files"), 0),
            Metrics = Address(file.Take("metrics"), 0),
            TokenFile = Text(file.Take("token-file")),
            Checkpoints = Text(file.Take("checkpoints")),
        };
        file.End();
        return settings;
    }

    private static void Refuse(MapReader file, string[] keys, string command)
    {
        foreach (var key in keys.Where(file.Has))
            file.Take(key)!.Wrong($"is a setting of '{command}'");
    }

    private static IEnumerable<string> Gpus(MapReader file, int wanted)
    {
        var (ids, source, advice) = GpuDetector.Found;
        if (ids.Count < wanted)
            file.Wrong("gpus", $"are {wanted}, but there {(ids.Count == 1 ? "is 1" : $"are {ids.Count}")}: {source}; {advice}");
        return ids.Take(wanted);
    }

    /// <summary>What the log is to be.</summary>
    internal static LogSettings Log(MapReader file) => new()
    {
        Level = file.Take("log-level")?.Word(_levels, _otherLevels) ?? LogLevel.Information,
        IsJson = file.Take("log-format")?.Word(["text", "json"], _otherFormats) == "json",
        To = Text(file.Take("log-to")),
    };

    private static TlsFiles? Tls(Field? field)
    {
        if (field?.Map("{certificate: node.pem, key: node.key, ca: ca.pem}") is not { } map)
            return null;
        var (certificate, key, ca) = (Text(map.Require("certificate")), Text(map.Require("key")), Text(map.Require("ca")));
        map.End();
        return certificate is null || key is null || ca is null ? null : new TlsFiles(certificate, key, ca);
    }

    private static string? Text(Field? field) => field?.Text(LongestPath);

    private static string? Name(Field? field)
    {
        if (field?.Text(ExperimentRules.LongestName) is not { } name || ExperimentRules.IsName(name))
            return field?.Text(ExperimentRules.LongestName);
        field.Wrong("must be letters, digits, '-', '_' and '.', not beginning with '.'");
        return null;
    }

    private static HostPort[]? Addresses(Field? field)
    {
        if (field?.OneOrMore(MostMembers) is not { } elements)
            return null;
        HostPort[] addresses = [.. elements.Select(element => Address(element, 1)).OfType<HostPort>()];
        if (elements.Count == 0)
            field.Wrong("names no coordinator");
        else if (addresses.Distinct().Count() < addresses.Length)
            field.Wrong("names a coordinator twice");
        return addresses;
    }

    /// <param name="least">0, where any port that is free will do.</param>
    private static HostPort? Address(Field? field, int least)
    {
        const string What = "a host and a port such as 10.0.0.5:7600 or [::1]:7600";
        if (field?.Scalar(What) is not { } scalar)
            return null;
        if (HostPort.Parse(scalar.Text) is { } address && address.Port >= least)
            return address;
        field.Wrong($"must be {What}, but is '{YamlText.Shown(scalar.Text)}'");
        return null;
    }
}
