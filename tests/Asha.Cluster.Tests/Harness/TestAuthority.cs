using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Asha.Cluster.Security;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A CA of a test's own, and what it issues, as PEM files.</summary>
internal sealed class TestAuthority
{
    private readonly string _folder;
    private readonly X509Certificate2 _root;

    public TestAuthority(string folder, string name = "ca")
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Asha test {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
        Ca = Write($"{name}.pem", _root.ExportCertificatePem());
    }

    /// <summary>The file with the root.</summary>
    public string Ca { get; }

    /// <summary>A certificate for 127.0.0.1, or for a name in its place, and for more addresses; from and until so many days from now.</summary>
    public TlsFiles Issue(string name, string? dns = null, double from = -1, double until = 10, params IEnumerable<IPAddress> more)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (dns is null)
            names.AddIpAddress(IPAddress.Loopback);
        else
            names.AddDnsName(dns);
        foreach (var address in more)
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        using var issued = request.Create(_root, DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(until), RandomNumberGenerator.GetBytes(8));
        return new TlsFiles(Write($"{name}.pem", issued.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()), Ca);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
