namespace Asha.Cluster.Security;

/// <summary>PEM files, as certificate authorities hand them out.</summary>
/// <param name="Certificate">The process's own, first in its file; others between it and the root may follow.</param>
/// <param name="Key">Its private key, not encrypted.</param>
/// <param name="Ca">The root, or roots, that the others' certificates must come from. No other root counts, the machine's neither.</param>
public sealed record TlsFiles(string Certificate, string Key, string Ca);
