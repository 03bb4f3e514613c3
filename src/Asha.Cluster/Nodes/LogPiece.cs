namespace Asha.Cluster.Nodes;

/// <summary>A piece of what a trial printed on a node.</summary>
/// <param name="Bytes">As they are; at most a whole log.</param>
/// <param name="Position">How much of all that was ever written there has been read with it; a log that is long leaves out some of its middle, which counts as well. Whoever wants to go on says it. <c>null</c>: the node's version does not say.</param>
internal sealed record LogPiece(byte[] Bytes, long? Position)
{
    /// <summary>The header that says the position.</summary>
    public const string Header = "Asha-Log-Position";
}
