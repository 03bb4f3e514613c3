namespace Asha.Cluster.Tests.Harness;

/// <summary>A test with a real Prometheus; skipped, and said so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute()
    {
        if (!Tool.Has("prometheus") || !Tool.Has("promtool"))
            Skip = "there is no prometheus, or no promtool, on this machine: .ci/install-test-tools";
    }
}
