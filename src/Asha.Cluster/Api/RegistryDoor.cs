using System.Net;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Cluster.Coordinators;

namespace Asha.Cluster.Api;

/// <summary>The way from the API to the registry. The actor system behind it is made anew when the others have given it up; requests that come meanwhile are answered with "not now".</summary>
/// <param name="here">Where this coordinator listens.</param>
internal sealed class RegistryDoor(Settings.HostPort here)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private volatile IActorRef? _registry;

    /// <summary>Where this coordinator is: actors of its own come without an address, whoever speaks of them.</summary>
    public string Here => here.ToString();

    /// <summary>From now on this one is asked; <c>null</c>: nobody.</summary>
    public void Use(IActorRef? registry) => _registry = registry;

    /// <summary>Asks, and waits for the one answer.</summary>
    /// <exception cref="ApiProblemException">It refused (404, 409, 422), or nobody answers (503).</exception>
    public async Task<T> AskAsync<T>(object command) where T : class
    {
        if (_registry is not { } registry)
            throw NotNow("this coordinator is not in the cluster at the moment");
        object answer;
        try
        {
            answer = await registry.Ask<object>(command, _patience).ConfigureAwait(false);
        }
        catch (Exception silent) when (silent is AskTimeoutException or OperationCanceledException or InvalidOperationException)
        {
            throw NotNow($"no registry answered within {_patience.TotalSeconds:0} s: a majority of the coordinators and their database have to be up, and after a coordinator was lost it takes about ten seconds until another has taken over");
        }
        return answer switch
        {
            T wanted => wanted,
            RegistryRefused { IsOther: true } other => throw new ApiProblemException(HttpStatusCode.UnprocessableContent, $"Idempotency-Key: {other.Reason}", "Send what was sent the first time, or another experiment with a key of its own."),
            RegistryRefused refused => throw new ApiProblemException(refused.IsUnknown ? HttpStatusCode.NotFound : HttpStatusCode.Conflict, refused.Reason),
            _ => throw new InvalidOperationException($"{answer.GetType().Name} is no answer to {command.GetType().Name}."),
        };
    }

    /// <summary>Whether a registry answers within this time.</summary>
    public async Task<bool> AnswersAsync(TimeSpan within)
    {
        try
        {
            return _registry is { } registry && await registry.Ask<object>(new ListExperiments(Limit: 1), within).ConfigureAwait(false) is ExperimentList;
        }
        catch (Exception silent) when (silent is AskTimeoutException or OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Asks for experiments; one of an earlier version, while coordinators are upgraded one after the other, tells all, of which those are taken.</summary>
    /// <exception cref="ApiProblemException">As with <see cref="AskAsync"/>.</exception>
    public async Task<ExperimentList> ListAsync(ListExperiments asked) => ExperimentPage.Of(await AskAsync<ExperimentList>(asked).ConfigureAwait(false), asked);

    private static ApiProblemException NotNow(string why) => new(HttpStatusCode.ServiceUnavailable, why, "Ask again in a moment, or another coordinator.");
}
