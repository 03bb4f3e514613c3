using System.Diagnostics;
using System.Globalization;
using Asha.Host.Cli;

namespace Asha.Host.Clusters;

/// <summary>
/// One of the processes of a cluster on this machine: this same program. A shell holds it that waits for its input to end: however this process goes, killed outright too, its end of the pipe closes, and the shell has the member leave. The shell is in
/// a session of its own, so that Ctrl-C in the terminal does not reach the members: they are ended in order.
/// </summary>
internal sealed class LocalMember : IDisposable
{
    /// <summary>Says the member's number, and has it leave when the input ends; what the member ends with, it ends with. Of a member that is killed the shell would say so in words of its own.</summary>
    private const string Keeper = """
        exec 3<&0
        "$@" < /dev/null 3<&- & member=$!
        exec 2> /dev/null
        echo "pid $member"
        ( read -r _ <&3; kill -TERM "$member" ) & reader=$!
        wait "$member"; code=$?
        kill "$reader"
        exit "$code"
        """;

    private readonly Process _keeper;

    /// <param name="name">Its name, and its folder's.</param>
    /// <param name="folder">Where that is.</param>
    /// <param name="tell">Told each line that it prints, with its name.</param>
    /// <param name="arguments">The command.</param>
    public LocalMember(string name, string folder, Action<string, string> tell, string[] arguments)
    {
        (Name, IsCoordinator) = (name, arguments[0] == "serve");
        var info = new ProcessStartInfo("setsid", ["bash", "-c", Keeper, name, .. Program, .. arguments, "--insecure", "--data", Path.Combine(folder, name)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _keeper = Process.Start(info)!;
        DataReceivedEventHandler printed = (_, line) =>
        {
            // It is on loopback, and the same for each: said once, by whoever started them.
            if (line.Data is { } text && !text.Contains(MemberOptions.InsecureWords, StringComparison.Ordinal))
                tell(name, text);
        };
        _keeper.OutputDataReceived += printed;
        _keeper.ErrorDataReceived += printed;
        _keeper.BeginOutputReadLine();
        _keeper.BeginErrorReadLine();
        Ended = _keeper.WaitForExitAsync();
    }

    public string Name { get; }

    public bool IsCoordinator { get; }

    /// <summary>Completes when it has ended.</summary>
    public Task Ended { get; }

    public string ExitCode => _keeper.HasExited ? _keeper.ExitCode.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>How this program is started.</summary>
    private static string[] Program
    {
        get
        {
            var library = Path.Combine(AppContext.BaseDirectory, "asha.dll");
            return Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? [path] : [Environment.ProcessPath ?? "dotnet", library];
        }
    }

    /// <summary>Has it leave in order.</summary>
    public void Leave()
    {
        try
        {
            _keeper.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has gone.
        }
    }

    public void Dispose()
    {
        if (!_keeper.HasExited)
            _keeper.Kill(entireProcessTree: true);
        _keeper.Dispose();
    }
}
