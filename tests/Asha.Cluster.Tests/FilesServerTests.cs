using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Asha.Actors.Execution;
using Asha.Cluster.Nodes;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Tuning;
using Asha.Tuning.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Who may fetch a checkpoint, and what: the server and the client of nodes, with certificates of a CA of the test's own.</summary>
public sealed class FilesServerTests(ITestOutputHelper print) : IDisposable
{
    private static readonly HostPort _loopback = new("127.0.0.1", 0);

    [Theory]
    [InlineData("192.0.2.7")] // Nobody has it (RFC 5737), and this machine does not.
    [InlineData("no-such-host.invalid")]
    public async Task An_address_that_this_machine_does_not_have_is_a_mistake_in_the_settings(string host)
    {
        var wrong = await Assert.ThrowsAsync<UserErrorException>(() => FilesServer.StartAsync(new HostPort(host, 7620), null, NullLoggerFactory.Instance, _ => null));
        Assert.StartsWith($"files: {host}:7620: cannot be listened on: ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("an address of this machine", wrong.Advice, StringComparison.Ordinal);
    }

    private static readonly CheckpointRef _saved = new(1, "epoch 4/ünïcode", 4);

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TlsIdentity Identity(TestAuthority authority, string name) => TlsIdentity.Load(authority.Issue(name), "127.0.0.1", DateTimeOffset.UtcNow);

    private RunFolder Run(string side) => RunFolder.OfNode(Directory.CreateDirectory(Path.Combine(_folder, side, "run")).FullName);

    /// <summary>What a node has: a run with a checkpoint, and beside it what nobody may see.</summary>
    private (NodeRuns Runs, RunFolder Run) Published()
    {
        var run = Run("there");
        File.WriteAllText(Path.Combine(_folder, "there", "secret"), "secret");
        File.WriteAllText(Path.Combine(run.Path, "secret"), "secret");
        var folder = Directory.CreateDirectory(Path.Combine(run.Checkpoints.MakeFolder(0, 1), _saved.Path)).FullName;
        File.WriteAllText(Path.Combine(folder, "weights"), "these are weights");
        Assert.Null(run.Checkpoints.Publish(0, 1, _saved.Path, 4, out _));
        return (new NodeRuns(Path.Combine(_folder, "there"), null, null, TextWriter.Null), run);
    }

    private static TrialLaunch Launch(HostPort holder) => new() { Trial = 0, Attempt = 2, Seed = 1, Configuration = Configuration.Empty, Start = 4, Target = 9, Resume = _saved, Holder = holder.ToString() };

    private static Task<CheckpointFinding?> FetchAsync(TlsIdentity? identity, RunFolder into, HostPort holder, double patience = 20)
    {
        var fetcher = new CheckpointFetcher(new FilesClient(identity, TimeSpan.FromSeconds(patience)), NullLogger.Instance, TimeSpan.FromMilliseconds(20));
        return fetcher.For(into)(Launch(holder), _saved, CancellationToken.None);
    }

    [Fact]
    public async Task A_node_of_the_same_CA_fetches_what_it_has_not_and_nobody_else_gets_anything()
    {
        var (runs, _) = Published();
        var authority = new TestAuthority(Path.Combine(_folder, "tls"));
        var other = new TestAuthority(Path.Combine(_folder, "other"), "other");
        using var log = new Lines();
        await using var server = await FilesServer.StartAsync(_loopback, Identity(authority, "there"), log, runs.StoreOf);
        var here = Run("here");
        var came = await FetchAsync(Identity(authority, "here"), here, server.Address);
        print.WriteLine(came!.Detail);
        Assert.Null(came.Fault);
        Assert.NotNull(here.Checkpoints.Verify(0, _saved, CancellationToken.None).Path);
        Assert.Equal("these are weights", File.ReadAllText(Path.Combine(here.Checkpoints.Find(0, _saved)!, "weights")));
        Assert.Null(await FetchAsync(Identity(authority, "here"), here, server.Address)); // It is here.

        // Who asks is not of the CA, is for another machine, or shows nothing; who answers is not of the CA.
        var elsewhere = TlsIdentity.Load(authority.Issue("elsewhere", dns: "elsewhere.invalid"), "elsewhere.invalid", DateTimeOffset.UtcNow);
        foreach (var stranger in new[] { Identity(other, "stranger"), elsewhere, null })
            Assert.False(await AnswersAsync(server.Address, stranger));
        Assert.True(await AnswersAsync(server.Address, Identity(authority, "friend")));
        // Whoever tries again and again does not fill the log.
        for (var time = 0; time < 5; time++)
            Assert.False(await AnswersAsync(server.Address, null));
        Assert.Equal(3, log.Written.Count(line => line.StartsWith("Refused ", StringComparison.Ordinal) && line.Contains(", which asked for checkpoints: its certificate ", StringComparison.Ordinal)));
        await using var false_ = await FilesServer.StartAsync(_loopback, Identity(other, "false"), NullLoggerFactory.Instance, runs.StoreOf);
        var refused = await FetchAsync(Identity(authority, "here"), Run("nowhere"), false_.Address);
        Assert.Equal(EndingCause.CheckpointMissing, refused!.Fault);
        Assert.Contains("was not issued by the CA", refused.Detail, StringComparison.Ordinal);
        // No plain text where there is TLS, in either direction.
        Assert.Equal(EndingCause.CheckpointMissing, (await FetchAsync(null, Run("plain"), server.Address))!.Fault);
        await using var plain = await FilesServer.StartAsync(_loopback, null, NullLoggerFactory.Instance, runs.StoreOf);
        Assert.Equal(EndingCause.CheckpointMissing, (await FetchAsync(Identity(authority, "here"), Run("secure"), plain.Address))!.Fault);
        // It does not even begin with a certificate that does not fit where it is reached.
        await Assert.ThrowsAsync<UserErrorException>(() => FilesServer.StartAsync(_loopback, elsewhere, NullLoggerFactory.Instance, runs.StoreOf));
    }

    /// <summary>ASHA_CHECKPOINT_MIB=1024 makes it 1 GiB, ASHA_CHECKPOINT_FILES=10000 so many files, to see how long that takes.</summary>
    [Fact]
    public async Task A_large_one_comes_whole()
    {
        var (runs, there) = Published();
        var (mebibytes, files) = (Asked("ASHA_CHECKPOINT_MIB", 16), Asked("ASHA_CHECKPOINT_FILES", 4));
        var (random, bytes) = (new Random(1), new byte[((long)mebibytes << 20) / files]);
        for (var file = 0; file < files; file++)
        {
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(there.Checkpoints.Find(0, _saved)!, $"layer-{file}"), bytes);
        }
        Assert.Null(there.Checkpoints.Publish(0, 1, _saved.Path, 4, out _));
        var authority = new TestAuthority(Path.Combine(_folder, "tls"));
        await using var server = await FilesServer.StartAsync(_loopback, Identity(authority, "there"), NullLoggerFactory.Instance, runs.StoreOf);
        await using var plain = await FilesServer.StartAsync(_loopback, null, NullLoggerFactory.Instance, runs.StoreOf);
        foreach (var (name, identity, at) in new[] { ("TLS", Identity(authority, "here"), server.Address), ("plain text", null, plain.Address) })
        {
            var came = await FetchAsync(identity, Run(name), at);
            Assert.Null(came!.Fault);
            var begun = Stopwatch.GetTimestamp();
            Assert.NotNull(Run(name).Checkpoints.Verify(0, _saved, CancellationToken.None).Path);
            print.WriteLine($"{mebibytes} MiB in {files} files over {name}: {came.Detail}; looked through once more, as before each start, in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.00} s");
        }
    }

    [Fact]
    public async Task What_is_not_there_any_more_or_differs_or_never_comes_is_missing_and_says_so()
    {
        var (runs, there) = Published();
        await using var server = await FilesServer.StartAsync(_loopback, null, NullLoggerFactory.Instance, runs.StoreOf);
        var weights = Path.Combine(there.Checkpoints.Find(0, _saved)!, "weights");
        File.WriteAllText(weights, "these are WEIGHTS");
        var differs = FetchAsync(null, Run("differs"), server.Address);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var never = FetchAsync(null, Run("never"), _loopback with { Port = ((IPEndPoint)silent.LocalEndpoint).Port }, patience: 0.5);
        var shorter = await differs;
        Assert.Contains("weights has 17 bytes as its manifest says, but others", shorter!.Detail, StringComparison.Ordinal);
        there.Checkpoints.Discard(0);
        var gone = await FetchAsync(null, Run("gone"), server.Address);
        Assert.Contains("does not have it any more", gone!.Detail, StringComparison.Ordinal);
        Assert.Contains("nothing came for 0.5 s", (await never)!.Detail, StringComparison.Ordinal);
        Assert.All([shorter, gone, await never], finding => Assert.Equal((EndingCause.CheckpointMissing, null), (finding!.Fault, finding.Path)));
        Assert.All(["differs", "gone", "never"], name => Assert.False(Run(name).Checkpoints.Has(0, _saved)));
    }

    private static int Asked(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var asked) ? asked : otherwise;

    /// <summary>As they are on the wire: a client's library would tidy them up.</summary>
    [Theory]
    [InlineData("/v1/checkpoints/run/0/1?path=epoch%204%2F%C3%BCn%C3%AFcode", 200)]
    [InlineData("/v1/checkpoints/run/0/1/file?path=epoch%204%2F%C3%BCn%C3%AFcode&file=weights", 200)]
    [InlineData("/v1/checkpoints/run/0/1/file?path=epoch%204%2F%C3%BCn%C3%AFcode&file=..%2F..%2F..%2F..%2F..%2Fsecret", 404)]
    [InlineData("/v1/checkpoints/run/0/1/file?path=..%2F..%2F..%2Fsecret&file=", 404)]
    [InlineData("/v1/checkpoints/run/0/1/file?path=epoch%204%2F%C3%BCn%C3%AFcode&file=%2Fetc%2Fhostname", 404)]
    [InlineData("/v1/checkpoints/run/0/1/file?path=%2Fetc%2Fhostname&file=", 404)]
    [InlineData("/v1/checkpoints/run/0/1?path=..%2F..%2F..%2Fsecret", 404)]
    [InlineData("/v1/checkpoints/../secret", 404)]
    [InlineData("/v1/checkpoints/..%2Fthere%2Frun/0/1?path=epoch%204%2F%C3%BCn%C3%AFcode", 404)]
    [InlineData("/v1/checkpoints/../0/1?path=x", 404)]
    [InlineData("/v1/checkpoints/%2E%2E/0/1?path=x", 404)]
    [InlineData("/v1/checkpoints/./0/1?path=x", 404)]
    [InlineData("/v1/checkpoints/run%00/0/1?path=x", 400)]
    [InlineData("/v1/checkpoints/nobody/0/1?path=x", 404)]
    [InlineData("/v1/checkpoints/run/-1/1?path=x", 404)]
    [InlineData("/v1/checkpoints/run/0/0?path=x", 404)]
    [InlineData("/v1/checkpoints/run/0/1/../../../../secret", 404)]
    [InlineData("/secret", 404)]
    [InlineData("/", 404)]
    public async Task Paths_do_not_lead_out(string path, int status)
    {
        var (runs, _) = Published();
        await using var server = await FilesServer.StartAsync(_loopback, null, NullLoggerFactory.Instance, runs.StoreOf);
        Assert.Equal(status, await StatusAsync(server.Address, $"GET {path} HTTP/1.1\r\nHost: {server.Address}"));
    }

    /// <summary>A trial may write anywhere in its run's folder: what is handed out is what Asha wrote there, and nobody waits for it.</summary>
    [Theory]
    [InlineData("ln -s ../../secret logs/trial-000001.log", false)]
    [InlineData("mv logs elsewhere && ln -s elsewhere logs", false)]
    [InlineData("mv logs ../elsewhere && ln -s ../elsewhere logs", false)]
    [InlineData("mkfifo logs/trial-000001.log", false)]
    [InlineData("mkfifo pipe && ln -s ../pipe logs/trial-000001.log", false)]
    [InlineData("ln -s /dev/zero logs/trial-000001.log", false)]
    [InlineData("mkdir logs/trial-000001.log", false)]
    [InlineData("truncate -s 1T logs/trial-000001.log", false)]
    [InlineData("mv ../run ../run-1 && ln -s run-1 ../run", true)] // The run's folder itself is whoever keeps the node's.
    [InlineData("cp logs/trial-000000.log logs/trial-000001.log", true)]
    public async Task A_log_is_a_file_of_the_runs_folder_or_there_is_none(string deed, bool isThere)
    {
        var (runs, run) = Published();
        Directory.CreateDirectory(Path.Combine(run.Path, "logs"));
        foreach (var trial in isThere || deed.StartsWith("mv", StringComparison.Ordinal) ? [0, 1] : new[] { 0 })
            File.WriteAllText(Path.Combine(run.Path, "logs", $"trial-{trial:D6}.log"), "printed");
        Tool.Run("bash", "-c", $"cd {run.Path} && {deed}");
        var log = await Task.Run(() => runs.LogOf("run", "1", 0)).WaitAsync(Member.Patience);
        Assert.Equal(isThere ? "printed" : null, log is null ? null : Encoding.UTF8.GetString(log.Bytes));
    }

    [Theory]
    [InlineData("rm weights; mkfifo weights")]
    [InlineData("rm weights; ln -s ../../../../secret weights")]
    [InlineData("rm weights; mkfifo pipe; ln -s pipe weights")]
    public async Task A_file_of_a_checkpoint_is_one_or_there_is_none(string deed)
    {
        var (runs, run) = Published();
        await using var server = await FilesServer.StartAsync(_loopback, null, NullLoggerFactory.Instance, runs.StoreOf);
        const string At = "/v1/checkpoints/run/0/1/file?path=epoch%204%2F%C3%BCn%C3%AFcode&file=weights";
        Assert.Equal(200, await StatusAsync(server.Address, $"GET {At} HTTP/1.1\r\nHost: {server.Address}"));
        Tool.Run("bash", "-c", $"cd '{run.Checkpoints.Find(0, _saved)}' && {deed}");
        Assert.Equal(404, await StatusAsync(server.Address, $"GET {At} HTTP/1.1\r\nHost: {server.Address}").WaitAsync(Member.Patience));
    }

    [Fact]
    public async Task It_is_read_only_and_answers_no_page_of_another_name()
    {
        var (runs, _) = Published();
        await using var server = await FilesServer.StartAsync(_loopback, null, NullLoggerFactory.Instance, runs.StoreOf);
        const string Good = "/v1/checkpoints/run/0/1?path=epoch%204%2F%C3%BCn%C3%AFcode";
        foreach (var method in new[] { "PUT", "POST", "DELETE" })
            Assert.Equal(405, await StatusAsync(server.Address, $"{method} {Good} HTTP/1.1\r\nContent-Length: 0\r\nHost: {server.Address}"));
        Assert.Equal(400, await StatusAsync(server.Address, $"GET {Good} HTTP/1.1\r\nHost: evil.example:{server.Address.Port}"));
    }

    private static async Task<int> StatusAsync(HostPort at, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(at.Host, at.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{request}\r\nConnection: close\r\n\r\n"));
        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync();
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        return int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a client that takes every server is told anything.</summary>
    private sealed class Lines : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Enqueue(formatter(state, exception));
    }

    private static async Task<bool> AnswersAsync(HostPort at, TlsIdentity? identity)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(at.Host, at.Port);
        var wasAsked = false;
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = at.Host,
                ClientCertificateContext = identity?.Shown,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, _, _, _) => wasAsked = true,
            });
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/checkpoints/run/0/1?path=x HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n"));
            return await stream.ReadAsync(new byte[1]) > 0 && wasAsked;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
