using Asha.Actors.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Asha.Cluster.Metrics;

/// <summary>What this process measures, as Prometheus reads it.</summary>
internal sealed class MetricsExport : IDisposable
{
    /// <summary>
    /// Places for series of an instrument: the exporter keeps one for each that it has ever seen, and what has none is summed up as <c>otel_metric_overflow</c>. Runs that were closed leave at most <see cref="OpenRuns.RunsOfInstruments"/> times the series of one;
    /// with these, three hundred more may be open at a time.
    /// </summary>
    private const int Places = 4000;

    private readonly MeterProvider _provider;

    private MetricsExport(MeterProvider provider) => _provider = provider;

    /// <summary>Listens to all that is measured, from now on.</summary>
    public static MetricsExport Of() => new(Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("asha", autoGenerateServiceInstanceId: false))
        .AddMeter(MetricInfo.Meter)
        .AddView(instrument => MetricInfo.All.FirstOrDefault(metric => metric.Name == instrument.Name)?.Labels.Contains(MetricInfo.Experiment) == true ? new MetricStreamConfiguration { CardinalityLimit = Places } : null)
        .AddPrometheusExporter(options =>
        {
            options.ScopeInfoEnabled = false; // One meter: its name beside each series says nothing.
            options.ScrapeResponseCacheDurationMilliseconds = 0;
        })
        .Build());

    /// <summary>Answers <c>GET /metrics</c>.</summary>
    public void Map(IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint("/metrics", _provider, null, null);

    public void Dispose() => _provider.Dispose();
}
