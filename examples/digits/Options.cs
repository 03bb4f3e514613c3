namespace Asha.Examples.Digits;

/// <summary>The command line: a command, then options, each with a value save <c>--shuffle-labels</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    public string? Command { get; private init; }

    public bool ShuffleLabels => _values.ContainsKey("--shuffle-labels");

    public long Seed => long.Parse(Optional("--seed") ?? "0");

    /// <exception cref="FormatException">An option is unknown or lacks its value.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options { Command = arguments.FirstOrDefault() };
        for (var i = 1; i < arguments.Length; i++)
        {
            var name = arguments[i];
            options._values[name] = name switch
            {
                "--shuffle-labels" => "",
                "--params" or "--checkpoint" or "--epochs" or "--seed" when i + 1 < arguments.Length => arguments[++i],
                _ => throw new FormatException($"An unknown option, or one without its value: {name}"),
            };
        }
        return options;
    }

    public string? Optional(string name) => _values.GetValueOrDefault(name);

    public string Needed(string name) => Optional(name) ?? throw new FormatException($"{name} is missing.");
}
