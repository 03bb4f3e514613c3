using System.Text;

namespace Asha.Cluster.Nodes;

/// <summary>Says what is written to it, a line each.</summary>
internal sealed class SaidLines(Action<string> say) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => say(value ?? "");
}
