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
        return Task.CompletedTask;
    });
}
