using System.Security.Authentication;
using Akka.Actor;
using Asha.Cluster.Settings;

namespace Asha.Cluster.Tests;

/// <summary>Coordinators that are tried in vain: what people are told of it, and how often.</summary>
public sealed class DoorsTests
{
    private static readonly Address _first = Address.Parse("akka.tcp://asha@10.0.0.1:7600"), _second = Address.Parse("akka.tcp://asha@10.0.0.2:7600");

    [Fact]
    public void That_none_can_be_reached_is_said_once_each_was_tried_and_then_more_and_more_seldom()
    {
        var doors = new SilentDoors(2);
        Assert.Null(doors.Of(_second, new IOException("Connection refused akka.tcp://asha@10.0.0.2:7600.")));
        Assert.Equal(
            "no coordinator can be reached: 10.0.0.1:7600: No route to host; 10.0.0.2:7600: Connection refused. It is tried again; if this stays so, see whether they run, and whether join names where they listen",
            doors.Of(_first, new InvalidOperationException("Association failed", new IOException("No route to host"))));
        Assert.Equal([8, 64], Enumerable.Range(2, 99).Where(_ => Round() is not null));
        doors.Up();
        Assert.NotNull(Round());

        string? Round()
        {
            Assert.Null(doors.Of(_first, new IOException("No route to host")));
            return doors.Of(_second, new IOException("Connection refused"));
        }
    }

    [Fact]
    public void That_one_does_not_go_on_with_connections_is_said_at_first_and_every_tenth_time()
    {
        var doors = new ClosedDoors();
        Assert.Equal([1, 11, 21], Enumerable.Range(1, 25).Where(_ => doors.Of(_first) is not null));
        Assert.StartsWith("not let in: 10.0.0.2:7600 does not go on with the connection; ", doors.Of(_second), StringComparison.Ordinal);
        doors.Up();
        Assert.NotNull(doors.Of(_first));
    }

    [Fact]
    public void Whoever_closes_a_connection_amid_the_handshake_has_refused_it()
    {
        Assert.True(FailedTries.IsRefused(new InvalidOperationException("Association failed", new InvalidOperationException("TLS handshake failed for ssl.tcp://asha@10.0.0.1:7600: Channel is closed", new IOException("Channel is closed")))));
        Assert.False(FailedTries.IsRefused(new InvalidOperationException("Association failed", new IOException("Connection refused"))));
        Assert.False(FailedTries.IsRefused(new InvalidOperationException("TLS handshake failed for ssl.tcp://asha@10.0.0.1:7600: One or more errors occurred.", new AuthenticationException("Cannot determine the frame size or a corrupted frame was received."))));
    }

    [Fact]
    public void Only_a_certificate_that_this_process_does_not_take_is_its_own_refusal()
    {
        Assert.True(FailedTries.IsRefusing(new InvalidOperationException("TLS handshake failed", new AuthenticationException("The remote certificate was rejected by the provided RemoteCertificateValidationCallback."))));
        // An address where something else than TLS answers.
        Assert.False(FailedTries.IsRefusing(new AuthenticationException("Cannot determine the frame size or a corrupted frame was received.")));
        Assert.False(FailedTries.IsRefusing(new AuthenticationException("Authentication failed, see inner exception.", new IOException("certificate unknown"))));
    }
}
