namespace Asha.Cluster.Tests.Harness;

/// <summary>A test whose members are in network namespaces; skipped, and said so, where these are not to be had, and where it is one of the long ones that nobody has asked for.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    /// <summary>The variable by which somebody asks for the long ones.</summary>
    private const string Variable = "ASHA_PARTITIONS";

    public NamespaceFactAttribute(bool isLong = false)
    {
        if (Wires.Missing is { } missing)
            Skip = missing;
        else if (Checker.Missing is { } other)
            Skip = other;
        else if (isLong && Environment.GetEnvironmentVariable(Variable) != "all")
            Skip = $"it takes long: {Variable}=all runs it";
    }
}
