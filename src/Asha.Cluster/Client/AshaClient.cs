using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Asha.Cluster.Api;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Security;
using Asha.Tuning;

namespace Asha.Cluster.Client;

/// <summary>Speaks to a cluster's API, as a command does: with whichever coordinator answers; a coordinator that cannot be reached, or that has no registry at the moment, is passed over.</summary>
internal sealed class AshaClient : IDisposable
{
    private readonly ServerAddresses _to;
    private readonly HttpClient _http;

    /// <summary>Whether the coordinator that is asked has shown a certificate: then it speaks TLS, whatever becomes of that.</summary>
    private volatile bool _hasShownCertificate;

    /// <summary>What is wrong with it.</summary>
    private volatile string _distrust = "";

    /// <param name="to">Which cluster.</param>
    /// <param name="patience">So long an answer is waited for, and each next piece of it; 20 s where it is left out.</param>
    /// <exception cref="UserErrorException">The CA cannot be read.</exception>
    public AshaClient(ServerAddresses to, TimeSpan? patience = null)
    {
        _to = to;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(3), AllowAutoRedirect = false, UseProxy = false };
        if (to.Ca is { } ca)
            handler.SslOptions.CertificateChainPolicy = TrustOnly(ca);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            _hasShownCertificate = certificate is not null;
            _distrust = Distrust(certificate, chain, errors);
            return errors == SslPolicyErrors.None;
        };
        _http = new HttpClient(handler) { Timeout = patience ?? TimeSpan.FromSeconds(20) };
        if (to.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Submits an experiment. The same key again is the same run, so that it can be said again when no answer came.</summary>
    public Task<SubmittedAnswer> SubmitAsync(string text, string query, string key, CancellationToken cancel) => AskAsync(ApiJson.Plain.SubmittedAnswer, () =>
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"v1/experiments?{query}") { Content = new StringContent(text) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }, cancel);

    /// <summary>Experiments, newest first, page after page.</summary>
    /// <param name="phases">Only those that stand so, with commas.</param>
    /// <param name="most">So many at most; if there are more, the answer has a next.</param>
    /// <param name="cancel">Nobody wants it any more.</param>
    public async Task<ExperimentsAnswer> ListAsync(string phases, int most, CancellationToken cancel)
    {
        string[] wanted = phases.Split(',');
        var listed = new List<ExperimentAnswer>();
        for (string? after = null; ;)
        {
            var page = await PageAsync($"phase={Uri.EscapeDataString(phases)}&limit={Math.Clamp(most - listed.Count, 1, ExperimentPage.Usual)}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", cancel).ConfigureAwait(false);
            // A coordinator of an earlier version tells all at once, the oldest first.
            listed.AddRange(page.Total > 0 ? page.Experiments : page.Experiments.Reverse().Where(run => wanted.Contains(run.Phase)));
            after = page.Next;
            if (after is null || listed.Count >= most)
                return page with { Experiments = [.. listed.Take(most)], Next = listed.Count > most ? listed[most - 1].Run : after };
        }
    }

    /// <summary>One experiment as the list has it; <c>null</c>: there is none.</summary>
    public async Task<ExperimentAnswer?> FindAsync(string run, CancellationToken cancel)
        => (await PageAsync($"run={Uri.EscapeDataString(run)}", cancel).ConfigureAwait(false)).Experiments.FirstOrDefault(listed => listed.Run == run);

    public Task<NodesAnswer> NodesAsync(CancellationToken cancel) => AskAsync(ApiJson.Plain.NodesAnswer, () => new HttpRequestMessage(HttpMethod.Get, "v1/nodes"), cancel);

    /// <summary>The summary of a run, as it came.</summary>
    public Task<string> SummaryAsync(string run, CancellationToken cancel) => TextAsync($"v1/experiments/{Uri.EscapeDataString(run)}", cancel);

    /// <summary>What <see cref="NodesAsync"/> reads, as it came.</summary>
    public Task<string> NodesTextAsync(CancellationToken cancel) => TextAsync("v1/nodes", cancel);

    /// <summary>The run's events, as lines.</summary>
    public async Task<byte[]> EventsAsync(string run, CancellationToken cancel) => (await GetAsync($"v1/experiments/{Uri.EscapeDataString(run)}/events", cancel).ConfigureAwait(false)).Body;

    /// <summary>What a trial printed, by its number, or the preparation.</summary>
    public async Task<byte[]> LogAsync(string run, string trial, CancellationToken cancel) => (await GetAsync($"v1/experiments/{Uri.EscapeDataString(run)}/logs/{Uri.EscapeDataString(trial)}", cancel).ConfigureAwait(false)).Body;

    /// <summary>What a trial printed since it was last asked for; with the position that was said then, any coordinator can go on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="trial">Its number, or the preparation.</param>
    /// <param name="position">Empty at first.</param>
    /// <param name="cancel">Nobody wants it any more.</param>
    /// <exception cref="ClusterUnreachableException">Nobody answers, or the connection broke: nothing of it counts.</exception>
    public async Task<FollowedLog> FollowLogAsync(string run, string trial, string position, CancellationToken cancel)
    {
        var (bytes, headers, _) = await GetAsync($"v1/experiments/{Uri.EscapeDataString(run)}/logs/{Uri.EscapeDataString(trial)}?after={Uri.EscapeDataString(position)}", cancel).ConfigureAwait(false);
        if (!headers.TryGetValues(LogEndpoints.PositionHeader, out var next))
            throw new UserErrorException("--follow: the coordinator is of an earlier version, which tells only all of a log at once", "Leave --follow out, or upgrade the coordinators.");
        return new FollowedLog(bytes, next.First(), headers.TryGetValues(LogEndpoints.OverHeader, out var over) && over.First() == "true");
    }

    /// <param name="command"><c>pause</c>, <c>resume</c> or <c>cancel</c>.</param>
    public Task CommandAsync(string run, string command, CancellationToken cancel)
        => AskAsync(ApiJson.Plain.TakenAnswer, () => new HttpRequestMessage(HttpMethod.Post, $"v1/experiments/{Uri.EscapeDataString(run)}/{command}"), cancel);

    public Task DrainAsync(string node, CancellationToken cancel) => AskAsync(ApiJson.Plain.TakenAnswer, () => new HttpRequestMessage(HttpMethod.Post, $"v1/nodes/{Uri.EscapeDataString(node)}/drain"), cancel);

    public void Dispose() => _http.Dispose();

    private Task<ExperimentsAnswer> PageAsync(string query, CancellationToken cancel) => AskAsync(ApiJson.Plain.ExperimentsAnswer, () => new HttpRequestMessage(HttpMethod.Get, $"v1/experiments?{query}"), cancel);

    private async Task<string> TextAsync(string path, CancellationToken cancel) => Encoding.UTF8.GetString((await GetAsync(path, cancel).ConfigureAwait(false)).Body);

    private Task<Answer> GetAsync(string path, CancellationToken cancel) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancel);

    private async Task<T> AskAsync<T>(JsonTypeInfo<T> type, Func<HttpRequestMessage> request, CancellationToken cancel) where T : class
    {
        var answer = await SendAsync(request, cancel).ConfigureAwait(false);
        return answer.Read(type) ?? throw new ClusterUnreachableException([$"{answer.From}: answered with nothing"]);
    }

    /// <summary>Asks one coordinator after the other until one answers, whole, and other than with "not now".</summary>
    private async Task<Answer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        var silent = new List<string>();
        var mayBeDone = false;
        var mistakes = 0;
        foreach (var server in _to.Servers)
        {
            var name = server.GetLeftPart(UriPartial.Authority);
            (_hasShownCertificate, _distrust) = (false, "");
            using var request = make();
            request.RequestUri = new Uri(server, request.RequestUri!);
            try
            {
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
                var answer = await Answer.OfAsync(response, _http.Timeout, cancel).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return answer;
                var problem = answer.Read(ApiJson.Plain.ProblemAnswer);
                var detail = problem?.Detail ?? $"answered {(int)response.StatusCode}, and not as a coordinator does";
                if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
                    throw new UserErrorException(problem?.Problems is { Count: > 0 } problems ? [.. problems.Select(one => one.Text)] : [problem is null ? $"{name}: {detail}" : detail], problem?.Advice);
                silent.Add($"{name}: {detail}");
                mayBeDone = true;
            }
            catch (BrokenAnswerException broken)
            {
                silent.Add($"{name}: {broken.Message}");
                mayBeDone = true;
            }
            catch (HttpRequestException error)
            {
                var mistake = _hasShownCertificate ? null : await SchemeProbe.MistakeAsync(server, cancel).ConfigureAwait(false);
                mistakes += mistake is null && error.InnerException is not AuthenticationException ? 0 : 1;
                silent.Add($"{name}: {mistake ?? Reason(error)}");
                mayBeDone |= error.InnerException is not (SocketException or AuthenticationException);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                silent.Add($"{name}: did not answer within {_http.Timeout.TotalSeconds:0} s");
                mayBeDone = true;
            }
        }
        if (mistakes == _to.Servers.Count)
            throw new UserErrorException(silent, null);
        throw new ClusterUnreachableException(silent, mayBeDone);
    }

    private string Reason(HttpRequestException error) => error.InnerException switch
    {
        SocketException refused => $"cannot be reached: {refused.Message}",
        AuthenticationException untrusted => $"its certificate is not taken: {(_distrust.Length > 0 ? _distrust : untrusted.Message.TrimEnd('.'))}",
        IOException { Message: var broken } => $"does not speak as expected: {broken.TrimEnd('.')} (is this its 'api', and not where it listens for the other members?)",
        _ => error.Message,
    };

    private string Distrust(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || shown is not X509Certificate2 certificate)
            return "";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"it is for {string.Join(", ", TlsIdentity.Names(certificate))}; say --to by one of these names";
        var status = chain?.ChainStatus.FirstOrDefault().Status ?? X509ChainStatusFlags.NoError;
        if (status is X509ChainStatusFlags.NotTimeValid)
            return $"it is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}";
        return $"its issuer is {certificate.Issuer}, {(_to.Ca is { } ca ? $"which {ca} is not, or not the same one; give --ca, the CA of this cluster" : "whom this machine does not know; give --ca, the CA of this cluster")}";
    }

    private static X509ChainPolicy TrustOnly(string ca)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(ca);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UserErrorException($"--ca: {ca}: cannot be read: {wrong.Message}");
        }
        return policy.CustomTrustStore.Count > 0 ? policy : throw new UserErrorException($"--ca: {ca}: has no certificate in it (PEM: -----BEGIN CERTIFICATE-----)");
    }
}

/// <summary>What came of a log that is followed.</summary>
/// <param name="Bytes">As they were printed, below lines that name the node; empty: nothing came.</param>
/// <param name="Position">To be said with the next question.</param>
/// <param name="IsOver">The trial or the run has ended: what is still to come comes at once.</param>
internal sealed record FollowedLog(byte[] Bytes, string Position, bool IsOver);

/// <summary>No coordinator answered, or none can at the moment.</summary>
/// <param name="reasons">What each said, or why it said nothing.</param>
/// <param name="mayBeDone">One of them has heard what was asked for.</param>
internal sealed class ClusterUnreachableException(IReadOnlyList<string> reasons, bool mayBeDone = false) : Exception(string.Join('\n', reasons))
{
    /// <summary>Whether it may be done all the same, now or when the registry is back.</summary>
    public bool MayBeDone => mayBeDone;

    /// <summary>A line for each coordinator.</summary>
    public IReadOnlyList<string> Reasons => reasons;
}
