using System.CommandLine;
using System.CommandLine.Parsing;

namespace Asha.Host.Cli;

/// <summary>Paths on the command line.</summary>
internal static class PathArgument
{
    /// <summary>An argument that is a path. Without more said, it would also take an option that does not exist.</summary>
    public static Argument<string> Create(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(Check);
        return argument;
    }

    /// <summary>Refuses what cannot be a path.</summary>
    public static void Check(SymbolResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.Length == 0)
                result.AddError("A path is empty.");
            else if (token.Value[0] == '-')
                result.AddError($"There is no option '{token.Value}'; a file of that name is './{token.Value}'.");
        }
    }
}
