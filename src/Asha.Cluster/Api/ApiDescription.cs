using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Asha.Cluster.Api;

/// <summary>What <c>/openapi.json</c> says beside the endpoints.</summary>
internal static class ApiDescription
{
    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "Asha",
            Version = "v1",
            Description = "A cluster that tunes hyper-parameters. Every coordinator answers alike. Problems are application/problem+json: 'detail' says where and what, 'advice' what to do, 'problems' each mistake with its place; 503 has Retry-After.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "What is in the coordinators' token-file; where they listen on loopback without one, nothing." };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
        // Prometheus is answered by its exporter, which describes nothing.
        document.Paths["/metrics"] = new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = Metrics(document) } };
        foreach (var (path, item) in document.Paths.Where(path => path.Key.StartsWith(HealthEndpoints.Root, StringComparison.Ordinal)))
        {
            foreach (var operation in item.Operations!.Values)
                operation.Security = [];
        }
        return Task.CompletedTask;
    });

    private static OpenApiOperation Metrics(OpenApiDocument document) => new()
    {
        OperationId = "metrics",
        Summary = "Metrics of this coordinator, for Prometheus",
        Tags = new HashSet<OpenApiTagReference> { new("health", document) },
        Responses = new() { ["200"] = new OpenApiResponse { Description = "The text format, or OpenMetrics where 'Accept' asks for that", Content = new Dictionary<string, OpenApiMediaType> { ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } } } },
    };
}
