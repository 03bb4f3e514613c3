using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Execution;

/// <summary>All that one attempt is told: its environment, its command, its parameters file (docs/trial-protocol.md).</summary>
/// <param name="Spec">How trials of the experiment are run.</param>
/// <param name="ExperimentId">The run's name.</param>
/// <param name="Launch">The attempt.</param>
/// <param name="ParamsFile">Where the parameters are written.</param>
/// <param name="CheckpointFolder">The attempt's own.</param>
/// <param name="ResumeFrom">The checkpoint's full path, or nothing.</param>
internal sealed record TrialContext(
    TrialSpec Spec, string ExperimentId, TrialLaunch Launch, string ParamsFile, string CheckpointFolder, string ResumeFrom)
{
    /// <exception cref="StartFailedException">A brace stands alone.</exception>
    public IReadOnlyList<string> Command()
    {
        try
        {
            return [.. Spec.Command.Select(argument => CommandTemplate.Expand(argument, Placeholder))];
        }
        catch (FormatException e)
        {
            throw new StartFailedException(e.Message);
        }
    }

    /// <summary>Asha's own environment, over it the file's, over both the protocol's.</summary>
    public Dictionary<string, string> Environment()
    {
        var environment = Inherited(Spec);
        foreach (var (name, value) in Launch.Configuration.Values)
            environment[ParameterVariable(name)] = value.ToString();
        environment["ASHA_PROTOCOL"] = "1";
        environment["ASHA_EXPERIMENT_ID"] = ExperimentId;
        environment["ASHA_TRIAL_ID"] = Text(Launch.Trial);
        environment["ASHA_ATTEMPT"] = Text(Launch.Attempt);
        environment["ASHA_RETRY_REASON"] = Launch.RetryReason;
        environment["ASHA_SEED"] = Text(Launch.Seed);
        environment["ASHA_PARAMS_FILE"] = ParamsFile;
        environment["ASHA_START_RESOURCE"] = Text(Launch.Start);
        environment["ASHA_TARGET_RESOURCE"] = Text(Launch.Target);
        environment["ASHA_CHECKPOINT_DIR"] = CheckpointFolder;
        environment["ASHA_RESUME_FROM"] = ResumeFrom;
        environment["ASHA_CPUS"] = string.Join(',', Launch.Cpus);
        if (Spec.Gpus > 0)
        {
            // Without the user's mask the numbers are those of nvidia-smi, which goes by the PCI bus; CUDA by itself begins with the fastest.
            if (GpuDetector.Mask is null)
                environment.TryAdd("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
            environment["CUDA_VISIBLE_DEVICES"] = string.Join(',', Launch.Gpus);
        }
        return environment;
    }

    /// <summary>What every process of an experiment gets.</summary>
    public static Dictionary<string, string> Inherited(TrialSpec spec)
    {
        var environment = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            // Where Asha is itself a trial of another Asha, those parameters are not this trial's. And where its journal is, with the password to it, is no trial's business: it may print its environment.
            if (!((string)entry.Key).StartsWith("ASHA_PARAM_", StringComparison.Ordinal) && (string)entry.Key != AshaActors.JournalVariable)
                environment[(string)entry.Key] = (string?)entry.Value ?? "";
        }
        foreach (var (name, value) in spec.Env)
            environment[name] = value;
        return environment;
    }

    /// <summary>The numbers are written as the environment has them.</summary>
    public void WriteParams()
    {
        using var file = OwnPath.Create(ParamsFile);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        foreach (var (name, value) in Launch.Configuration.Values)
        {
            json.WritePropertyName(name);
            if (value.Kind == ParameterKind.Text)
                json.WriteStringValue(value.AsText());
            else
                json.WriteRawValue(value.ToString());
        }
        json.WriteEndObject();
    }

    private string? Placeholder(string name) => name switch
    {
        "asha:trial" => Text(Launch.Trial),
        "asha:attempt" => Text(Launch.Attempt),
        "asha:seed" => Text(Launch.Seed),
        "asha:start" => Text(Launch.Start),
        "asha:target" => Text(Launch.Target),
        "asha:checkpoint-dir" => CheckpointFolder,
        "asha:resume-from" => ResumeFrom,
        "asha:params-file" => ParamsFile,
        _ => Launch.Configuration.TryGet(name, out var value) ? value.ToString() : null,
    };

    private static string ParameterVariable(string name)
        => "ASHA_PARAM_" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
