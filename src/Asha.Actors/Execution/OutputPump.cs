namespace Asha.Actors.Execution;

/// <summary>
/// Reads a pipe to its end on a thread of its own. .NET reads pipes by blocking a thread whatever one calls it; taking them
/// from the pool would starve the actors of a machine with many slots.
/// </summary>
internal static class OutputPump
{
    /// <param name="pipe">Closed at its end.</param>
    /// <param name="sink">Gets the bytes, and at the end of the pipe an empty span.</param>
    /// <returns>Completes at the end of the pipe. A fault of the sink shows here, after the pipe was read to its end nevertheless:
    /// a trial must never wait for a reader.</returns>
    public static Task Start(Stream pipe, ByteSink sink)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(pipe, sink, end), maxStackSize: 512 * 1024) { IsBackground = true, Name = "asha-output" };
        thread.Start();
        return end.Task;
    }

    private static void Run(Stream pipe, ByteSink sink, TaskCompletionSource end)
    {
        var buffer = new byte[64 * 1024];
        Exception? fault = null;
        for (var length = -1; length != 0;)
        {
            try
            {
                length = pipe.Read(buffer);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                length = 0;
            }
            try
            {
                if (fault is null)
                    sink(buffer.AsSpan(0, length));
            }
            catch (Exception e)
            {
                fault = e;
            }
        }
        pipe.Dispose();
        if (fault is null)
            end.SetResult();
        else
            end.SetException(fault);
    }
}
