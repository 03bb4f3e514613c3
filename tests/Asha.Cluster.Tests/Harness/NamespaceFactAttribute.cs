namespace Asha.Cluster.Tests.Harness;

/// <summary>A test whose members are in network namespaces; skipped, and said so, where these are not to be had, and where nobody has asked for them: they take minutes.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    /// <summary>The variable by which somebody asks for them.</summary>
    private const string Variable = "ASHA_PARTITIONS";

    public NamespaceFactAttribute()
    {
        if (Wires.Missing is { } missing)
            Skip = missing;
        else if (Checker.Missing is { } other)
            Skip = other;
        else if (Environment.GetEnvironmentVariable(Variable) != "all")
            Skip = $"it takes long: {Variable}=all runs it";
    }
}
