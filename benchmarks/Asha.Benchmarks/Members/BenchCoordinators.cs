using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Asha.Cluster.Settings;

namespace Asha.Benchmarks.Members;

/// <summary>Coordinators of a cluster as real processes on loopback, in plain text, their journal in a PostgreSQL. They are killed at the end: nothing of them is to be kept.</summary>
internal sealed class BenchCoordinators : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-bench-members-").FullName;
    private readonly List<Process> _processes = [];

    /// <param name="args">The benchmark's: <c>--asha</c>, another <c>asha.dll</c> than the one that was built here.</param>
    /// <param name="count">How many.</param>
    /// <param name="server">The connection string of their journal.</param>
    public BenchCoordinators(string[] args, int count, string server)
    {
        Program = Array.IndexOf(args, "--asha") is >= 0 and var at ? args[at + 1] : "src/Asha.Host/bin/Release/net10.0/asha.dll";
        var ports = FreePorts(2 * count);
        Listens = [.. ports.Take(count).Select(port => $"127.0.0.1:{port}")];
        Apis = [.. ports.Skip(count).Select(port => $"http://127.0.0.1:{port}")];
        for (var member = 0; member < count; member++)
            _processes.Add(Serve(member, server));
    }

    /// <summary>What they run.</summary>
    public string Program { get; }

    /// <summary>Where each is reached by the other members.</summary>
    public IReadOnlyList<string> Listens { get; }

    /// <summary>The ports of <see cref="Listens"/>.</summary>
    public IEnumerable<int> Ports => Listens.Select(listen => HostPort.Parse(listen)!.Port);

    /// <summary>Where each answers clients, as the beginning of a URL.</summary>
    public IReadOnlyList<string> Apis { get; }

    public IReadOnlyList<Process> Processes => _processes;

    /// <summary>Waits until there is a registry; returns which of them has it.</summary>
    public async Task<int> RegistryAsync(HttpClient http)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(5); await Task.Delay(200))
        {
            foreach (var api in Apis)
            {
                try
                {
                    using var answer = await http.GetAsync($"{api}/v1/nodes"); // Health tells all runs, in versions before pages: another may have no answer.
                    if (answer.StatusCode == HttpStatusCode.OK)
                        return Listens.ToList().IndexOf(JsonNode.Parse(await http.GetStringAsync($"{api}/v1/health"))!["registry"]!.GetValue<string>());
                }
                catch (HttpRequestException)
                {
                }
            }
        }
        throw new TimeoutException("no registry answers");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _processes)
        {
            member.Kill();
            await member.WaitForExitAsync();
            member.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A process of the benchmark's; what it says goes to stderr.</summary>
    public static Process Start(string name, string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var info = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment)
            info.Environment[variable] = value;
        var process = Process.Start(info)!;
        DataReceivedEventHandler say = (_, line) => Console.Error.Write(line.Data is { } said ? $"{name}: {said}\n" : "");
        process.OutputDataReceived += say;
        process.ErrorDataReceived += say;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    private Process Serve(int member, string server) => Start($"coordinator {member}", Program,
        ["serve", "--insecure", "--listen", Listens[member], "--join", string.Join(',', Listens), "--api", Apis[member]["http://".Length..], "--data", Path.Combine(_folder, $"coordinator-{member}")],
        ("ASHA_JOURNAL", server));
}
