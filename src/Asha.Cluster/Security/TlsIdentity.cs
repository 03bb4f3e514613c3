using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Asha.Tuning;

namespace Asha.Cluster.Security;

/// <summary>A process's own certificate, and what it takes others' for: read once, and looked through before anything listens.</summary>
public sealed class TlsIdentity
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _roots;
    private readonly X509Certificate2Collection _between;

    private TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection roots, X509Certificate2Collection between) => (Certificate, _roots, _between) = (certificate, roots, between);

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What is shown to others: the certificate, and what is between it and the root.</summary>
    internal SslStreamCertificateContext Shown => SslStreamCertificateContext.Create(Certificate, _between, offline: true);

    /// <summary>What its file has between it and the root.</summary>
    internal X509Certificate2Collection Between => _between;

    /// <summary>Why somebody was refused, if a CA is why.</summary>
    internal const string OtherCa = "was not issued by the CA";

    /// <summary>What is written of those whom it refuses; it outlives the actor systems of its process.</summary>
    internal RefusalLines Refused { get; } = new();

    /// <summary>When it is of no use any more.</summary>
    public DateTime ExpiresAt => Certificate.NotAfter.ToUniversalTime();

    /// <summary>Reads the files, and makes sure that the others will take the certificate.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="host">By which name or address this process is reached.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="UserErrorException">Which file cannot be used, and why.</exception>
    public static TlsIdentity Load(TlsFiles files, string host, DateTimeOffset now)
    {
        var roots = ReadAll(files.Ca, "tls.ca");
        var between = ReadAll(files.Certificate, "tls.certificate");
        var certificate = ReadOwn(files);
        var identity = new TlsIdentity(certificate, roots, between);
        if (identity.Refusal(certificate, now) is { } refusal)
            throw new UserErrorException($"tls.certificate: {files.Certificate}: {refusal}", refusal.Contains("issued", StringComparison.Ordinal) ? $"tls.ca is {files.Ca}; every coordinator and node needs a certificate of the same CA." : null);
        if (!HasName(certificate))
            throw new UserErrorException($"tls.certificate: {files.Certificate}: has no subject alternative name; the common name counts for nothing", $"Have one made with the name {host}.");
        if (!certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false))
            throw new UserErrorException($"tls.certificate: {files.Certificate}: is for {string.Join(", ", Names(certificate))}, but this process is reached as {host} (listen)");
        var uses = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages.Cast<Oid>().Select(use => use.Value).ToArray();
        if (uses is not null && !(uses.Contains(ServerUse) && uses.Contains(ClientUse)))
            throw new UserErrorException($"tls.certificate: {files.Certificate}: may not be used by both a server and a client (extended key usage); every process is both");
        return identity;
    }

    /// <summary>Why a certificate is none of ours; <c>null</c>: it is.</summary>
    public string? Refusal(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.ExtraStore.AddRange(_between);
        // A root of one's own seldom says where its list of revoked ones is; whose key was stolen needs another root (docs/decisions/023).
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        if (chain.Build(certificate))
            return null;
        if (now < certificate.NotBefore)
            return $"is valid only from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm}Z on";
        if (now > certificate.NotAfter)
            return $"expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm}Z";
        var first = chain.ChainStatus.FirstOrDefault();
        return first.Status is X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot
            ? $"{OtherCa}: its issuer is {certificate.Issuer}"
            : $"does not hold: {first.StatusInformation.Trim().TrimEnd('.')}";
    }

    /// <summary>Its names and addresses.</summary>
    public static IEnumerable<string> Names(X509Certificate2 certificate) => certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())));

    /// <summary>Whether it is for the machine at this address: by the address itself, or by a name that leads there.</summary>
    public static bool IsFor(X509Certificate2 certificate, IPAddress address, Func<string, IReadOnlyList<IPAddress>> resolve)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Any(names
            => names.EnumerateIPAddresses().Contains(plain) || names.EnumerateDnsNames().Any(name => !name.Contains('*', StringComparison.Ordinal) && resolve(name).Contains(plain)));
    }

    private static bool HasName(X509Certificate2 certificate) => Names(certificate).Any();

    private static X509Certificate2Collection ReadAll(string path, string key)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPem(File.ReadAllText(path));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UserErrorException($"{key}: {path}: cannot be read: {wrong.Message}");
        }
        return read.Count > 0 ? read : throw new UserErrorException($"{key}: {path}: has no certificate in it (PEM: -----BEGIN CERTIFICATE-----)");
    }

    private static X509Certificate2 ReadOwn(TlsFiles files)
    {
        string key;
        try
        {
            key = File.ReadAllText(files.Key);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"tls.key: {files.Key}: cannot be read: {wrong.Message}");
        }
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new UserErrorException($"tls.key: {files.Key}: is encrypted, and nobody would be there to say the password; keep it as a file that only Asha's user can read");
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(files.Certificate), key);
        }
        catch (CryptographicException wrong)
        {
            throw new UserErrorException($"tls.key: {files.Key}: is not the key of {files.Certificate}: {wrong.Message}");
        }
        catch (ArgumentException)
        {
            throw new UserErrorException($"tls.key: {files.Key}: is not the key of {files.Certificate}", "Both are of one request: openssl req -new -newkey … -keyout KEY.");
        }
    }
}
