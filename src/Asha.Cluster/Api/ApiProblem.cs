using System.Net;

namespace Asha.Cluster.Api;

/// <summary>One mistake in what was sent.</summary>
/// <param name="File">The file, or the option or header.</param>
/// <param name="Line">From 1; 0 where there is no line to name.</param>
/// <param name="Column">From 1; 0 where there is no line to name.</param>
/// <param name="Path">The key; empty for the whole.</param>
/// <param name="Message">What is wrong with it.</param>
/// <param name="Text">All of it in a line, as the command prints it.</param>
internal sealed record ProblemAt(string File, int Line, int Column, string Path, string Message, string Text);

/// <summary>A request that cannot be answered: thrown by whoever finds that out, answered as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="status">400, 401, 403, 404, 405, 409, 413, 415, 422, 500 or 503.</param>
/// <param name="detail">Where, and what.</param>
/// <param name="advice">What to do; <c>null</c>: the detail says it.</param>
/// <param name="problems">Each mistake, where there may be several.</param>
internal sealed class ApiProblemException(HttpStatusCode status, string detail, string? advice = null, IReadOnlyList<ProblemAt>? problems = null) : Exception(detail)
{
    /// <summary>So long whoever asked ought to wait before asking again: a failover takes about ten seconds, and the one who answers first is asked first.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public HttpStatusCode Status => status;

    public ProblemAnswer Answer => new("about:blank", Title, (int)status, Message, advice, problems);

    private string Title => status switch
    {
        HttpStatusCode.BadRequest => "The request has mistakes",
        HttpStatusCode.Unauthorized => "The token is missing or wrong",
        HttpStatusCode.Forbidden => "Not from there",
        HttpStatusCode.NotFound => "Not found",
        HttpStatusCode.Conflict => "Not in this state",
        HttpStatusCode.UnprocessableContent => "Not what was asked for with this key",
        HttpStatusCode.ServiceUnavailable => "Not now",
        _ => "The request cannot be answered",
    };
}
