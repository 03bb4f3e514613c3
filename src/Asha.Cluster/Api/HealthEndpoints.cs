using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asha.Cluster.Api;

/// <summary><c>/health/live</c> and <c>/health/ready</c>, for whoever starts processes anew or sends requests to those that can be of use. Both are answered without a token, and say nothing but that.</summary>
/// <param name="problem">Why the process can be of no use at the moment, in a sentence for anybody; <c>null</c>: it can.</param>
internal sealed class HealthEndpoints(Func<Task<string?>> problem)
{
    /// <summary>What below here is asked needs no token.</summary>
    public const string Root = "/health";

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Root}/live", () => TypedResults.Json(new StatusAnswer("live"), ApiJson.Plain.StatusAnswer)).WithTags("health").WithName("live")
            .WithSummary("Whether the process answers; without a token").Produces<StatusAnswer>();
        app.MapGet($"{Root}/ready", ReadyAsync).WithTags("health").WithName("ready")
            .WithSummary("Whether this coordinator is up in the cluster, and a registry and the database answer it; without a token").Produces<StatusAnswer>().Problems(503);
    }

    private async Task<IResult> ReadyAsync() => await problem().ConfigureAwait(false) is { } why
        ? throw new ApiProblemException(HttpStatusCode.ServiceUnavailable, why)
        : TypedResults.Json(new StatusAnswer("ready"), ApiJson.Plain.StatusAnswer);
}
