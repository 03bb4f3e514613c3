using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Asha.Cluster.Api;

/// <summary>How a request that cannot be answered is answered.</summary>
internal static class ApiProblems
{
    private const string Type = "application/problem+json";

    /// <summary>Runs the rest; what it throws becomes an answer.</summary>
    /// <param name="advice">For whoever asks for what there is not.</param>
    public static async Task CatchAsync(HttpContext context, ILoggerFactory log, string advice, Func<Task> rest)
    {
        try
        {
            await rest().ConfigureAwait(false);
            if (!context.Response.HasStarted && Unrouted(context) is { } unrouted)
                await WriteAsync(context, new ApiProblemException((HttpStatusCode)context.Response.StatusCode, unrouted, advice)).ConfigureAwait(false);
        }
        catch (ApiProblemException problem) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, problem).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, new ApiProblemException((HttpStatusCode)bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "the experiment is larger than 1 MiB" : bad.Message.TrimEnd('.'))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            log.CreateLogger("Asha.Api").LogRequestFailed(error, context.Request.Method, context.Request.Path);
            await WriteAsync(context, new ApiProblemException(HttpStatusCode.InternalServerError, "this process failed at it; its log says more")).ConfigureAwait(false);
        }
    }

    /// <summary>For the description: which problems an endpoint may answer with.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<ProblemAnswer>(status, Type);
        return endpoint;
    }

    /// <summary>Why a request was not handed to any endpoint; <c>null</c>: it was.</summary>
    private static string? Unrouted(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"{context.Request.Path}: there is nothing under this path",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method}: is no method of {context.Request.Path}",
        StatusCodes.Status415UnsupportedMediaType => $"Content-Type: is {(context.Request.ContentType is { Length: > 0 } type ? type : "missing")}; an experiment is application/yaml or application/json",
        _ => null,
    };

    private static async Task WriteAsync(HttpContext context, ApiProblemException problem)
    {
        context.Response.StatusCode = (int)problem.Status;
        if (problem.Status == HttpStatusCode.ServiceUnavailable)
            context.Response.Headers.RetryAfter = ((int)ApiProblemException.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (problem.Status == HttpStatusCode.Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.ContentType = Type;
        await JsonSerializer.SerializeAsync(context.Response.Body, problem.Answer, ApiJson.Plain.ProblemAnswer, context.RequestAborted).ConfigureAwait(false);
    }
}

internal static partial class ApiLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    public static partial void LogRequestFailed(this ILogger log, Exception error, string method, string path);
}
