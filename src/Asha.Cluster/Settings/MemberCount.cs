using Akka.Actor;
using Akka.Cluster;
using Asha.Actors.Metrics;

namespace Asha.Cluster.Settings;

/// <summary>Tells how many members are up, each time that it changes.</summary>
/// <param name="coordinators">So many there ought to be.</param>
/// <param name="say">Told so, in a few words.</param>
/// <param name="metrics">Is shown them, by role and state.</param>
internal sealed class MemberCount(int coordinators, Action<string> say, EngineMetrics metrics) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly MemberBook _members = new();
    private string _said = "";

    private const string Unreachable = "unreachable";

    public static Props Props(int coordinators, Action<string> say, EngineMetrics metrics) => Akka.Actor.Props.Create(() => new MemberCount(coordinators, say, metrics));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, MemberBook.Events);
        Tell();
    }

    protected override void PostStop()
    {
        metrics.ShowMembers(null);
        _cluster.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        if (!_members.Take(message))
        {
            Unhandled(message);
            return;
        }
        Tell();
    }

    private void Tell()
    {
        metrics.ShowMembers(States());
        var up = _members.Up.ToArray();
        var nodes = up.Count(member => member.HasRole(ClusterConfig.Node));
        var words = $"{up.Count(member => member.HasRole(ClusterConfig.Coordinator))} of {coordinators} coordinators up, {nodes} node{(nodes == 1 ? "" : "s")}";
        if (words == _said)
            return;
        _said = words;
        say(words);
    }

    /// <summary>Those that are up and those that cannot be reached, also where there are none; others (joining, leaving) where there are.</summary>
    private Dictionary<(string Role, string State), int> States()
    {
        var states = new Dictionary<(string, string), int>();
        foreach (var role in (string[])[ClusterConfig.Coordinator, ClusterConfig.Node])
        {
            (states[(role, "up")], states[(role, Unreachable)]) = (0, 0);
            foreach (var member in _members.All.Where(member => member.HasRole(role)))
            {
                var state = (role, _members.IsUnreachable(member) ? Unreachable : member.Status.ToString().ToLowerInvariant());
                states[state] = states.GetValueOrDefault(state) + 1;
            }
        }
        return states;
    }
}
