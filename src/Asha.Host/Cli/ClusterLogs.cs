using Asha.Cluster.Client;

namespace Asha.Host.Cli;

/// <summary>What a trial of a cluster printed: so far, or as it comes, wherever the trial goes.</summary>
internal static class ClusterLogs
{
    /// <summary>Each question goes on to the nodes.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    public static async Task<int> PrintAsync(AshaClient client, string run, string trial, LogText text, bool follow, CancellationToken stop)
    {
        try
        {
            if (follow)
                await FollowAsync(client, run, trial, text, stop);
            else
                text.Write(await client.LogAsync(run, trial, stop));
            text.End();
        }
        catch (IOException gone) when (gone.HResult == LogsCommand.BrokenPipe)
        {
            return ExitCode.Done;
        }
        if (!text.HasWritten && text.Attempt is { } attempt)
            Console.Error.WriteLine($"asha: the log has nothing of attempt {attempt}");
        return ExitCode.Done;
    }

    /// <summary>An answer counts as a whole or not at all, so that nothing is said twice, whatever breaks.</summary>
    private static async Task FollowAsync(AshaClient client, string run, string trial, LogText text, CancellationToken stop)
    {
        var silence = new SilencePatience();
        for (var position = ""; ; await Task.Delay(_pause, stop))
        {
            try
            {
                var come = await client.FollowLogAsync(run, trial, position, stop);
                silence.Ended();
                text.Write(come.Bytes);
                position = come.Position;
                // What was printed last may reach its file a moment after the journal knows of the end.
                if (come is { IsOver: true, Bytes.Length: 0 })
                    return;
            }
            catch (ClusterUnreachableException silent) when (silence.Bears())
            {
                if (silence.IsNew)
                    Console.Error.WriteLine(Output.Clean($"asha: {silent.Reasons[0]}; it goes on where it was, once a coordinator answers"));
            }
        }
    }
}
