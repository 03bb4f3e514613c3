using System.Diagnostics;
using System.Globalization;
using System.Net;
using Asha.Actors.Execution;
using Asha.Cluster.Settings;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Asha.Cluster.Nodes;

/// <summary>
/// Brings checkpoints from the nodes that have them. A node that does not answer is asked again a few times, within seconds: an attempt waits for it, with its slot. What cannot be had is missing, and the trial goes on from an older one, or begins anew.
/// </summary>
/// <param name="client">Reads files of other nodes.</param>
/// <param name="log">Where it is said what could not be fetched.</param>
/// <param name="pause">Before it asks again, and twice as long each time after; <c>null</c>: half a second.</param>
internal sealed class CheckpointFetcher(FilesClient client, ILogger log, TimeSpan? pause = null) : IDisposable
{
    /// <summary>So long nothing may come from a node.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ResiliencePipeline _again = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(MayPass).Handle<IOException>().Handle<TimeoutException>().Handle<CheckpointDiffersException>(),
            MaxRetryAttempts = 3,
            Delay = pause ?? TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
        })
        .Build();

    /// <summary>One at a time of each trial: an attempt that was given up may still be fetching what the next one wants, too.</summary>
    private readonly Turns<(string Run, int Trial)> _turns = new();

    /// <summary>For a run.</summary>
    public CheckpointFetch For(RunFolder folder)
    {
        // What was coming when the process before was killed.
        if (Directory.Exists(CheckpointIntake.FolderOf(folder.Path)))
            Directory.Delete(CheckpointIntake.FolderOf(folder.Path), recursive: true);
        return (launch, checkpoint, stop) => FetchAsync(folder, launch, checkpoint, stop);
    }

    public void Dispose() => client.Dispose();

    private async Task<CheckpointFinding?> FetchAsync(RunFolder folder, TrialLaunch launch, CheckpointRef checkpoint, CancellationToken stop)
    {
        if (launch.Holder is not { } at || HostPort.Parse(at) is not { } holder || folder.Checkpoints.Has(launch.Trial, checkpoint))
            return null; // If it is not here, that is found next.
        using var turn = await _turns.TakeAsync((folder.Name, launch.Trial), stop).ConfigureAwait(false);
        return folder.Checkpoints.Has(launch.Trial, checkpoint) ? null : await FetchAsync(folder, launch, checkpoint, holder, stop).ConfigureAwait(false);
    }

    private async Task<CheckpointFinding> FetchAsync(RunFolder folder, TrialLaunch launch, CheckpointRef checkpoint, HostPort holder, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var intake = new CheckpointIntake(folder.Checkpoints, folder.Path, launch.Trial, checkpoint, launch.Attempt);
            var bytes = await _again.ExecuteAsync(async token => await ReadAsync(intake, folder.Name, launch.Trial, checkpoint, holder, token).ConfigureAwait(false), stop).ConfigureAwait(false);
            return new(null, null, string.Create(CultureInfo.InvariantCulture, $"fetched from {holder}, {bytes} bytes in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.00} s"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException or CheckpointDiffersException or CannotBeKeptException or UnauthorizedAccessException)
        {
            var problem = Words(error, holder);
            log.LogNotFetched(folder.Name, launch.Trial, launch.Attempt, checkpoint.Path, checkpoint.Attempt, problem);
            // It may be whole where it is: a disk that is full here is no reason to give it up.
            return error is CannotBeKeptException or UnauthorizedAccessException
                ? new(null, EndingCause.StartFailed, $"the checkpoint '{checkpoint.Path}' of attempt {checkpoint.Attempt} cannot be kept on this node: {error.Message}")
                : new(null, EndingCause.CheckpointMissing, problem);
        }
    }

    private async Task<long> ReadAsync(CheckpointIntake intake, string run, int trial, CheckpointRef checkpoint, HostPort holder, CancellationToken stop)
    {
        Kept(intake.Begin);
        await using (var manifest = Kept(intake.CreateManifest))
            await client.ReadAsync(client.ManifestAt(holder, run, trial, checkpoint), manifest, CheckpointIntake.MostManifestBytes, stop).ConfigureAwait(false);
        var bytes = 0L;
        foreach (var (path, size) in intake.ReadManifest())
        {
            await using var file = Kept(() => intake.Create(path));
            await client.ReadAsync(client.FileAt(holder, run, trial, checkpoint, path), file, size, stop).ConfigureAwait(false);
            bytes += size;
        }
        Kept(intake.Publish);
        return bytes;
    }

    private static bool MayPass(HttpRequestException error) => error.HttpRequestError != HttpRequestError.SecureConnectionError && error.StatusCode is null or >= HttpStatusCode.InternalServerError;

    private static string Words(Exception error, HostPort holder) => error switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.NotFound } => $"it is not here, and {holder}, the node that had it, does not have it any more",
        CheckpointDiffersException => $"it is not here, and what came from {holder} is not what it was: {error.Message}",
        _ => $"it is not here, and could not be fetched from {holder}: {error.GetBaseException().Message}",
    };

    private static void Kept(Action keep) => Kept(() =>
    {
        keep();
        return true;
    });

    private static T Kept<T>(Func<T> keep)
    {
        try
        {
            return keep();
        }
        catch (IOException error)
        {
            throw new CannotBeKeptException(error.Message);
        }
    }
}
