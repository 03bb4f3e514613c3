using Akka.Actor;
using Akka.Event;
using Asha.Actors.Messages;
using Asha.Cluster.Coordinators;

namespace Asha.Cluster.Tests;

/// <summary>Two nodes of one name, by mistake.</summary>
public sealed class NamesakeTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("test", "akka.loglevel = WARNING\nakka.loggers = []");
    private readonly Clock _clock = new();
    private readonly Inbox _first, _second;
    private readonly IActorRef _nodes;

    public NamesakeTests()
    {
        (_first, _second) = (Inbox.Create(_system), Inbox.Create(_system));
        _nodes = _system.ActorOf(Props.Create(() => new Host(_clock)));
    }

    public void Dispose() => _system.Terminate().Wait();

    [Fact]
    public async Task Each_is_listed_and_told_and_one_that_goes_leaves_the_other()
    {
        var warnings = Inbox.Create(_system);
        _system.EventStream.Subscribe(warnings.Receiver, typeof(Warning));
        _nodes.Tell(new JoinNode("node", 1), _first.Receiver);
        _nodes.Tell(new JoinNode("node", 2), _second.Receiver);
        Assert.Equal([1, 2], (await ListedAsync()).Select(node => node.Slots));
        // One that was started again has the name of one that is not given up yet.
        _nodes.Tell("look");
        await ListedAsync();
        _first.Receiver.Tell("nothing so far");
        Assert.Equal("nothing so far", _first.Receive());
        _clock.Now += 30;
        _nodes.Tell(new JoinNode("node", 2), _second.Receiver); // It says so again: it is the same.
        _nodes.Tell("look");
        _nodes.Tell("look");
        Assert.Equal(("node", Name(_second)), Of((NameIsShared)_first.Receive()));
        Assert.Equal(("node", Name(_first)), Of((NameIsShared)_second.Receive()));
        Assert.Contains(Name(_second), $"{((Warning)warnings.Receive()).Message}", StringComparison.Ordinal);

        var refused = await _nodes.Ask<RegistryRefused>(new DrainMember("node"), TimeSpan.FromSeconds(10));
        Assert.False(refused.IsUnknown);
        Assert.Contains($"there are 2 nodes of this name, at {Name(_first)} and {Name(_second)}: say the address", refused.Reason, StringComparison.Ordinal);
        await _nodes.Ask<RegistryDone>(new DrainMember(Name(_second)), TimeSpan.FromSeconds(10));
        Assert.IsType<LeaveWhenIdle>(_second.Receive()); // And nothing was said twice.
        _nodes.Tell("look");
        Assert.IsType<LeaveWhenIdle>(_second.Receive()); // The first may have been lost.
        Assert.Equal([false, true], (await ListedAsync()).Select(node => node.IsDraining));

        _second.Dispose();
        while ((await ListedAsync()).Count > 1)
            await Task.Delay(10);
        Assert.Equal(1, Assert.Single(await ListedAsync()).Slots);
        await _nodes.Ask<RegistryDone>(new DrainMember("node"), TimeSpan.FromSeconds(10));
        Assert.IsType<LeaveWhenIdle>(_first.Receive());
    }

    private Task<IReadOnlyList<ListedNode>> ListedAsync() => _nodes.Ask<IReadOnlyList<ListedNode>>("list", TimeSpan.FromSeconds(10));

    private static (string, string) Of(NameIsShared shared) => (shared.Node, shared.Others);

    /// <summary>Without a network it is where it is in its system.</summary>
    private static string Name(Inbox node) => node.Receiver.Path.ToString();

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }

    private sealed class Host : UntypedActor
    {
        private readonly Registry _registry = new();
        private readonly KnownNodes _nodes;

        public Host(TimeProvider time) => _nodes = new KnownNodes(_registry, Context, time);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case JoinNode join:
                    _nodes.Join(join, Sender);
                    break;
                case "look":
                    _nodes.TellNamesakes();
                    _nodes.TellLeaving();
                    break;
                case "list":
                    Sender.Tell(_nodes.All);
                    break;
                case DrainMember drain:
                    var decision = _nodes.Drain(drain.Node);
                    decision.Events.ToList().ForEach(_registry.Apply);
                    _nodes.TellLeaving();
                    Sender.Tell(decision.Answer);
                    break;
                case Terminated gone:
                    _nodes.Forget(gone.ActorRef);
                    break;
            }
        }
    }
}
