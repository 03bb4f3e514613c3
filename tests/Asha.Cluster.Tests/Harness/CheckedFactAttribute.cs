namespace Asha.Cluster.Tests.Harness;

/// <summary>A test at whose end the external checker looks; skipped, and said so, where that cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CheckedFactAttribute : FactAttribute
{
    public CheckedFactAttribute()
    {
        if (Checker.Missing is { } missing)
            Skip = missing;
    }
}
