using System.Globalization;
using Asha.Cluster.Settings;
using Asha.Tuning;

namespace Asha.Cluster.Nodes;

/// <summary>
/// The port at which a node handed out its files the last time. Journals say where a checkpoint is by that address: a node that is started again on its old folder is to be found where it was, also where nobody has chosen a port for it.
/// </summary>
internal static class KeptPort
{
    private static string File(string data) => Path.Combine(data, "files.port");

    /// <summary>Starts the server: where any port will do, at the last one, if that is still to be had.</summary>
    /// <param name="at">Where; port 0: any.</param>
    /// <param name="data">The folder of the process.</param>
    /// <param name="start">Starts it.</param>
    /// <exception cref="UserErrorException">It cannot listen there, or the folder cannot be written.</exception>
    public static async Task<FilesServer> StartAsync(HostPort at, string data, Func<HostPort, Task<FilesServer>> start)
    {
        if (at.Port != 0)
            return await start(at).ConfigureAwait(false);
        var last = Read(data);
        var started = await StartAsync(at, last, start).ConfigureAwait(false);
        if (started.Address.Port != last)
            Write(data, started.Address.Port);
        return started;
    }

    private static async Task<FilesServer> StartAsync(HostPort at, int last, Func<HostPort, Task<FilesServer>> start)
    {
        try
        {
            return await start(at with { Port = last }).ConfigureAwait(false);
        }
        catch (UserErrorException) when (last != 0)
        {
            // Somebody else has it by now. If that was not the reason, it is told as it always was.
            return await start(at).ConfigureAwait(false);
        }
    }

    /// <summary>0: there was none, or what stands there is no port of an ordinary user.</summary>
    private static int Read(string data)
    {
        try
        {
            return int.TryParse(System.IO.File.ReadAllText(File(data)), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 1023 and <= ushort.MaxValue ? port : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void Write(string data, int port)
    {
        try
        {
            System.IO.File.WriteAllText(File(data), port.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"data: {data}: cannot be used: {error.Message}");
        }
    }
}
