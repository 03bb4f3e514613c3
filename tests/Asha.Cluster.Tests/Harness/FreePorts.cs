using System.Net;
using System.Net.Sockets;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Ports of loopback that nobody has, below the range from which the kernel gives ports to clients.</summary>
internal static class FreePorts
{
    public static HashSet<int> Some(int count)
    {
        var found = new HashSet<int>();
        while (found.Count < count)
        {
            var port = Random.Shared.Next(20000, 32000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                found.Add(port);
            }
            catch (SocketException)
            {
            }
        }
        return found;
    }
}
