using System.Diagnostics;
using System.Text;
using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.View;

/// <summary>A terminal emulator (tmux, on a socket of its own) in which a shell runs one command line of a sandbox; every byte that comes out of the pseudo-terminal is recorded.</summary>
internal sealed class TmuxTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CliSandbox _box;

    private TmuxTerminal(CliSandbox box) => _box = box;

    /// <summary>What the process id of the last <c>asha</c> was.</summary>
    public int AshaPid => int.Parse(File.ReadAllText(_box.In("asha.pid")));

    /// <summary>All that was written to the terminal, from the command's first byte on.</summary>
    public string Raw
    {
        get
        {
            using var file = new FileStream(_box.In("raw"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
            return new StreamReader(file, Encoding.UTF8).ReadToEnd();
        }
    }

    /// <summary>Starts a line of bash in a terminal of a size; <c>asha</c> is the command, and the line's end is told as <c>code=…</c>.</summary>
    /// <param name="line">With <c>asha</c> as its own process, so that its end does not end the shell.</param>
    public static async Task<TmuxTerminal> StartAsync(CliSandbox box, int width, int height, string line)
    {
        var terminal = new TmuxTerminal(box);
        box.Write("pane.sh", $$"""
            asha() ( echo $BASHPID > asha.pid; exec {{AshaProcess.CommandLine}} "$@" )
            unset NO_COLOR
            trap : INT
            read -r
            {{line}}
            echo "code=$?"
            stty -a
            echo "typing is $(stty -a | grep -o -e '-\?\becho\b')"
            read -r
            """);
        await terminal.Tmux("-f", "/dev/null", "-u", "new-session", "-d", "-x", $"{width}", "-y", $"{height}", "bash pane.sh");
        await terminal.Tmux("pipe-pane", $"cat > '{box.In("raw")}'");
        await terminal.Until(() => Task.FromResult(File.Exists(box.In("raw"))), "the recording has begun");
        await terminal.Type("Enter");
        return terminal;
    }

    /// <summary>Keys by tmux's names: <c>Enter</c>, <c>C-c</c>, and others as they are.</summary>
    public Task Type(params string[] keys) => Tmux(["send-keys", .. keys]);

    public Task Resize(int width, int height) => Tmux("resize-window", "-x", $"{width}", "-y", $"{height}");

    /// <summary>What is on the screen now, row by row.</summary>
    public async Task<string> Screen() => (await Tmux("capture-pane", "-p")).TrimEnd('\n') + "\n";

    /// <summary>The screen and all that was scrolled out of it; wrapped lines are whole again.</summary>
    public Task<string> Scrollback() => Tmux("capture-pane", "-p", "-J", "-S", "-");

    /// <summary>The modes that a program leaves behind where it does not tidy up: the other screen, a cursor, wrapping.</summary>
    public async Task<string> Modes() => (await Tmux("display-message", "-p", "alternate #{alternate_on} cursor #{cursor_flag} wrap #{wrap_flag}")).Trim();

    /// <summary>Waits for a screen, and gives it back.</summary>
    public async Task<string> ScreenWith(string text)
    {
        var screen = "";
        await Until(async () => (screen = await Screen()).Contains(text), text);
        return screen;
    }

    /// <summary>Waits for the end of the line, and gives back all that is then to be seen.</summary>
    public async Task<string> End()
    {
        var all = "";
        await Until(async () => (all = await Scrollback()).Contains("\ntyping is "), "the line has ended");
        return all;
    }

    public async Task Until(Func<Task<bool>> holds, string what)
    {
        for (var start = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                Assert.Fail($"Waited too long for: {what}\n{await Scrollback()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Tmux("kill-server");
        await _box.NothingRunsWithin(TimeSpan.FromSeconds(10));
    }

    private async Task<string> Tmux(params string[] arguments)
    {
        var info = new ProcessStartInfo("tmux", ["-S", _box.In("tmux.socket"), .. arguments]);
        info.Environment.Remove("TMUX");
        info.Environment["LC_ALL"] = "C.UTF-8";
        using var process = _box.Start(info);
        var result = await process.EndAsync();
        return result.Exits(0).Out;
    }
}
