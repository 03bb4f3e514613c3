using System.Runtime.InteropServices;
using System.Text;

namespace Asha.Host.Cli;

/// <summary>
/// Begins the program anew in its own place, with room for 64 MiB between two garbage collections. Worlds in virtual time make little that lasts, and are a fifth faster so; a live run had rather have its short pauses. .NET reads that size from the environment alone, and only when it begins.
/// </summary>
internal static partial class RoomyStart
{
    private const string Variable = "DOTNET_GCgen0size", Bytes = "0x4000000";

    /// <summary>Whoever has set it, also to another size, is heard. Returns where there is nothing to do or it cannot be done: all is the same then, but slower.</summary>
    public static void Ensure()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Variable) is not null || Environment.ProcessPath is not { } program)
            return;
        // As it was called, 'dotnet asha.dll …' or 'asha …': each argument ends with a zero; what ends an array of C strings is a null.
        string?[] arguments = [.. Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1], null];
        if (SetVariable(Variable, Bytes, 1) == 0)
            Execute(program, arguments);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int isReplaced);

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
