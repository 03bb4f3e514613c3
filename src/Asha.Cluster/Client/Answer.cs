using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Asha.Cluster.Client;

/// <summary>What a coordinator has answered, whole.</summary>
/// <param name="Body">All of it.</param>
/// <param name="Headers">What it says of it.</param>
/// <param name="From">What was asked.</param>
internal sealed record Answer(byte[] Body, HttpResponseHeaders Headers, Uri? From)
{
    /// <summary>Reads it to the end. A whole run may take long to come, so that it is the next piece that is waited for.</summary>
    /// <param name="response">Of which the headers have come.</param>
    /// <param name="patience">So long a piece is waited for.</param>
    /// <param name="cancel">Nobody wants it any more.</param>
    /// <exception cref="BrokenAnswerException">The rest does not come.</exception>
    public static async Task<Answer> OfAsync(HttpResponseMessage response, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var all = new MemoryStream();
        var piece = new byte[1 << 16];
        try
        {
            limit.CancelAfter(patience);
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            while (await body.ReadAsync(piece, limit.Token).ConfigureAwait(false) is > 0 and var read)
            {
                all.Write(piece, 0, read);
                limit.CancelAfter(patience);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new BrokenAnswerException($"the connection broke in the middle of its answer: {broken.GetBaseException().Message.TrimEnd('.')}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new BrokenAnswerException($"began to answer, and then said nothing for {patience.TotalSeconds:0.#} s");
        }
        return new Answer(all.ToArray(), response.Headers, response.RequestMessage?.RequestUri);
    }

    /// <summary>As JSON; <c>null</c>: it is none.</summary>
    public T? Read<T>(JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An answer has begun, and its rest does not come: nothing of it counts.</summary>
internal sealed class BrokenAnswerException(string reason) : Exception(reason);
